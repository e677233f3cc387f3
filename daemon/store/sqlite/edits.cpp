// Drafts that people changed.
#include "daemon/model/edit_distance.hpp"
#include "daemon/model/sha256.hpp"
#include "daemon/store/sqlite/stats.hpp"

namespace kith::sqlite {

void keep_draft(database& db, std::int64_t suggestion_id, const std::string& text) {
    db.run("INSERT OR IGNORE INTO edits (suggestion_id, drafted_hash, drafted) VALUES (?, ?, ?)",
           suggestion_id, sha256_hex(text), text);
}

void measure_edit(database& db, std::int64_t suggestion_id, const std::string& text) {
    std::string drafted;
    {
        auto r = db.query("SELECT drafted FROM edits WHERE suggestion_id = ? AND drafted IS NOT NULL",
                          suggestion_id);
        if (!r.next()) return;
        drafted = r.text(0);
    }
    db.run("UPDATE edits SET distance = ? WHERE suggestion_id = ?", edit_distance(drafted, text),
           suggestion_id);
}

}  // namespace kith::sqlite
