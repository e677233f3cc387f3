#include "daemon/store/sqlite/database.hpp"

#include <utility>

namespace kith::sqlite {

void raise(sqlite3* handle, std::string_view doing) {
    const int code = sqlite3_errcode(handle);
    const bool bug =
        code == SQLITE_ERROR || code == SQLITE_MISUSE || code == SQLITE_RANGE || code == SQLITE_MISMATCH;
    const auto kind = code == SQLITE_CONSTRAINT ? errc::conflict : bug ? errc::invalid : errc::transient;
    throw failure(fail(kind, "database: " + std::string(doing) + ": " + sqlite3_errmsg(handle)));
}

rows::~rows() {
    if (!statement_) return;
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

rows& rows::bind(std::int64_t v) {
    if (sqlite3_bind_int64(statement_, ++at_, v) != SQLITE_OK) raise(sqlite3_db_handle(statement_), "bind");
    return *this;
}

rows& rows::bind(std::string_view v) {
    const char* bytes = v.data() ? v.data() : "";
    if (sqlite3_bind_text64(statement_, ++at_, bytes, v.size(), SQLITE_TRANSIENT, SQLITE_UTF8) != SQLITE_OK)
        raise(sqlite3_db_handle(statement_), "bind");
    return *this;
}

rows& rows::null() {
    sqlite3_bind_null(statement_, ++at_);
    return *this;
}

bool rows::next() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    raise(sqlite3_db_handle(statement_), sqlite3_sql(statement_));
}

std::string rows::text(int column) const {
    const auto* bytes = sqlite3_column_text(statement_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return bytes ? std::string(reinterpret_cast<const char*>(bytes), size) : std::string{};
}

std::optional<timestamp> rows::maybe_time(int column) const noexcept {
    if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
    return time(column);
}

database::database(const std::string& path) {
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
        const error why = fail(errc::transient, "cannot open " + path + ": " + sqlite3_errmsg(handle_));
        sqlite3_close(handle_);
        throw failure(why);
    }
    sqlite3_extended_result_codes(handle_, 0);
    sqlite3_busy_timeout(handle_, 5000);
    script(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA "
        "trusted_schema=OFF;"
        // What is deleted is overwritten, so that a contact's words do not stay in the file's free places.
        "PRAGMA secure_delete=ON;");
}

database::~database() {
    for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close(handle_);
}

void database::script(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) raise(handle_, "script");
}

std::vector<std::string> database::statements() const {
    std::vector<std::string> out;
    for (const auto& [key, statement] : statements_) out.emplace_back(sqlite3_sql(statement));
    return out;
}

void database::run_after_commit() {
    while (!after_commit_.empty()) {
        script(after_commit_.front());
        after_commit_.erase(after_commit_.begin());
    }
}

sqlite3_stmt* database::prepared(std::string_view sql) {
    auto& kept = statements_[sql.data()];
    if (!kept && sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                    SQLITE_PREPARE_PERSISTENT, &kept, nullptr) != SQLITE_OK)
        raise(handle_, sql);
    return kept;
}

}  // namespace kith::sqlite
