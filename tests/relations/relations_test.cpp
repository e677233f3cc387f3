#include "daemon/relations/relations.hpp"

#include "daemon/async/task_group.hpp"
#include "daemon/model/sha256.hpp"
#include "tests/relations/support.hpp"
#include "tests/support/coroutine.hpp"
#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace kith {
namespace {

using test::sample_message;

/// A platform that does nothing, with the capabilities that a test gives it.
class silent_platform final : public platform {
 public:
    explicit silent_platform(capabilities c) : capabilities_(c) {}
    const capabilities& supports() const noexcept override { return capabilities_; }
    awaitable<error> run(cursor, inbox&) override { co_return fail(errc::canceled, ""); }
    awaitable<result<thread>> fetch_thread(const message&) override { co_return thread{}; }
    awaitable<result<prepared_reply>> prepare(const approved_reply&, const idempotency_key&) override {
        co_return prepared_reply{};
    }
    awaitable<result<receipt>> deliver(const approved_reply&, const idempotency_key&) override {
        co_return receipt{};
    }
    awaitable<result<std::optional<receipt>>> find_delivered(const approved_reply&,
                                                             const idempotency_key&) override {
        co_return std::optional<receipt>{};
    }

 private:
    capabilities capabilities_;
};

class following : public ::testing::Test {
 protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() / ("kith-following-" + random_base32(10));
        store_ = open_sqlite(folder_.string());
        const auto ready = test::run(io_, book_.reload());
        ASSERT_TRUE(ready.has_value()) << ready.error().what;
    }
    void TearDown() override {
        store_.reset();
        std::filesystem::remove_all(folder_);
    }
    void add_account(bool profiling_allowed) {
        account_config c;
        c.id = "acc";
        auto& a = accounts_.emplace_back(c, io_.get_executor());
        capabilities can;
        can.profiling_allowed = profiling_allowed;
        a.platform = std::make_unique<silent_platform>(can);
        a.inbox = std::make_unique<ingest>(
            "acc", *store_, live_, a.to_judge, wanted_, [] { return std::shared_ptr<const word_lists>(); },
            profiling_allowed);
    }
    template <class T>
    T get(awaitable<result<T>> call) {
        return test::run(io_, std::move(call)).value();
    }
    void get(awaitable<result<>> call) { test::run(io_, std::move(call)).value(); }

    /// What people do: a question to us, an answer to it by somebody else, a follow, a like.
    void happen() {
        batch b;
        message_seen question, answer;
        question.what = sample_message("q1");
        answer.what = sample_message("a1", "like this", "bob");
        answer.what.addressed = false;
        answer.what.parent_id = "q1";
        b.events = {question, answer, contact_followed{answer.what.author, "f1"},
                    contact_reacted{answer.what.author, "l1", "r1", true}};
        get(accounts_[0].inbox->accept(std::move(b)));
        const auto waiting = get(store_->unjudged("acc", now(), 10));
        for (const auto& m : waiting) {
            judged_message j;
            j.message_id = m.id;
            j.revision = m.what.revision;
            j.trace = R"({"matches":[{"matched":true}]})";
            get(store_->judge(std::move(j)));
        }
    }
    std::vector<learned> concluded(const std::vector<relation_news>& news) {
        return conclusions(news, accounts_, &words_, *book_.current(), "Acme");
    }
    std::size_t signals_in(const std::vector<learned>& all) {
        std::size_t n = 0;
        for (const auto& l : all) n += l.signals.size();
        return n;
    }

    asio::io_context io_{1};
    std::filesystem::path folder_;
    std::unique_ptr<store> store_;
    live live_;
    stage_book book_{"/nonexistent"};
    ingest::wanted_check wanted_ = [](const std::string&, const message&) { return false; };
    std::deque<account> accounts_;
    test::fake_words words_;
};

TEST_F(following, keeps_what_it_hears_of_contacts) {
    add_account(true);
    happen();
    const auto news = get(store_->relations().unread(10));
    EXPECT_EQ(news.size(), 4U);
    auto what = concluded(news);
    EXPECT_EQ(signals_in(what), 4U);
    get(store_->relations().learn(std::move(what), book_.current()));
    EXPECT_EQ(get(store_->relations().contacts({})).size(), 2U);
    const auto bob = get(store_->relations().contact(get(store_->relations().contact_number("bob"))));
    EXPECT_EQ(bob.contact.stages.at(0).now, stage::audience);
}

TEST_F(following, never_where_the_platforms_rules_forbid_profiling) {
    add_account(false);
    happen();
    const auto news = get(store_->relations().unread(10));
    ASSERT_EQ(news.size(), 1U) << "the question to us, and nothing that only following needs";
    auto what = concluded(news);
    EXPECT_EQ(signals_in(what), 0U);
    get(store_->relations().learn(std::move(what), book_.current()));
    const auto ann = get(store_->relations().contact(get(store_->relations().contact_number("ann"))));
    EXPECT_TRUE(ann.contact.stages.empty());
    EXPECT_TRUE(get(store_->relations().unread(10)).empty()) << "and it is not looked at again";
}

TEST_F(following, nobody_of_an_account_that_is_no_longer_configured) {
    add_account(true);
    happen();
    const auto news = get(store_->relations().unread(10));
    accounts_.clear();
    EXPECT_EQ(signals_in(concluded(news)), 0U);
}

TEST_F(following, no_bots) {
    add_account(true);
    auto m = sample_message("m1");
    m.author.bot = true;
    batch b;
    b.events = {contact_followed{m.author, "f1"}};
    get(accounts_[0].inbox->accept(std::move(b)));
    EXPECT_EQ(signals_in(concluded(get(store_->relations().unread(10)))), 0U);
}

TEST_F(following, goes_on_by_itself_and_ends_when_it_is_told) {
    add_account(true);
    happen();
    task_group group(io_.get_executor(),
                     [](std::string_view, std::string_view what) { ADD_FAILURE() << what; });
    group.spawn("relations", keep_relations(store_->relations(), accounts_, book_, nullptr, "Acme"));
    const auto bob = get(store_->relations().contact_number("bob"));
    for (int i = 0; i < 1000; ++i)
        if (!get(store_->relations().contact(bob)).contact.stages.empty()) break;
    EXPECT_EQ(get(store_->relations().contact(bob)).contact.stages.at(0).now, stage::audience);
    group.emit();
    test::run(io_, group.wait());
    EXPECT_EQ(group.size(), 0U);
}

}  // namespace
}  // namespace kith
