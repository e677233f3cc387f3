#include "daemon/model/time.hpp"

#include <gtest/gtest.h>

namespace kith {
namespace {

TEST(time, writes_and_reads_back_what_platforms_write) {
    for (const char* text : {"2026-11-23T04:12:00.123456Z", "1970-01-01T00:00:00.000000Z"}) {
        const auto t = from_rfc3339(text);
        ASSERT_TRUE(t) << text;
        EXPECT_EQ(to_rfc3339(*t), text);
    }
    EXPECT_EQ(from_rfc3339("2026-11-23T05:12:00.5+01:00"), from_rfc3339("2026-11-23T04:12:00.500Z"));
    EXPECT_EQ(from_rfc3339("2026-11-22T23:12:00-05:00"), from_rfc3339("2026-11-23T04:12:00Z"));
    EXPECT_EQ(to_rfc3339(from_micros(1'500'000), 3), "1970-01-01T00:00:01.500Z");
    EXPECT_EQ(to_rfc3339(from_micros(1'500'000), 0), "1970-01-01T00:00:01Z");
}

TEST(time, refuses_what_is_no_time) {
    for (const char* text :
         {"", "2026", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z",
          "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Zz"})
        EXPECT_FALSE(from_rfc3339(text)) << text;
}

}  // namespace
}  // namespace kith
