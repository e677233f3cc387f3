#include "daemon/digest/render.hpp"

#include "daemon/digest/mail_text.hpp"
#include "daemon/digest/send.hpp"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>
#include <sodium.h>

namespace kith {
namespace {

using namespace std::chrono_literals;

timestamp at(std::string_view text) {
    return from_rfc3339(text).value();
}

digest_facts sample() {
    digest_facts f;
    f.house = "Example Ltd";
    f.department = "support";
    f.name = "Support";
    f.zone = "Europe/Berlin";
    f.link = "https://kith.example.com/console";
    f.since = at("2026-11-22T07:00:00Z");
    f.until = f.at = at("2026-11-23T07:00:00Z");
    f.counts.open = 3;
    f.counts.oldest_open = f.at - 119min;
    f.counts.waiting = 1;
    f.period = {5, 2, 1, 1, 0};
    question q;
    q.id = 7;
    q.message_id = 11;
    q.asked_by = "ann";
    q.asked_at = f.at - 49h;
    q.text = "is this <b>still</b>\nso?";
    f.waiting = {q};
    f.unanswered = {{12, "site-chat", f.at - 3h, "bug-report", "support", "rejected"}};
    f.unanswered_count = 4;
    answer_standing near{"reset-password", "support", std::chrono::year{2026} / 11 / 30, 7, answer_age::due};
    answer_standing past{"status", "support", std::chrono::year{2026} / 11 / 22, -1, answer_age::stale};
    answer_standing fresh{"contact", "support", std::chrono::year{2027} / 11 / 22, 364, answer_age::current};
    f.answers = {near, past, fresh};
    f.outcome["reset-password"] = {4, 2, 1, 1};
    return f;
}

TEST(digest, tells_in_text_what_waits_what_was_asked_and_what_the_answers_did) {
    EXPECT_EQ(
        digest_text(sample()),
        "Support at Example Ltd, 2026-11-22 to 2026-11-23\n"
        "\n"
        "Your queue\n"
        "  - 3 messages wait for a decision, the oldest for 119 minutes.\n"
        "  - In this time: 5 messages with a suggestion, 2 replies posted, 1 rejected; 1 question asked,"
        " 0 answered.\n"
        "\n"
        "You were asked, and have not answered: 1 question\n"
        "  - Question 7, by ann 2 days ago, about message 11: is this <b>still</b> so?\n"
        "\n"
        "Nobody answered: 4 messages\n"
        "  - Message 12 on site-chat, 3 hours old: rejected, playbook bug-report\n"
        "  - ... and 3 more.\n"
        "\n"
        "Answers to review\n"
        "  - reset-password (2026-11-30): to be reviewed within 7 days.\n"
        "  - status (2026-11-22): past its review day for 1 day: not suggested any more.\n"
        "\n"
        "What your answers did\n"
        "  - reset-password: solved 2 of 4, not solved 1, undecided 1.\n"
        "\n"
        "https://kith.example.com/console\n");
    EXPECT_EQ(digest_subject(sample()), "Support: 3 waiting, 1 question, 4 unanswered");
}

TEST(digest, makes_no_markup_of_what_somebody_wrote) {
    const auto html = digest_html(sample());
    EXPECT_EQ(html.find("<b>"), std::string::npos);
    EXPECT_NE(html.find("is this &lt;b&gt;still&lt;/b&gt; so?"), std::string::npos);
    EXPECT_EQ(html.find("<script"), std::string::npos);
}

TEST(digest, gives_programs_every_count_with_its_denominator) {
    const auto v = digest_json(sample());
    EXPECT_EQ(v.at("questions").at("count"), 1);
    EXPECT_EQ(v.at("unanswered").at("count"), 4);
    EXPECT_EQ(v.at("answers").as_array().size(), 3U);
    EXPECT_EQ(v.at("answers").at(0).at("posted"), 4);
    EXPECT_EQ(v.at("answers").at(0).at("solved"), 2);
    EXPECT_EQ(v.at("answers").at(2).at("posted"), 0);
    EXPECT_EQ(v.at("since"), "2026-11-22T07:00:00Z");
}

TEST(digest, says_ages_in_the_unit_that_fits) {
    EXPECT_EQ(spoken_age(1min), "1 minute");
    EXPECT_EQ(spoken_age(2h - 1us), "119 minutes");
    EXPECT_EQ(spoken_age(2h), "2 hours");
    EXPECT_EQ(spoken_age(48h - 1us), "47 hours");
    EXPECT_EQ(spoken_age(48h), "2 days");
    EXPECT_EQ(spoken_age(-5min), "0 minutes");
}

TEST(digest, a_file_may_have_the_day_in_its_name_and_is_what_its_ending_says) {
    const auto f = sample();
    EXPECT_EQ(file_of({digest_target::kind::file, "/d/{date}.txt", ""}, f), "/d/2026-11-23.txt");
    EXPECT_EQ(file_of({digest_target::kind::file, "/d/{date}/{date}", ""}, f), "/d/2026-11-23/2026-11-23");
    EXPECT_EQ(file_text("x.txt", f), digest_text(f));
    EXPECT_EQ(file_text("x.html", f), digest_html(f));
    EXPECT_EQ(file_text("x.json", f), boost::json::serialize(digest_json(f)) + "\n");
}

/// RFC 4231, test case 2.
TEST(digest, is_signed_as_the_standard_says) {
    EXPECT_EQ(signature_of("Jefe", "what do ya want for nothing?"),
              "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(mail_text, no_line_is_long_and_no_subject_ends_the_header) {
    mail_parts m;
    m.from = "kith@example.com";
    m.to = "team@example.com";
    m.id = "digest.support.1@example.com";
    m.subject = "Grüße an die Abteilung für Rückfragen und Störungen 🌍: 3\r\nBcc: all@example.com";
    m.text = std::string(500, 'x');
    m.html = "<p>.</p>";
    m.at = at("2026-11-23T07:00:00Z");
    const auto text = mail_text(m);
    std::size_t longest = 0, from = 0;
    for (std::size_t end; (end = text.find("\r\n", from)) != std::string::npos; from = end + 2) {
        longest = std::max(longest, end - from);
        EXPECT_EQ(text.substr(from, end - from).find('\n'), std::string::npos);
    }
    EXPECT_EQ(from, text.size()) << "the last line is not ended";
    EXPECT_LE(longest, 76U);
    EXPECT_EQ(text.find("Bcc"), std::string::npos);
    EXPECT_NE(text.find("\r\nDate: Mon, 23 Nov 2026 07:00:00 +0000\r\n"), std::string::npos);
    EXPECT_NE(text.find("\r\nMessage-ID: <digest.support.1@example.com>\r\n"), std::string::npos);
}

}  // namespace
}  // namespace kith
