#include "daemon/store/relations_store.hpp"
#include "tests/store/fixture.hpp"

namespace kith::test {
namespace {

using kind = begun_write::kind;

class idempotency : public store_fixture {
 protected:
    begun_write begin(const std::string& key, const std::string& request = "r", timestamp at = now(),
                      const std::string& person = "ann") {
        return get(store_->idempotency().begin(person, key, request, at));
    }
    void end(const std::string& key) {
        get(store_->idempotency().end("ann", key, {200, "application/json", "\"3.ab\"", "{\"id\":1}"}));
    }
};

TEST_F(idempotency, a_key_is_acted_on_once_and_its_answer_given_again) {
    EXPECT_EQ(begin("k").is, kind::fresh);
    EXPECT_EQ(begin("k").is, kind::running);
    end("k");
    const auto again = begin("k");
    EXPECT_EQ(again.is, kind::done);
    EXPECT_EQ(again.answer.status, 200U);
    EXPECT_EQ(again.answer.type, "application/json");
    EXPECT_EQ(again.answer.etag, "\"3.ab\"");
    EXPECT_EQ(again.answer.body, "{\"id\":1}");
}

TEST_F(idempotency, an_answer_outlives_a_restart) {
    begin("k");
    end("k");
    reopen();
    EXPECT_EQ(begin("k").is, kind::done);
}

TEST_F(idempotency, what_a_kill_interrupted_is_not_done_again_blindly) {
    begin("k");
    reopen();
    EXPECT_EQ(begin("k").is, kind::gone);
}

TEST_F(idempotency, the_same_key_for_another_request_is_a_mistake) {
    begin("k");
    EXPECT_EQ(begin("k", "another").is, kind::other);
    end("k");
    EXPECT_EQ(begin("k", "another").is, kind::other);
}

TEST_F(idempotency, two_people_may_choose_the_same_key) {
    begin("k");
    EXPECT_EQ(begin("k", "r", now(), "bob").is, kind::fresh);
}

TEST_F(idempotency, what_was_not_done_may_be_tried_again) {
    begin("k");
    get(store_->idempotency().take_back("ann", "k"));
    EXPECT_EQ(begin("k").is, kind::fresh);
}

TEST_F(idempotency, an_answer_with_a_secret_is_not_kept) {
    begin("k");
    get(store_->idempotency().end_without_answer("ann", "k"));
    EXPECT_EQ(begin("k").is, kind::gone);
}

TEST_F(idempotency, a_key_is_kept_for_a_day) {
    const auto at = now();
    begin("k", "r", at);
    end("k");
    EXPECT_EQ(begin("k", "r", at + std::chrono::hours{23}).is, kind::done);
    EXPECT_EQ(begin("k", "r", at + std::chrono::hours{25}).is, kind::fresh);
}

TEST_F(idempotency, forgetting_a_contact_forgets_answers_that_may_tell_of_them) {
    const auto m = receive("m1");
    begin("done");
    end("done");
    begin("running");
    const auto number = get(store_->relations().contact_number("ann"));
    get(store_->relations().forget(number, "bob"));
    end("running");  // what it tells was read before
    EXPECT_EQ(begin("done").is, kind::gone);
    EXPECT_EQ(begin("running").is, kind::gone);
    EXPECT_EQ(get(store_->find_message(m.id)).what.text, "");
}

}  // namespace
}  // namespace kith::test
