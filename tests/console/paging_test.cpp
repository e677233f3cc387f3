#include "daemon/console/paging.hpp"

#include <gtest/gtest.h>

namespace kith::console {
namespace {

net::server_request asked(std::string path, std::string query) {
    net::server_request r;
    r.method = "GET";
    r.path = std::move(path);
    r.query = std::move(query);
    return r;
}

std::string field_of(const result<wanted_part>& r) {
    return r.has_error() && !r.error().fields.empty() ? r.error().fields.front().field : "";
}

std::string next_of(const std::string& query, const std::string& last) {
    const auto part = wanted_part::of(asked("/api/v1/contacts", query)).value();
    return std::string(part.answer({}, last, true).at("next").as_string());
}

TEST(paging, gives_fifty_unless_asked_for_another_number) {
    EXPECT_EQ(wanted_part::of(asked("/a", "")).value().limit, 50U);
    EXPECT_EQ(wanted_part::of(asked("/a", "limit=200")).value().limit, 200U);
    for (const char* wrong : {"limit=0", "limit=201", "limit=-1", "limit=ten", "limit=5x"})
        EXPECT_EQ(field_of(wanted_part::of(asked("/a", wrong))), "limit") << wrong;
}

TEST(paging, a_cursor_brings_back_its_key) {
    const auto next = next_of("account=a&limit=3", "1234");
    EXPECT_EQ(next.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"),
              std::string::npos)
        << next;
    // The limit may change on the way; so may the order of the parameters.
    const auto part = wanted_part::of(asked("/api/v1/contacts", "limit=9&cursor=" + next + "&account=a"));
    EXPECT_EQ(part.value().after, "1234");
    EXPECT_EQ(part.value().after_number(), 1234);
}

TEST(paging, a_cursor_of_something_else_is_refused) {
    const auto next = next_of("account=a", "1234");
    for (const auto& [path, query] :
         {std::pair<std::string, std::string>{"/api/v1/customers", "account=a&cursor=" + next},
          {"/api/v1/contacts", "account=b&cursor=" + next},
          {"/api/v1/contacts", "cursor=" + next},
          {"/api/v1/contacts", "account=a&cursor=" + next.substr(4)},
          {"/api/v1/contacts", "account=a&cursor=1234"},
          {"/api/v1/contacts", "account=a&cursor=%FF%00"}})
        EXPECT_EQ(field_of(wanted_part::of(asked(path, query))), "cursor") << path << "?" << query;
}

TEST(paging, the_last_part_has_no_next) {
    const auto part = wanted_part::of(asked("/a", "")).value();
    EXPECT_TRUE(part.answer({}, "7", false).at("next").is_null());
}

TEST(paging, goes_through_a_list_that_is_made_whole_each_time_and_loses_nothing_that_stays) {
    std::vector<keyed_item> all;
    for (std::int64_t n = 12; n > 0; --n) all.push_back({sortable(n), n});
    const auto first = part_of(all, wanted_part::of(asked("/a", "limit=5")).value());
    EXPECT_EQ(first.at("items").as_array(), (boost::json::array{1, 2, 3, 4, 5}));
    const auto next = std::string(first.at("next").as_string());
    std::erase_if(all, [](const keyed_item& i) { return i.item == 5; });  // the one that the cursor names
    const auto second = part_of(all, wanted_part::of(asked("/a", "limit=5&cursor=" + next)).value());
    EXPECT_EQ(second.at("items").as_array(), (boost::json::array{6, 7, 8, 9, 10}));
    const auto last = part_of(all, wanted_part::of(asked("/a", "cursor=" + next)).value());
    EXPECT_TRUE(last.at("next").is_null());
    EXPECT_EQ(last.at("items").as_array().size(), 7U);
}

}  // namespace
}  // namespace kith::console
