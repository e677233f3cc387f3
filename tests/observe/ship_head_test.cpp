#include "daemon/observe/ship_head.hpp"

#include "daemon/model/sha256.hpp"
#include "tests/support/coroutine.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace kith {
namespace {

/// A record of which only the head is asked.
class only_a_head final : public audit_store {
 public:
    awaitable<result<std::vector<audit::entry>>> entries(std::int64_t, std::size_t, bool) override {
        co_return std::vector<audit::entry>{};
    }
    awaitable<result<std::vector<audit::entry>>> find(audit_filter) override {
        co_return std::vector<audit::entry>{};
    }
    awaitable<result<audit::head>> head() override { co_return now_; }
    awaitable<result<>> shown(std::int64_t, std::int64_t, std::string) override { co_return result<>{}; }
    audit::head now_{7, std::string(64, 'a'), from_micros(1'790'000'000'000'000)};
};

class shipping_a_head : public ::testing::Test {
 protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() / ("kith-ship-" + random_base32(10));
        std::filesystem::create_directory(folder_);
        to_.file = (folder_ / "heads.jsonl").string();
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::vector<std::string> lines() const {
        std::vector<std::string> out;
        std::ifstream in(to_.file);
        for (std::string line; std::getline(in, line);) out.push_back(line);
        return out;
    }
    asio::io_context io_{1};
    std::filesystem::path folder_;
    only_a_head record_;
    ship_config to_;
};

TEST_F(shipping_a_head, adds_a_line_to_the_file_each_time) {
    head_shipper shipper(record_, to_, io_.get_executor());
    ASSERT_TRUE(test::run(io_, shipper.ship()).has_value());
    record_.now_.number = 8;
    record_.now_.hash = std::string(64, 'b');
    ASSERT_TRUE(test::run(io_, shipper.ship()).has_value());
    ASSERT_EQ(lines().size(), 2U);
    const auto second = boost::json::parse(lines()[1]);
    EXPECT_EQ(second.at("number").as_int64(), 8);
    EXPECT_EQ(second.at("hash").as_string(), std::string(64, 'b'));
    EXPECT_EQ(second.at("at").as_string(), to_rfc3339(record_.now_.at));
    EXPECT_EQ(shipper.status().last.number, 8);
    EXPECT_TRUE(shipper.status().shipped_at);
}

TEST_F(shipping_a_head, tells_of_failures_until_one_succeeds) {
    const auto away = folder_ / "share";
    to_.file = (away / "heads.jsonl").string();
    head_shipper shipper(record_, to_, io_.get_executor());
    for (int i = 0; i < 2; ++i) EXPECT_TRUE(test::run(io_, shipper.ship()).has_error());
    EXPECT_EQ(shipper.status().failures, 2);
    EXPECT_EQ(shipper.status().error, "cannot write to " + to_.file + ": No such file or directory");
    EXPECT_FALSE(shipper.status().shipped_at);
    std::filesystem::create_directory(away);
    EXPECT_TRUE(test::run(io_, shipper.ship()).has_value());
    EXPECT_EQ(shipper.status().failures, 0);
    EXPECT_EQ(shipper.status().error, "");
}

TEST_F(shipping_a_head, ends_at_once_where_nothing_is_to_be_shipped) {
    head_shipper shipper(record_, {}, io_.get_executor());
    test::run(io_, shipper.run());
    EXPECT_FALSE(shipper.status().shipped_at);
}

}  // namespace
}  // namespace kith
