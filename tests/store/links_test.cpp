#include "tests/store/fixture.hpp"

namespace kith::test {
namespace {

using namespace std::chrono_literals;

class links : public store_fixture {
 protected:
    approval_link made(timestamp at) {
        approval_link l;
        l.suggestion_id = 7;
        l.hash = std::string(64, 'a');
        l.login = "ann";
        l.made_at = at;
        l.expires_at = at + 15min;
        return l;
    }
    timestamp at_ = now();
};

TEST_F(links, is_good_until_the_moment_that_it_names) {
    get(store_->links().make("key", made(at_)));
    const auto l = get(store_->links().find("key", at_ + 15min - 1us));
    EXPECT_EQ(l.suggestion_id, 7);
    EXPECT_EQ(l.hash, std::string(64, 'a'));
    EXPECT_EQ(l.login, "ann");
    EXPECT_EQ(why(store_->links().find("key", at_ + 15min)), errc::not_found);
    EXPECT_EQ(why(store_->links().use("key", at_ + 15min)), errc::not_found);
    EXPECT_EQ(why(store_->links().find("another", at_)), errc::not_found);
}

TEST_F(links, is_good_once_also_after_a_restart) {
    get(store_->links().make("key", made(at_)));
    EXPECT_EQ(get(store_->links().use("key", at_ + 1min)).used_at, at_ + 1min);
    reopen();
    EXPECT_EQ(why(store_->links().use("key", at_ + 2min)), errc::conflict);
    EXPECT_TRUE(get(store_->links().find("key", at_ + 2min)).used_at) << "it says that it was used";
    get(store_->links().give_back("key"));
    EXPECT_FALSE(get(store_->links().use("key", at_ + 3min)).hash.empty());
}

TEST_F(links, is_forgotten_a_day_after_it_was_over) {
    get(store_->links().make("old", made(at_ - 24h - 15min)));
    get(store_->links().make("older", made(at_ - 24h - 15min - 1us)));
    get(store_->links().make("new", made(at_)));
    get(store_->links().find("old", at_ - 24h - 1min));
    EXPECT_EQ(why(store_->links().find("older", at_ - 24h - 1min)), errc::not_found);
}

}  // namespace
}  // namespace kith::test
