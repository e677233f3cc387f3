#include "daemon/notify/mailer.hpp"

#include "tests/store/fixture.hpp"

namespace kith::test {
namespace {

using namespace std::chrono_literals;

struct fake_post final : digest_sender {
    awaitable<result<void>> send(digest_target, digest_facts, std::string) override {
        co_return result<void>();
    }
    awaitable<result<void>> mail(mail_parts m) override {
        mails.push_back(std::move(m));
        if (answers.empty()) co_return result<void>();
        const auto kind = answers.front();
        answers.erase(answers.begin());
        co_return fail(kind, "as the test wants");
    }
    void stop() noexcept override {}
    std::vector<mail_parts> mails;
    std::vector<errc> answers;  ///< then success
};

class mails_to_people : public store_fixture {
 protected:
    void SetUp() override {
        store_fixture::SetUp();
        user ann;
        ann.id = 7;
        ann.login = "ann";
        ann.email = "ann@example.com";
        ann.mail_about = {"waiting"};
        people_.push_back(ann);
        begin();
    }
    void TearDown() override {
        mailer_.reset();
        store_fixture::TearDown();
    }
    /// As after a restart.
    void begin() {
        mailing_house house{"Example Ltd", "en", "UTC", "https://kith.example.com/console"};
        mailer_.emplace(
            io_.get_executor(), std::move(house), *store_, accounts_, [this] { return people_; },
            [] { return std::vector{department("support"), department("sales")}; }, post_);
    }
    static department_config department(std::string id) {
        department_config d;
        d.id = d.name = std::move(id);
        return d;
    }
    void step(timestamp at) { get(mailer_->step(at)); }
    user& ann() { return people_.front(); }
    std::vector<std::string> states() {
        std::vector<std::string> out;
        for (const auto& l : get(store_->notifications().lines(100))) out.push_back(l.kind + " " + l.state);
        return out;
    }
    void become_unsure(const std::string& id) {
        const auto d = begun(suggest(receive(id)));
        outcome o;
        o.is = outcome::kind::unsure;
        o.why = "no answer";
        get(store_->end_attempt(d.id, o));
    }

    std::vector<user> people_;
    std::deque<account> accounts_;
    fake_post post_;
    std::optional<mailer> mailer_;
};

using lines = std::vector<std::string>;

TEST_F(mails_to_people, tell_of_what_waited_long_enough_once_and_together) {
    suggest(receive("m1"));
    suggest(receive("m2"));
    step(now() + 1h);
    EXPECT_TRUE(post_.mails.empty()) << "two hours it must have waited";
    step(now() + 3h);
    ASSERT_EQ(post_.mails.size(), 1U);
    const auto& m = post_.mails[0];
    EXPECT_EQ(m.to, "ann@example.com");
    EXPECT_EQ(m.subject, "Example Ltd: 2 things need a person");
    EXPECT_NE(m.text.find("https://kith.example.com/console/s/1\n"), std::string::npos) << m.text;
    EXPECT_NE(m.text.find("https://kith.example.com/console/s/2\n"), std::string::npos) << m.text;
    EXPECT_EQ(m.text.find("how do I"), std::string::npos) << "no word of the contact's: " << m.text;
    step(now() + 4h);
    begin();
    step(now() + 5h);
    EXPECT_EQ(post_.mails.size(), 1U) << "once is enough";
    EXPECT_EQ(states(), (lines{"waiting sent", "waiting sent"}));
}

TEST_F(mails_to_people, are_not_sent_to_who_wants_none_has_no_address_or_is_disabled) {
    suggest(receive("m1"));
    const auto usual = ann();
    ann().mail_about.clear();
    step(now() + 3h);
    ann() = usual;
    ann().email.clear();
    step(now() + 3h);
    ann() = usual;
    ann().disabled = true;
    step(now() + 3h);
    EXPECT_TRUE(post_.mails.empty());
    EXPECT_TRUE(states().empty());
}

TEST_F(mails_to_people, tell_of_what_is_theirs_alone) {
    suggest(receive("m1"));
    ann().departments = {"sales"};
    step(now() + 3h);
    ann().departments = {};
    ann().accounts = {"other"};
    step(now() + 3h);
    EXPECT_TRUE(post_.mails.empty());
    ann().accounts = {"acc"};
    ann().departments = {"support"};
    step(now() + 3h);
    EXPECT_EQ(post_.mails.size(), 1U);
}

TEST_F(mails_to_people, are_tried_again_where_nothing_was_taken) {
    suggest(receive("m1"));
    post_.answers = {errc::transient};
    const auto at = now() + 3h;
    step(at);
    EXPECT_EQ(states(), lines{"waiting waiting"});
    step(at + 1s);
    EXPECT_EQ(post_.mails.size(), 1U) << "not at once";
    step(at + 3s);
    EXPECT_EQ(post_.mails.size(), 2U);
    EXPECT_EQ(post_.mails[0].id, post_.mails[1].id);
    EXPECT_EQ(states(), lines{"waiting sent"});
}

TEST_F(mails_to_people, are_not_repeated_where_they_may_have_arrived) {
    suggest(receive("m1"));
    post_.answers = {errc::unknown};
    step(now() + 3h);
    step(now() + 4h);
    EXPECT_EQ(post_.mails.size(), 1U);
    EXPECT_EQ(states(), lines{"waiting unsure"});
}

TEST_F(mails_to_people, are_not_repeated_where_we_were_killed_in_between) {
    suggest(receive("m1"));
    notify_wish wish;
    wish.hook = "mail 7";
    wish.kinds = {"waiting"};
    wish.waiting = 2h;
    get(store_->notifications().look(wish, now() + 3h));
    get(store_->notifications().begin_all("mail 7", {"waiting"}, now() + 3h, 10));
    step(now() + 3h);
    EXPECT_TRUE(post_.mails.empty());
    EXPECT_EQ(states(), lines{"waiting unsure"});
}

TEST_F(mails_to_people, are_given_up_after_a_day) {
    suggest(receive("m1"));
    post_.answers = {errc::transient};
    step(now() + 3h);
    step(now() + 28h);
    EXPECT_EQ(post_.mails.size(), 1U);
    EXPECT_EQ(states(), lines{"waiting given-up"});
}

TEST_F(mails_to_people, leave_a_minute_between_two) {
    ann().mail_about = {"unsure"};
    become_unsure("m1");
    const auto at = now() + 1s;
    step(at);
    ASSERT_EQ(post_.mails.size(), 1U);
    EXPECT_EQ(post_.mails[0].subject,
              "Example Ltd: Nobody can tell whether a reply was posted: a person must look.");
    become_unsure("m2");
    step(at + 30s);
    EXPECT_EQ(post_.mails.size(), 1U);
    step(at + 61s);
    EXPECT_EQ(post_.mails.size(), 2U);
}

TEST_F(mails_to_people, say_how_much_waits_once_a_day) {
    suggest(receive("m1"));
    ann().mail_about = {"daily"};
    ann().departments = {"support"};
    ann().language = "de";
    const auto noon = from_rfc3339("2037-03-05T12:00:00Z").value();
    step(noon);
    step(noon + 1h);
    ASSERT_EQ(post_.mails.size(), 1U);
    EXPECT_EQ(post_.mails[0].subject, "Example Ltd: Was heute wartet");
    EXPECT_NE(post_.mails[0].text.find("- support. Vorschläge: 1, Fragen: 0\n"), std::string::npos)
        << post_.mails[0].text;
    EXPECT_EQ(post_.mails[0].text.find("sales"), std::string::npos);
    step(noon + 19h);
    EXPECT_EQ(post_.mails.size(), 1U);
    step(noon + 20h);
    EXPECT_EQ(post_.mails.size(), 2U) << "at eight";
}

TEST(a_notice_mail, escapes_what_stands_in_its_html) {
    notices n;
    n.house = "A & B";
    n.link = "https://kith.example.com/console";
    notification one;
    one.kind = "waiting";
    one.body =
        R"({"suggestion": {"title": "<b>Sign in</b>", "url": "https://kith.example.com/console/s/1"}})";
    n.news.push_back(one);
    const auto m = write_notices(n);
    EXPECT_NE(m.html.find("&lt;b&gt;Sign in&lt;/b&gt;"), std::string::npos) << m.html;
    EXPECT_EQ(m.html.find("<b>"), std::string::npos);
    EXPECT_EQ(m.subject, "A & B: A suggestion waits for a person.");
}

}  // namespace
}  // namespace kith::test
