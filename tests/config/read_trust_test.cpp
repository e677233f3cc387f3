#include "daemon/config/read_trust.hpp"

#include <gtest/gtest.h>

namespace kith {
namespace {

class trust_configuration : public ::testing::Test {
 protected:
    config read(const std::string& text) {
        config made;
        made.file = "/etc/kith/kith.yaml";
        const auto document = yaml::parse(text, made.file, found_);
        yaml::map_reader top(document, made.file, "kith.yaml", found_);
        read_brakes(made, top);
        read_audit(made, top);
        top.done();
        return made;
    }
    std::string said() const { return found_.text(); }
    yaml::findings found_;
};

TEST_F(trust_configuration, has_defaults_and_ships_nothing) {
    const auto c = read("{}");
    EXPECT_TRUE(found_.empty()) << said();
    EXPECT_EQ(c.brakes.rejections.percent, 50);
    EXPECT_EQ(c.brakes.rejections.of_last, 20);
    EXPECT_EQ(c.brakes.complaints.percent, 10);
    EXPECT_EQ(c.brakes.opt_outs.percent, 5);
    EXPECT_FALSE(c.ship.wanted());
}

TEST_F(trust_configuration, reads_each_bound_and_keeps_the_default_of_what_is_left_out) {
    const auto c = read(
        "brakes:\n  rejections: {over: 0%, of_last: 1}\n  complaints: {over: 100%}\n  opt_outs: {of_last: "
        "1000}\n");
    EXPECT_TRUE(found_.empty()) << said();
    EXPECT_EQ(c.brakes.rejections.percent, 0);
    EXPECT_EQ(c.brakes.rejections.of_last, 1);
    EXPECT_EQ(c.brakes.complaints.percent, 100);
    EXPECT_EQ(c.brakes.complaints.of_last, 20);
    EXPECT_EQ(c.brakes.opt_outs.percent, 5);
    EXPECT_EQ(c.brakes.opt_outs.of_last, 1000);
}

TEST_F(trust_configuration, refuses_what_is_no_share) {
    for (const std::string wrong : {"101%", "-1%", "50", "50.5%", "half", "%", "50%%"}) {
        found_ = {};
        read("brakes: {rejections: {over: '" + wrong + "'}}");
        EXPECT_NE(said().find("'" + wrong + "' is no share"), std::string::npos) << wrong << ": " << said();
    }
}

TEST_F(trust_configuration, refuses_a_window_of_nothing_and_one_too_long) {
    read("brakes: {rejections: {of_last: 0}, complaints: {of_last: 1001}}");
    EXPECT_EQ(found_.all().size(), 2U) << said();
}

TEST_F(trust_configuration, names_an_unknown_key_at_its_place) {
    read("brakes:\n  rejection: {over: 50%}\n");
    EXPECT_NE(said().find("kith.yaml:2:3: "), std::string::npos) << said();
}

TEST_F(trust_configuration, ships_to_a_file_beside_the_configuration) {
    const auto c = read("audit: {ship: {every: 10m, to: {file: heads.jsonl}}}");
    EXPECT_TRUE(found_.empty()) << said();
    EXPECT_EQ(c.ship.file, "/etc/kith/heads.jsonl");
    EXPECT_EQ(c.ship.every, std::chrono::minutes{10});
    EXPECT_TRUE(c.ship.wanted());
}

TEST_F(trust_configuration, ships_to_a_web_address_every_hour) {
    const auto c = read("audit: {ship: {to: {url: 'https://elsewhere.example/heads'}}}");
    EXPECT_TRUE(found_.empty()) << said();
    EXPECT_EQ(c.ship.url, "https://elsewhere.example/heads");
    EXPECT_EQ(c.ship.every, std::chrono::hours{1});
}

TEST_F(trust_configuration, ships_to_exactly_one_place) {
    read("audit: {ship: {to: {}}}");
    EXPECT_NE(said().find("write either file: or url:"), std::string::npos) << said();
    found_ = {};
    read("audit: {ship: {to: {file: a, url: 'https://b.example/'}}}");
    EXPECT_NE(said().find("write either file: or url:"), std::string::npos) << said();
    found_ = {};
    read("audit: {ship: {every: 1h}}");
    EXPECT_FALSE(found_.empty());
}

TEST_F(trust_configuration, refuses_what_is_no_web_address) {
    for (const std::string wrong : {"elsewhere", "ftp://elsewhere.example/", "unix:/run/x:/"}) {
        found_ = {};
        read("audit: {ship: {to: {url: '" + wrong + "'}}}");
        EXPECT_NE(said().find("is no web address"), std::string::npos) << wrong << ": " << said();
    }
}

}  // namespace
}  // namespace kith
