#include "daemon/console/figure.hpp"

#include <gtest/gtest.h>

namespace kith::console {
namespace {

TEST(figure_csv, has_a_header_line_and_quotes_what_needs_it) {
    figure_part p{"rows", {"playbook", "reason", "count"}, {}};
    p.rows.push_back({{"sign-in", ""}, {"too long, \"really\"", ""}, {3, ""}});
    p.rows.push_back({{"two\r\nlines", ""}, {nullptr, ""}, {0.5, ""}});
    EXPECT_EQ(
        to_csv(p),
        "playbook,reason,count\r\nsign-in,\"too long, \"\"really\"\"\",3\r\n\"two\r\nlines\",,5E-1\r\n");
}

TEST(figure_csv, is_run_by_no_spreadsheet) {
    for (const std::string begin : {"=", "+", "-", "@", "\t"}) {
        figure_part p{"rows", {"reason"}, {}};
        p.rows.push_back({{begin + "1+1", ""}});
        EXPECT_EQ(to_csv(p), "reason\r\n'" + begin + "1+1\r\n");
    }
    figure_part numbers{"rows", {"change"}, {}};
    numbers.rows.push_back({{-3, ""}});
    EXPECT_EQ(to_csv(numbers), "change\r\n-3\r\n") << "a number is no formula";
}

TEST(figure_json, names_what_stands_behind_each_figure) {
    figure f;
    f.name = "queue-over-time";
    f.unit = "messages";
    f.more["goal"] = nullptr;
    f.parts.push_back(
        {"steps", {"day", "came"}, {{{"2026-11-23", ""}, {2, "figure=queue-over-time&set=came"}}}});
    const auto v = view(f);
    EXPECT_TRUE(v.at("goal").is_null());
    const auto& row = v.at("steps").at(0);
    EXPECT_EQ(row.at("came").as_int64(), 2);
    EXPECT_EQ(row.at("items").at("came").as_string(), "figure=queue-over-time&set=came");
    EXPECT_FALSE(row.at("items").as_object().contains("day"));
}

TEST(figure_items, are_asked_for_with_a_safe_query) {
    EXPECT_EQ(items_query({{"figure", "x"}, {"playbook", ""}, {"reason", "a&b=c"}}),
              "figure=x&reason=a%26b%3Dc");
}

}  // namespace
}  // namespace kith::console
