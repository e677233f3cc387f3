/// A thin, throwing layer over SQLite's C API: one connection, statements kept prepared. Used by one thread
/// at a time.
#pragma once

#include "daemon/model/error.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kith::sqlite {

/// A statement while it is being read: bind, then step. Resets itself at its end.
class rows {
 public:
    explicit rows(sqlite3_stmt* statement) noexcept : statement_(statement) {}
    rows(rows&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)), at_(other.at_) {}
    rows(const rows&) = delete;
    ~rows();

    rows& bind(std::int64_t v);
    rows& bind(int v) { return bind(static_cast<std::int64_t>(v)); }
    rows& bind(bool v) { return bind(static_cast<std::int64_t>(v)); }
    rows& bind(std::string_view v);
    rows& bind(const std::string& v) { return bind(std::string_view(v)); }
    rows& bind(const char* v) { return bind(std::string_view(v)); }
    rows& bind(timestamp v) { return bind(to_micros(v)); }
    rows& bind(const std::optional<timestamp>& v) { return v ? bind(*v) : null(); }
    rows& null();

    /// To the next row; false after the last. Throws kith::failure.
    bool next();

    std::int64_t number(int column) const noexcept { return sqlite3_column_int64(statement_, column); }
    bool flag(int column) const noexcept { return number(column) != 0; }
    std::string text(int column) const;
    timestamp time(int column) const noexcept { return from_micros(number(column)); }
    std::optional<timestamp> maybe_time(int column) const noexcept;

 private:
    sqlite3_stmt* statement_;
    int at_ = 0;
};

class database {
 public:
    /// Opens or makes the file. WAL, synchronous=FULL, foreign keys on. Throws kith::failure.
    explicit database(const std::string& path);
    ~database();
    database(const database&) = delete;
    database& operator=(const database&) = delete;

    /// `sql` must be a literal or otherwise outlive the database: it is the key of the kept statement.
    template <class... Values>
    rows query(std::string_view sql, const Values&... values) {
        rows r(prepared(sql));
        (r.bind(values), ...);
        return r;
    }
    /// Runs a statement that gives no rows; returns how many rows it changed.
    template <class... Values>
    std::int64_t run(std::string_view sql, const Values&... values) {
        query(sql, values...).next();
        return sqlite3_changes64(handle_);
    }
    /// Several statements, separated by semicolons.
    void script(const std::string& sql);
    /// The texts of the kept statements, for tests of the plans that SQLite makes for them.
    std::vector<std::string> statements() const;
    /// A statement that no transaction can hold (VACUUM, a checkpoint), for when this one is committed.
    void after_commit(std::string statement) { after_commit_.push_back(std::move(statement)); }
    void forget_after_commit() noexcept { after_commit_.clear(); }
    /// Runs what `after_commit` was given, in that order, outside of any transaction, until one fails.
    void run_after_commit();
    std::int64_t last_id() const noexcept { return sqlite3_last_insert_rowid(handle_); }

 private:
    sqlite3_stmt* prepared(std::string_view sql);

    sqlite3* handle_ = nullptr;
    std::unordered_map<const char*, sqlite3_stmt*> statements_;
    std::vector<std::string> after_commit_;
};

/// What SQLite said, as a failure: `transient` for a full disk, a busy file, an I/O error.
[[noreturn]] void raise(sqlite3* handle, std::string_view doing);

}  // namespace kith::sqlite
