#include "daemon/ingest/account.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace kith {
namespace {

using namespace std::chrono_literals;

TEST(account, tells_of_trouble_until_the_link_has_held_for_a_while) {
    asio::io_context io(1);
    account a({}, io.get_executor());
    a.since = from_rfc3339("2026-11-24T12:00:00Z").value();
    a.detail = "timed out";
    for (const auto s : {link_state::starting, link_state::waiting, link_state::stopped}) {
        a.state = s;
        EXPECT_EQ(a.trouble(a.since + 1h), "timed out");
    }
    a.state = link_state::running;
    EXPECT_EQ(a.trouble(a.since + 2min - 1us), "timed out");
    EXPECT_EQ(a.trouble(a.since + 2min), "");
}

}  // namespace
}  // namespace kith
