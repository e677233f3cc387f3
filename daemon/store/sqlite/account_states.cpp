// How accounts stood, and what they did not hear.
#include "daemon/store/sqlite/stats.hpp"

namespace kith::sqlite {

namespace {

/// Within this nobody need say again that nothing changed: kithd does each minute.
constexpr std::chrono::minutes watched_each{2};

void add(std::vector<account_interval>& out, account_interval next, timestamp from, timestamp to) {
    next.from = std::max(next.from, from);
    next.to = std::min(next.to, to);
    if (next.from >= next.to) return;
    if (!out.empty() && out.back().account == next.account && out.back().to == next.from &&
        out.back().state == next.state && out.back().detail == next.detail)
        out.back().to = next.to;
    else
        out.push_back(std::move(next));
}

}  // namespace

void note_state(database& db, const std::string& account, const std::string& state, const std::string& detail,
                timestamp at, bool follows) {
    if (follows) still(db, account, at);
    db.run("INSERT INTO account_states (account, at, seen_at, state, detail) VALUES (?1, ?2, ?2, ?3, ?4)",
           account, at, state, detail);
}

void still(database& db, const std::string& account, timestamp at) {
    db.run(
        "UPDATE account_states SET seen_at = ?2 WHERE seen_at < ?2 AND id ="
        " (SELECT MAX(id) FROM account_states WHERE account = ?1)",
        account, at);
}

std::vector<account_interval> account_intervals(database& db, const stats_filter& f) {
    const auto from = f.borders.at(0), to = f.borders.back();
    std::vector<account_interval> out;
    std::optional<account_interval> last;
    const auto finish = [&](std::optional<timestamp> next) {
        if (!last) return;
        // A row that the next follows closely holds until then.
        const auto end = last->to, until = next.value_or(end);
        if (until > end && until - end <= watched_each) last->to = until;
        const auto account = last->account;
        const auto shown_to = last->to;
        add(out, *last, from, to);
        if (next && *next > shown_to) add(out, {account, "off", "", shown_to, *next}, from, to);
    };
    auto r = db.query(
        // The rows before and after the time too: what lies between is told from their ends.
        "SELECT account, at, seen_at, state, detail FROM account_states a WHERE (at < ?2 OR id ="
        "  (SELECT MIN(id) FROM account_states b WHERE b.account = a.account AND b.at >= ?2))"
        " AND (seen_at >= ?1 OR id = (SELECT MAX(id) FROM account_states b WHERE b.account = a.account"
        "  AND b.seen_at < ?1))"
        " AND (?3 = '[]' OR account IN (SELECT value FROM json_each(?3))) ORDER BY account, id",
        from, to, texts_for_sql(f.accounts));
    while (r.next()) {
        account_interval next{r.text(0), r.text(3), r.text(4), r.time(1), r.time(2)};
        const bool same = last && last->account == next.account;
        finish(same ? std::optional(next.from) : std::nullopt);
        last = std::move(next);
    }
    finish(std::nullopt);
    return out;
}

std::vector<account_gap> account_gaps(database& db, const stats_filter& f) {
    std::vector<account_gap> out;
    auto r = db.query(
        "SELECT id, account, from_at, to_at, cause FROM gaps WHERE to_at >= ?1 AND from_at < ?2"
        " AND (?3 = '[]' OR account IN (SELECT value FROM json_each(?3))) ORDER BY account, from_at, id"
        " LIMIT 10000",
        f.borders.at(0), f.borders.back(), texts_for_sql(f.accounts));
    while (r.next()) out.push_back({r.number(0), r.text(1), r.time(2), r.time(3), r.text(4)});
    return out;
}

}  // namespace kith::sqlite
