#include "daemon/console/stats_query.hpp"

#include <gtest/gtest.h>

namespace kith::console {
namespace {

using namespace std::chrono_literals;

class a_stats_query : public ::testing::Test {
 protected:
    result<stats_query> read(const std::string& query) {
        net::server_request r;
        r.query = query;
        return read_stats_query(r, by_, "Europe/Berlin", at_);
    }
    std::string said(const std::string& query) {
        const auto q = read(query);
        return q.has_error() ? q.error().what : "";
    }
    identity by_;
    timestamp at_ = from_rfc3339("2026-11-23T11:30:00Z").value();
};

TEST_F(a_stats_query, is_of_the_last_thirty_days_in_the_houses_zone) {
    const auto q = read("").value();
    EXPECT_EQ(q.to(), at_);
    EXPECT_EQ(q.from(), from_rfc3339("2026-10-24T22:00:00Z").value()) << "summer time then";
    EXPECT_EQ(q.filter.borders.size(), 31U);
    EXPECT_EQ(read("to=2026-11-30").value().filter.borders.size(), 31U) << "and until a day's end";
}

TEST_F(a_stats_query, takes_days_whole_in_the_zone_that_is_asked_for) {
    auto q = read("from=2026-10-25&to=2026-10-25").value();
    EXPECT_EQ(q.to() - q.from(), 25h) << "the clocks go back in Berlin";
    EXPECT_EQ(q.filter.borders.size(), 2U);
    q = read("from=2026-10-25&to=2026-10-26&zone=UTC").value();
    EXPECT_EQ(q.to() - q.from(), 48h);
    EXPECT_EQ(q.filter.borders.size(), 3U);
    q = read("from=2026-11-01T10:00:00Z&to=2026-11-02T10:00:00Z").value();
    EXPECT_EQ(q.filter.borders.at(1), from_rfc3339("2026-11-01T23:00:00Z").value());
}

TEST_F(a_stats_query, says_what_is_wrong_with_it) {
    EXPECT_NE(said("from=yesterday").find("from: give a day"), std::string::npos);
    EXPECT_NE(said("to=2026-02-30").find("to: give a day"), std::string::npos);
    EXPECT_NE(said("zone=Mars").find("zone: there is no time zone 'Mars'"), std::string::npos);
    EXPECT_NE(said("from=2026-11-02T00:00:00Z&to=2026-11-02T00:00:00Z").find("before"), std::string::npos);
    EXPECT_EQ(said("from=2025-10-20&to=2026-11-23&zone=UTC"), "") << "400 days";
    EXPECT_NE(said("from=2025-10-19&to=2026-11-23&zone=UTC").find("at most 400 days"), std::string::npos);
}

TEST_F(a_stats_query, shows_nobody_more_than_is_theirs) {
    by_.departments = {"support", "billing"};
    EXPECT_EQ(read("").value().filter.departments, by_.departments);
    EXPECT_EQ(read("department=billing").value().filter.departments, std::vector<std::string>{"billing"});
    EXPECT_EQ(read("department=sales").error().kind, errc::not_found);
    by_.departments.clear();
    by_.accounts = {"chat"};
    EXPECT_EQ(read("account=other").error().kind, errc::not_found);
    EXPECT_EQ(read("department=sales").value().filter.accounts, by_.accounts);
}

TEST_F(a_stats_query, pages_by_a_cursor_of_its_own_list) {
    net::server_request r;
    const auto cursor = item_cursor("path-flow", at_, 7);
    r.query = "limit=200&cursor=" + cursor;
    const auto page = read_item_page(r, "path-flow").value();
    EXPECT_EQ(page.limit, 200U);
    EXPECT_EQ(page.after_at, at_);
    EXPECT_EQ(page.after_id, 7);
    EXPECT_TRUE(read_item_page(r, "unanswered").has_error());
    for (const auto* query :
         {"limit=0", "limit=201", "limit=x", "cursor=x", "cursor=path-flow.1", "cursor=.."}) {
        r.query = query;
        EXPECT_TRUE(read_item_page(r, "path-flow").has_error()) << query;
    }
}

}  // namespace
}  // namespace kith::console
