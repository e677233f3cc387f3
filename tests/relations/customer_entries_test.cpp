#include "daemon/relations/customer_entries.hpp"

#include <gtest/gtest.h>

namespace kith {
namespace {

class customers_csv : public ::testing::Test {
 protected:
    std::vector<customer_entry> read(const std::string& text) {
        std::vector<customer_entry> out;
        const auto rows = read_customers_csv(text, "c.csv", found_);
        for (const auto& r : rows) out.push_back(to_entry(r, "c.csv", {"square", "blue"}, at_, found_));
        return out;
    }
    std::string said() {
        auto all = found_.text();
        found_ = {};
        return all;
    }
    static constexpr const char* head =
        "account,identity,handle,product,bought_at,consent_how,consent_at,zone\n";
    timestamp at_ = from_rfc3339("2026-11-23T12:00:00Z").value();
    yaml::findings found_;
};

TEST_F(customers_csv, are_read_with_all_that_they_say) {
    const auto all = read(std::string(head) +
                          "square,u1,,pro,2026-11-20,\"ticked \"\"yes\"\", in the "
                          "form\",2026-11-19T10:00:00+01:00,Europe/Berlin\r\n"
                          "\n"
                          " blue , ,ann.example,,,by letter,2026-01-02,\n");
    ASSERT_EQ(said(), "");
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].identity, "u1");
    EXPECT_EQ(all[0].product, "pro");
    EXPECT_EQ(all[0].bought_at, from_rfc3339("2026-11-20T00:00:00Z"));
    EXPECT_EQ(all[0].consent.how, "ticked \"yes\", in the form");
    EXPECT_EQ(all[0].consent.at, from_rfc3339("2026-11-19T09:00:00Z"));
    EXPECT_EQ(all[0].zone, "Europe/Berlin");
    EXPECT_EQ(all[1].account, "blue");
    EXPECT_EQ(all[1].handle, "ann.example");
    EXPECT_FALSE(all[1].bought_at);
}

TEST_F(customers_csv, may_have_semicolons_and_a_byte_order_mark) {
    const auto all = read(
        "\xEF\xBB\xBF"
        "account;identity;consent_how;consent_at\nsquare;u1;by letter, signed;2026-01-02\n");
    ASSERT_EQ(said(), "");
    EXPECT_EQ(all.at(0).consent.how, "by letter, signed");
}

TEST_F(customers_csv, without_a_consent_are_refused_at_their_place) {
    read(std::string(head) + "square,u1,,pro,2026-11-20,,,\n");
    EXPECT_EQ(
        said(),
        "c.csv:2:27: consent_how is empty; say how they agreed: without a consent nobody is a customer here\n"
        "c.csv:2:28: consent_at is empty; say when they agreed, as 2026-11-20\n");
}

TEST_F(customers_csv, cannot_have_agreed_in_the_future) {
    EXPECT_EQ(read(std::string(head) + "square,u1,,,,x,2026-11-23T12:00:00Z,\n").size(), 1U);
    EXPECT_EQ(said(), "");
    read(std::string(head) + "square,u1,,,,x,2026-11-23T12:00:01Z,\n");
    EXPECT_EQ(
        said(),
        "c.csv:2:16: consent_at lies in the future: 2026-11-23T12:00:01Z; give the day on which it was\n");
}

TEST_F(customers_csv, tell_all_that_is_wrong_at_once) {
    read(std::string(head) +
         "sqare,,,,2026-13-01,x,2026-01-01,Nowhere/Land\n"
         "square,u1,,pro,,x,yesterday,\n");
    EXPECT_EQ(
        said(),
        "c.csv:2:1: there is no account 'sqare'; did you mean 'square'?\n"
        "c.csv:2:7: neither identity nor handle says who it is; give the platform's own id of them, or the "
        "handle under which they wrote to us\n"
        "c.csv:2:10: bought_at is no date: '2026-13-01'; write it as 2026-11-20, or as 2026-11-20T10:15:00Z\n"
        "c.csv:2:34: 'Nowhere/Land' is no time zone; write it as Europe/Berlin\n"
        "c.csv:3:16: it does not say when they bought pro; add the date\n"
        "c.csv:3:19: consent_at is no date: 'yesterday'; write it as 2026-11-20, or as "
        "2026-11-20T10:15:00Z\n");
}

TEST_F(customers_csv, with_a_broken_head_are_not_guessed_at) {
    read("acount,identity,identity,consent_how\n");
    const auto all = said();
    EXPECT_NE(all.find("c.csv:1:1: unknown column 'acount'; did you mean 'account'?"), std::string::npos)
        << all;
    EXPECT_NE(all.find("c.csv:1:17: a second column 'identity'"), std::string::npos) << all;
    EXPECT_NE(all.find("there is no column 'consent_at'"), std::string::npos) << all;
}

TEST_F(customers_csv, with_a_broken_line_are_refused) {
    read("account,identity,consent_how,consent_at\nsquare,u1,x\n");
    EXPECT_NE(said().find("c.csv:2:1: this line has 3 fields, the first line has 4"), std::string::npos);
    read("account,identity,consent_how,consent_at\nsquare,u1,\"x,2026-01-01\n");
    EXPECT_NE(said().find("c.csv:2:11: a quote is not closed"), std::string::npos);
    read("account,identity,consent_how,consent_at\nsquare,u1,\"x\"y,2026-01-01\n");
    EXPECT_NE(said().find("c.csv:2:14: a quote is not closed, or something follows it"), std::string::npos);
    read("account,identity\n\xff");
    EXPECT_NE(said().find("c.csv:2:1: "), std::string::npos);
}

TEST_F(customers_csv, no_bytes_break_the_reader) {
    const std::string alphabet = "a,;\"\n\r \t\xC3\xA9";
    std::uint64_t seed = 42;
    for (int round = 0; round < 3000; ++round) {
        std::string text = round % 2 ? head : "";
        for (int i = 0; i < 40; ++i) {
            seed = seed * 6364136223846793005U + 1442695040888963407U;
            text += alphabet[(seed >> 33U) % alphabet.size()];
        }
        read(text);
        said();
    }
}

}  // namespace
}  // namespace kith
