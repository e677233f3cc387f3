#include "daemon/model/sha256.hpp"
#include "daemon/store/sqlite/audit.hpp"
#include "daemon/store/sqlite/tables.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace kith::sqlite {
namespace {

class migration : public ::testing::Test {
 protected:
    void SetUp() override {
        path_ = std::filesystem::temp_directory_path() / ("kith-migrate-" + random_base32(10) + ".db");
    }
    void TearDown() override {
        for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path_.string() + end);
    }
    static std::string schema(database& db) {
        std::string all;
        auto r = db.query(
            "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master ORDER BY type, name");
        while (r.next()) all += r.text(0) + "\n";
        return all;
    }
    std::filesystem::path path_;
};

std::string read(const std::string& name) {
    std::ifstream in(std::string(KITH_SOURCE_DIR) + "/tests/store/frozen/" + name);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The data of version 1, written by hand once and never changed, must survive every later migration.
TEST_F(migration, brings_the_first_version_with_its_data_to_the_newest) {
    const auto frozen = read("0001.sql");
    ASSERT_FALSE(frozen.empty());
    database old(path_.string());
    old.script(frozen);
    migrate(old);
    EXPECT_EQ(read_message(old, 1).what.text, "how do I reset my password?");
    EXPECT_EQ(read_suggestion(old, 1).state, suggestion_state::delivered);
    EXPECT_EQ(read_suggestion(old, 1).hash, std::string(64, 'a'));
    EXPECT_EQ(due_deliveries(old, "acc", now(), 10).size(), 1U);

    database fresh(":memory:");
    migrate(fresh);
    EXPECT_EQ(schema(old), schema(fresh)) << "an upgraded database must be like a new one";
}

/// A step that was in use is never edited: what was added later is a step of its own.
TEST_F(migration, brings_the_seventh_version_with_its_data_to_the_newest) {
    const auto frozen = read("0007.sql");
    ASSERT_FALSE(frozen.empty());
    database old(path_.string());
    old.script(frozen);
    migrate(old);
    const auto one = [&](const char* sql) {
        auto r = old.query(sql);
        return r.next() ? r.text(0) : std::string("nothing");
    };
    EXPECT_EQ(one("SELECT how || ' ' || language FROM opt_outs WHERE lifted_at IS NULL"), "words en");
    EXPECT_EQ(one("SELECT playbook || ' ' || delivery FROM playbook_marks"), "sign-in-trouble 0");
    EXPECT_EQ(one("SELECT text FROM questions"), "Is this still so?");
    EXPECT_EQ(read_suggestion(old, 1).state, suggestion_state::delivered);

    database fresh(":memory:");
    migrate(fresh);
    EXPECT_EQ(schema(old), schema(fresh)) << "an upgraded database must be like a new one";
}

TEST_F(migration, takes_the_record_of_the_first_version_into_the_chain) {
    database old(path_.string());
    old.script(read("0001.sql"));
    migrate(old);
    const auto all = record_entries(old, 0, 10, true);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].act, "received");
    EXPECT_EQ(all[0].detail.value().detail, "revision 1");
    EXPECT_EQ(all[0].previous, audit::beginning);
    EXPECT_EQ(all[0].hash, audit::hash_of(all[0]));
    note(old, now(), "ann", "approved", 1, 1, "");
    EXPECT_EQ(record_entries(old, 1, 10, true).at(0).previous, all[0].hash);
}

TEST_F(migration, is_done_once) {
    database db(path_.string());
    migrate(db);
    const auto before = schema(db);
    migrate(db);
    EXPECT_EQ(schema(db), before);
}

TEST_F(migration, refuses_the_schema_of_a_newer_kithd) {
    database db(path_.string());
    db.script("PRAGMA user_version = 999");
    EXPECT_THROW(migrate(db), failure);
}

TEST_F(migration, a_step_that_fails_leaves_nothing_behind) {
    database db(path_.string());
    db.script("CREATE TABLE journal (x)");  // in the way of the first step
    EXPECT_THROW(migrate(db), failure);
    db.script("ROLLBACK");
    auto r = db.query("SELECT COUNT(*) FROM sqlite_master WHERE name = 'messages'");
    ASSERT_TRUE(r.next());
    EXPECT_EQ(r.number(0), 0);
}

}  // namespace
}  // namespace kith::sqlite
