#include "daemon/config/config.hpp"
#include "daemon/model/sha256.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace kith {
namespace {

using namespace std::chrono_literals;

class department_settings : public ::testing::Test {
 protected:
    void SetUp() override {
        std::filesystem::create_directory(folder_);
        ::setenv("KITH_TEST_SECRET", "sesame", 1);
    }
    void TearDown() override {
        ::unsetenv("KITH_TEST_SECRET");
        std::filesystem::remove_all(folder_);
    }
    config load(const std::string& text) {
        const auto path = (folder_ / "kith.yaml").string();
        std::ofstream(path) << "house: {name: X}\n" << text;
        return load_config(path, found_);
    }
    /// The first finding for a department's text, without the file's name.
    std::string wrong(const std::string& department, const std::string& rest = {}) {
        found_ = {};
        load("departments:\n  - " + department + "\n" + rest);
        if (found_.empty()) return "";
        const auto& f = found_.all().front();
        return std::to_string(f.at.line) + ":" + std::to_string(f.at.column) + ": " + f.what;
    }
    std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("kith-dep-" + random_base32(10));
    yaml::findings found_;
};

TEST_F(department_settings, are_read_whole) {
    const auto d = load(
        "departments:\n"
        "  - id: support\n"
        "    name: The Support\n"
        "    languages: [en, de]\n"
        "    digest: {every: week, on: friday, at: \"07:45\", zone: Europe/Berlin, to: {file: "
        "\"d/{date}.txt\"}}\n"
        "  - {id: billing, digest: {to: {webhook: \"https://example.com/x\", secret: "
        "env:KITH_TEST_SECRET}}}\n"
        "  - {id: press, digest: {to: {email: press@example.com}}}\n"
        "mail: {server: \"smtp://mail.example.com:587\", user: kith, password: env:KITH_TEST_SECRET,"
        " from: kith@example.com}\n"
        "answers: {notice: 30d}\n");
    EXPECT_TRUE(found_.empty()) << found_.text();
    ASSERT_EQ(d.departments.size(), 3U);
    const auto& first = d.departments[0];
    EXPECT_EQ(first.name, "The Support");
    EXPECT_EQ(first.languages, (std::vector<std::string>{"en", "de"}));
    ASSERT_TRUE(first.digest);
    EXPECT_TRUE(first.digest->when.weekly);
    EXPECT_EQ(first.digest->when.on, std::chrono::Friday);
    EXPECT_EQ(first.digest->when.at, 465min);
    EXPECT_EQ(first.digest->to.where, (folder_ / "state/d/{date}.txt").string());
    EXPECT_EQ(d.departments[1].name, "billing");
    EXPECT_EQ(d.departments[1].digest->when.at, 480min);
    EXPECT_FALSE(d.departments[1].digest->when.weekly);
    EXPECT_EQ(d.departments[1].digest->to.secret, "sesame");
    EXPECT_EQ(d.departments[2].digest->to.is, digest_target::kind::email);
    EXPECT_EQ(d.mail.password, "sesame");
    EXPECT_EQ(d.answer_notice, 30 * 24h);
}

TEST_F(department_settings, without_any_there_is_no_mail_and_two_weeks_of_notice) {
    const auto c = load("");
    EXPECT_TRUE(found_.empty()) << found_.text();
    EXPECT_TRUE(c.departments.empty());
    EXPECT_EQ(c.mail.server, "");
    EXPECT_EQ(c.answer_notice, 14 * 24h);
}

TEST_F(department_settings, that_are_wrong_are_named_at_their_place) {
    EXPECT_EQ(wrong("{id: Support}"), "3:10: 'Support' is no id");
    EXPECT_EQ(wrong("{id: a, languages: [English]}"), "3:24: 'English' is not a language");
    EXPECT_EQ(wrong("{id: a}\n  - {id: a}"), "4:5: there are two departments 'a'");
    EXPECT_EQ(wrong("{id: a, digest: {to: {file: x}, at: \"24:00\"}}"), "3:41: '24:00' is no time of day");
    EXPECT_EQ(wrong("{id: a, digest: {to: {file: x}, at: \"23:59\"}}"), "");
    EXPECT_EQ(wrong("{id: a, digest: {to: {file: x}, at: \"8:00\"}}"), "3:41: '8:00' is no time of day");
    EXPECT_EQ(wrong("{id: a, digest: {to: {file: x}, zone: Mars/Base}}"),
              "3:43: there is no time zone 'Mars/Base'");
    EXPECT_EQ(wrong("{id: a, digest: {to: {file: x}, on: monday}}"), "3:41: `on` is for a weekly digest");
    EXPECT_EQ(wrong("{id: a, digest: {to: {file: x, email: a@b.c}}}"),
              "3:26: a digest goes to exactly one place");
    EXPECT_EQ(wrong("{id: a, digest: {to: {}}}"), "3:26: a digest goes to exactly one place");
    EXPECT_EQ(wrong("{id: a, digest: {to: {email: a b@c.d}}}", "mail: {server: \"smtps://h\", from: a@b.c}"),
              "3:34: `email` is no mail address");
}

TEST_F(department_settings, a_webhook_is_called_over_tls_or_on_this_machine) {
    const auto hook = [&](const std::string& url) {
        return wrong("{id: a, digest: {to: {webhook: \"" + url + "\", secret: env:KITH_TEST_SECRET}}}");
    };
    EXPECT_EQ(hook("http://example.com/x"), "3:36: `webhook` is no safe web address");
    EXPECT_EQ(hook("http://127.0.0.1.example.com/x"), "3:36: `webhook` is no safe web address");
    EXPECT_EQ(hook("ftp://example.com/x"), "3:36: `webhook` is no safe web address");
    EXPECT_EQ(hook("https://example.com/x"), "");
    EXPECT_EQ(hook("http://127.0.0.1:9/x"), "");
    EXPECT_EQ(hook("http://localhost:9/x"), "");
}

TEST_F(department_settings, a_digest_by_mail_needs_a_mail_server) {
    EXPECT_EQ(wrong("{id: a, digest: {to: {email: a@b.c}}}"),
              "3:5: the digest of 'a' goes by mail, and there is no mail server");
    EXPECT_EQ(wrong("{id: a}", "mail: {server: \"https://x\", from: a@b.c}"),
              "4:16: `server` is no mail server");
    EXPECT_EQ(wrong("{id: a}", "mail: {server: \"smtps://1.2.3.4x\", from: a@b.c}"),
              "4:16: `server` is no mail server");
    EXPECT_EQ(wrong("{id: a}", "mail: {server: \"smtps://1.2.3.4/\", from: a@b.c}"), "");
    EXPECT_EQ(wrong("{id: a}", "mail: {server: \"smtps://u:p@x\", from: a@b.c}"),
              "4:16: `server` is no mail server");
    EXPECT_EQ(wrong("{id: a}", "mail: {server: \"smtps://x:465\", from: a@b.c, user: u, password: open}"),
              "4:65: password: a secret must not stand in this file");
}

}  // namespace
}  // namespace kith
