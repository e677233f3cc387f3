/// Forgetting: what is left in the file is searched for every word that was put in.
#include "daemon/model/sha256.hpp"
#include "daemon/store/relations_store.hpp"
#include "tests/support/coroutine.hpp"
#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace kith {
namespace {

using test::batch_of;
using test::sample_message;
using test::sample_suggestion;

const std::string identity_id = "did:plc:zebrastripes";
const std::string handle = "zebra.stripes.example";
const std::string name = "Zebra Stripewalker";
const std::vector<std::string> seeded = {"zebra",  "Zebra",    "quaggaquestion", "okapianswer", "giraffe",
                                         "gnugnu", "kudukudu", "elandeland",     "impalaimpala"};

class forgetting : public ::testing::Test {
 protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() / ("kith-forget-" + random_base32(10));
        store_ = open_sqlite(folder_.string());
    }
    void TearDown() override {
        store_.reset();
        std::filesystem::remove_all(folder_);
    }
    template <class T>
    T get(awaitable<result<T>> call) {
        return test::run(io_, std::move(call)).value();
    }
    void get(awaitable<result<>> call) { test::run(io_, std::move(call)).value(); }

    message written(const std::string& rkey, const std::string& text) {
        auto m = sample_message("at://" + identity_id + "/post/" + rkey, text);
        m.author = {identity_id, handle, name, false};
        m.thread_id = m.native_id;
        m.url = "https://example.com/" + handle + "/" + rkey;
        m.extra = R"({"root":")" + m.native_id + "\"}";
        return m;
    }
    stored_message receive(const message& m) {
        get(store_->accept("acc", batch_of(message_seen{m})));
        const auto number = get(store_->message_number(m.native_id));
        return get(store_->find_message(number));
    }
    std::int64_t suggest(const stored_message& m, const std::string& text,
                         const std::string& words = "quaggaquestion") {
        judged_message j;
        j.message_id = m.id;
        j.revision = m.what.revision;
        j.trace = R"({"matches":[{"matched":true,"because":[{"words":")" + words + R"("}]}]})";
        j.suggestions = {sample_suggestion(m, text)};
        j.suggestions[0].matched = {{"phrase: x", words, 0, words.size()}};
        j.suggestions[0].thread = {
            {m.what.native_id, handle, name, false, "quaggaquestion", m.received_at},
            {"at://" + identity_id + "/post/unkept", handle, name, false, "gnugnu", m.received_at}};
        const auto changes = get(store_->judge(std::move(j)));
        return changes.at(0).suggestion_id;
    }
    delivery begun(std::int64_t id, const std::string& bytes = "okapianswer to " + handle) {
        const auto s = get(store_->find_suggestion(id));
        get(store_->approve(id, s.hash, "op"));
        const auto d = get(store_->due_deliveries("acc", now(), 10)).at(0);
        get(store_->begin_attempt(d.id, prepared_reply{bytes, "ours-" + std::to_string(id)}));
        return d;
    }
    /// Somebody else's words in the thread that this message began.
    stored_message receive_beneath(const message& root, const std::string& rkey) {
        auto m = sample_message("at://did:plc:somebodyelse/post/" + rkey, "and how do I?", "bob");
        m.thread_id = m.parent_id = root.native_id;
        return receive(m);
    }
    void end(const delivery& d, outcome::kind is) {
        outcome o;
        o.is = is;
        o.why = "no";
        o.again_at = now();
        o.receipt = receipt{"r" + std::to_string(d.id), "", now()};
        get(store_->end_attempt(d.id, o));
    }
    void deliver(std::int64_t id) {
        const auto d = begun(id);
        outcome o;
        o.is = outcome::kind::delivered;
        o.receipt = receipt{"r" + std::to_string(id), "https://example.com/" + handle, now()};
        get(store_->end_attempt(d.id, o));
    }
    /// Everything that the state folder holds.
    std::string bytes() {
        std::string all;
        for (const auto& f : std::filesystem::directory_iterator(folder_)) {
            std::ifstream in(f.path(), std::ios::binary);
            all.append(std::istreambuf_iterator<char>(in), {});
        }
        return all;
    }
    std::vector<std::string> found_words() {
        std::vector<std::string> out;
        const auto all = bytes();
        for (const auto& w : seeded)
            if (all.find(w) != std::string::npos) out.push_back(w);
        return out;
    }

    asio::io_context io_{1};
    std::filesystem::path folder_;
    std::unique_ptr<store> store_;
};

TEST_F(forgetting, leaves_no_word_of_or_about_the_contact_in_the_file) {
    const auto first = receive(written("1", "quaggaquestion?"));
    deliver(suggest(first, "okapianswer for " + name));
    const auto second = receive(written("2", "quaggaquestion giraffe?"));
    const auto open = suggest(second, "okapianswer for " + name);
    get(store_->reject(suggest(receive(written("3", "quaggaquestion")), "x"), 1, "elandeland is rude", "op"));
    // Somebody else, in the contact's own thread, who names them.
    auto m = sample_message("at://did:plc:somebodyelse/post/1", "@" + handle + " is right, thank you", "bob");
    m.thread_id = first.what.native_id;
    m.parent_id = first.what.native_id;
    m.extra = R"({"root":")" + first.what.native_id + "\"}";
    const auto others = receive(m);
    const auto beside = suggest(others, "You are welcome.", "thank you");
    get(store_->journal_append("acc", identity_id, identity_id + "-1", R"({"text":"kudukudu"})"));
    get(store_->accept("acc", batch_of(contact_followed{{identity_id, handle, name, false},
                                                        "at://" + identity_id + "/follow/1"})));
    // What a person said when they merged two contacts is about them, too.
    yaml::findings none;
    const auto rules = load_stage_rules("/nonexistent", none);
    get(store_->accept("acc", batch_of(contact_followed{{"second", "second", "", false}, "f2"})));
    const auto number = get(store_->relations().contact_number(handle));
    const auto other_identity = get(store_->relations().contact_number("second"));
    get(store_->relations().merge(number, other_identity, "the impalaimpala told me", "op", rules));
    ASSERT_EQ(found_words().size(), seeded.size()) << "the test's own words";

    const auto done = get(store_->relations().forget(number, "op"));
    EXPECT_EQ(done.identities, 2);
    EXPECT_EQ(done.messages, 3);
    EXPECT_EQ(done.suggestions, 3);
    ASSERT_EQ(done.changes.size(), 1U);
    EXPECT_EQ(done.changes[0].suggestion_id, open);
    EXPECT_TRUE(get(store_->relations().scrub()));
    store_.reset();
    EXPECT_EQ(found_words(), std::vector<std::string>{});

    store_ = open_sqlite(folder_.string());
    // What refers to it still holds, and nobody else lost a word.
    const auto kept = get(store_->history(first.id));
    EXPECT_EQ(kept.suggestions.at(0).state, suggestion_state::delivered);
    EXPECT_TRUE(kept.message.deleted_at);
    const auto bob = get(store_->find_message(others.id));
    EXPECT_EQ(bob.what.text, "@" + std::string(handle.size(), 'x') + " is right, thank you");
    EXPECT_EQ(bob.what.parent_id, kept.message.what.native_id) << "the thread still hangs together";
    EXPECT_EQ(get(store_->find_suggestion(beside)).basis.text, "You are welcome.");
    EXPECT_EQ(test::run(io_, store_->relations().contact(number)).error().kind, errc::not_found);
}

TEST_F(forgetting, takes_the_address_from_what_was_said_to_others_in_the_thread) {
    const auto root = written("1", "how do I?");
    const auto first = receive(root);
    const auto bytes = R"({"root":")" + root.native_id + "\"}";
    // Given back because of them, and withdrawn because of them.
    const auto back = receive_beneath(root, "1");
    const auto given = suggest(back, "You are welcome.", "how do I");
    const auto d = begun(given, bytes);
    auto basis = d.approved;
    basis.thread_tail = root.native_id;
    const auto why = "the thread tail changed from 'x' to '" + root.native_id + "'";
    get(store_->give_back(d.id, basis, sample_suggestion(back).verdict, {}, {why}));
    const auto gone = suggest(receive_beneath(root, "2"), "You are welcome.", "how do I");
    get(store_->withdraw(begun(gone, bytes).id, why));
    // Posted; and failed for certain, to be sent again.
    end(begun(suggest(receive_beneath(root, "3"), "You are welcome.", "how do I"), bytes),
        outcome::kind::delivered);
    const auto again = begun(suggest(receive_beneath(root, "4"), "You are welcome.", "how do I"), bytes);
    end(again, outcome::kind::retry);
    get(store_->relations().forget(get(store_->relations().contact_number(handle)), "op"));
    EXPECT_TRUE(get(store_->relations().scrub()));
    const auto due = get(store_->due_deliveries("acc", now(), 10));
    ASSERT_EQ(due.size(), 1U);
    EXPECT_EQ(due[0].attempts, 0) << "it is prepared anew, and not sent empty";
    ASSERT_EQ(get(store_->find_suggestion(given)).changed.size(), 1U);
    EXPECT_TRUE(
        get(store_->find_suggestion(given)).changed[0].starts_with("the thread tail changed from 'x' to"));
    store_.reset();
    EXPECT_EQ(found_words(), std::vector<std::string>{});
    store_ = open_sqlite(folder_.string());
    EXPECT_EQ(get(store_->find_suggestion(gone)).state, suggestion_state::withdrawn);
}

TEST_F(forgetting, waits_for_a_reply_to_somebody_else_that_still_needs_the_address) {
    const auto root = written("1", "how do I?");
    receive(root);
    const auto number = get(store_->relations().contact_number(handle));
    const auto d = begun(suggest(receive_beneath(root, "1"), "You are welcome.", "how do I"),
                         R"({"root":")" + root.native_id + "\"}");
    EXPECT_EQ(test::run(io_, store_->relations().forget(number, "op")).error().kind, errc::conflict);
    end(d, outcome::kind::delivered);
    EXPECT_EQ(get(store_->relations().forget(number, "op")).messages, 1);
}

TEST_F(forgetting, leaves_no_revision_which_is_a_hash_of_the_words) {
    auto m = written("1", "how do I?");
    m.revision = "giraffe";
    suggest(receive(m), "x");
    get(store_->relations().forget(get(store_->relations().contact_number(handle)), "op"));
    get(store_->relations().scrub());
    store_.reset();
    EXPECT_EQ(bytes().find("giraffe"), std::string::npos);
    store_ = open_sqlite(folder_.string());
}

TEST_F(forgetting, what_the_platform_repeats_is_not_kept_anew_but_new_words_start_afresh) {
    const auto old = written("1", "quaggaquestion");
    receive(old);
    const auto number = get(store_->relations().contact_number(handle));
    get(store_->relations().forget(number, "op"));
    auto edited = old;
    edited.revision = "2";
    const auto again = get(store_->accept("acc", batch_of(message_seen{edited})));
    EXPECT_EQ(again.fresh, 0U);
    EXPECT_EQ(again.known, 1U);
    const auto fresh = receive(written("9", "hello again"));
    EXPECT_EQ(fresh.what.text, "hello again");
    EXPECT_NE(get(store_->relations().contact_number(handle)), number);
}

TEST_F(forgetting, a_block_still_holds) {
    receive(written("1", "quaggaquestion"));
    get(store_->accept("acc", batch_of(contact_blocked{identity_id})));
    const auto number = get(store_->relations().contact_number(handle));
    get(store_->relations().forget(number, "op"));
    EXPECT_TRUE(receive(written("9", "hello again")).contact_blocked);
    EXPECT_FALSE(receive(sample_message("m1")).contact_blocked);
}

TEST_F(forgetting, waits_for_a_reply_that_is_under_way) {
    const auto m = receive(written("1", "quaggaquestion"));
    const auto d = begun(suggest(m, "okapianswer"));
    const auto number = get(store_->relations().contact_number(handle));
    const auto refused = test::run(io_, store_->relations().forget(number, "op"));
    ASSERT_TRUE(refused.has_error());
    EXPECT_EQ(refused.error().kind, errc::conflict);
    EXPECT_EQ(get(store_->find_message(m.id)).what.text, "quaggaquestion") << "all or nothing";
    outcome o;
    o.is = outcome::kind::refused;
    o.why = "no";
    get(store_->end_attempt(d.id, o));
    EXPECT_EQ(get(store_->relations().forget(number, "op")).messages, 1);
}

TEST_F(forgetting, cleans_the_file_once_a_day_at_most_and_only_if_there_is_something_to_clean) {
    EXPECT_FALSE(get(store_->relations().scrub()));
    receive(written("1", "quaggaquestion"));
    get(store_->relations().forget(get(store_->relations().contact_number(handle)), "op"));
    EXPECT_TRUE(get(store_->relations().scrub()));
    EXPECT_FALSE(get(store_->relations().scrub()));
    const std::string an_hour_ago = std::to_string(to_micros(now() - std::chrono::hours{1}));
    get(store_->set("scrub.tried", an_hour_ago));
    receive(written("2", "quaggaquestion"));
    get(store_->relations().forget(get(store_->relations().contact_number(handle)), "op"));
    EXPECT_FALSE(get(store_->relations().scrub())) << "due, but not yet";
    const std::string a_day_ago = std::to_string(to_micros(now() - std::chrono::hours{24}));
    get(store_->set("scrub.done", a_day_ago));
    EXPECT_TRUE(get(store_->relations().scrub()));
}

TEST_F(forgetting, cleans_the_file_an_hour_after_it_could_not_be_cleaned) {
    receive(written("1", "quaggaquestion"));
    get(store_->relations().forget(get(store_->relations().contact_number(handle)), "op"));
    const auto due = get(store_->setting("scrub.due"));
    EXPECT_TRUE(get(store_->relations().scrub()));
    // As a full disk leaves it: tried, and not done.
    get(store_->set("scrub.due", due));
    get(store_->set("scrub.done", ""));
    EXPECT_FALSE(get(store_->relations().scrub())) << "not at once: the whole file would be copied again";
    get(store_->set("scrub.tried", std::to_string(to_micros(now() - std::chrono::hours{1}))));
    EXPECT_TRUE(get(store_->relations().scrub()));
}

}  // namespace
}  // namespace kith
