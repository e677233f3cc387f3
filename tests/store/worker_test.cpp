#include "daemon/store/sqlite/worker.hpp"

#include "daemon/model/sha256.hpp"
#include "tests/support/coroutine.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace kith::sqlite {
namespace {

class store_worker : public ::testing::Test {
 protected:
    void SetUp() override {
        path_ =
            (std::filesystem::temp_directory_path() / ("kith-worker-" + random_base32(10) + ".db")).string();
        worker_ = std::make_unique<worker>(std::make_unique<database>(path_));
        run([](database& db) { db.run("CREATE TABLE t (x TEXT)"); });
    }
    void TearDown() override {
        worker_.reset();
        for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + end);
    }
    std::optional<errc> run(std::function<void(database&)> f) {
        const auto done = test::run(io_, worker_->call<void>(std::move(f)));
        return done.has_error() ? std::optional(done.error().kind) : std::nullopt;
    }
    std::int64_t rows() {
        std::int64_t n = 0;
        run([&n](database& db) {
            auto r = db.query("SELECT COUNT(*) FROM t");
            r.next();
            n = r.number(0);
        });
        return n;
    }
    asio::io_context io_{1};
    std::string path_;
    std::unique_ptr<worker> worker_;
};

const std::string large(200'000, 'x');
void insert_large(database& db) {
    db.run("INSERT INTO t VALUES (?)", large);
}

TEST_F(store_worker, a_full_disk_is_a_passing_fault_and_loses_nothing_that_was_durable) {
    EXPECT_FALSE(run(insert_large));
    run([](database& db) { db.script("PRAGMA max_page_count = 70"); });
    EXPECT_EQ(run(insert_large), errc::transient) << "within a statement, which undoes the whole transaction";
    EXPECT_EQ(rows(), 1);
    run([](database& db) { db.script("PRAGMA max_page_count = 100000"); });
    EXPECT_FALSE(run(insert_large)) << "with room again it goes on by itself";
    EXPECT_EQ(rows(), 2);
}

TEST_F(store_worker, what_shared_a_commit_with_the_one_that_found_the_disk_full_is_told_so) {
    run([](database& db) { db.script("PRAGMA max_page_count = 20"); });
    std::vector<std::optional<errc>> ends(3);
    int done = 0;
    const auto task = [&](std::size_t i, bool is_large) -> awaitable<void> {
        auto work = [is_large](database& db) {
            if (is_large)
                insert_large(db);
            else
                db.run("INSERT INTO t VALUES ('small')");
        };
        const auto r = co_await worker_->call<void>(work);
        if (r.has_error()) ends[i] = r.error().kind;
        ++done;
    };
    for (std::size_t i = 0; i < 3; ++i) asio::co_spawn(io_, task(i, i == 1), [](std::exception_ptr) {});
    io_.restart();
    while (done < 3 && io_.run_one() > 0) {
    }
    ASSERT_EQ(done, 3);
    EXPECT_EQ(ends[1], errc::transient);
    // Whichever of the others were in the same commit are undone with it, and know it.
    const auto kept = static_cast<std::int64_t>(!ends[0]) + static_cast<std::int64_t>(!ends[2]);
    EXPECT_EQ(rows(), kept);
    for (const auto& e : ends) EXPECT_TRUE(!e || *e == errc::transient);
}

TEST_F(store_worker, one_job_that_fails_does_not_undo_the_others) {
    EXPECT_EQ(run([](database&) { throw failure(fail(errc::conflict, "no")); }), errc::conflict);
    EXPECT_FALSE(run([](database& db) { db.run("INSERT INTO t VALUES ('a')"); }));
    EXPECT_EQ(run([](database& db) {
                  db.run("INSERT INTO t VALUES ('b')");
                  throw failure(fail(errc::not_found, "no"));
              }),
              errc::not_found);
    EXPECT_EQ(rows(), 1);
}

}  // namespace
}  // namespace kith::sqlite
