// A verdict of `second`: two different people must say yes to the same thing.
#include "daemon/store/sqlite/tables.hpp"

#include <algorithm>

namespace kith::sqlite {

/// As the users' table tells logins apart: by ASCII, without case.
bool same_person(std::string_view a, std::string_view b) {
    const auto folded = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return folded(x) == folded(y); });
}

std::string first_approver(database& db, const suggestion& s) {
    auto r =
        db.query("SELECT person FROM first_approvals WHERE suggestion_id = ? AND hash = ?", s.id, s.hash);
    return r.next() ? r.text(0) : std::string{};
}

void keep_first_approval(database& db, const suggestion& s, const std::string& by, timestamp at) {
    db.run("INSERT OR REPLACE INTO first_approvals (suggestion_id, hash, person, at) VALUES (?, ?, ?, ?)",
           s.id, s.hash, by, at);
    db.run("UPDATE suggestions SET version = version + 1, updated_at = ? WHERE id = ?", at, s.id);
    note(db, at, by, "approved", s.message_id, s.id, "hash " + s.hash + ", the first of two");
}

void drop_first_approval(database& db, std::int64_t suggestion_id) {
    db.run("DELETE FROM first_approvals WHERE suggestion_id = ?", suggestion_id);
}

}  // namespace kith::sqlite
