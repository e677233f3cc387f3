// What stands behind the figures.
#include "daemon/store/sqlite/stats.hpp"

namespace kith::sqlite {

namespace {

/// One statement a set, each over the index that its figure is counted from. Named in all: ?1 from, ?2 to, ?3
/// departments, ?4 accounts, ?5 playbook, ?6 outcome, ?7 kind, ?8 whether a reason is asked for, ?9 the
/// reason, ?10 and ?11 the last one seen, ?12 how many. A canary's number stands where it is shown.
#define KITH_SHOWN                                                                                         \
    "COALESCE((SELECT c.id FROM canaries c WHERE c.suggestion_id = f.suggestion_id AND c.state = 'open')," \
    " f.suggestion_id)"
#define KITH_WHOSE                                                        \
    " AND (?3 = '[]' OR department IN (SELECT value FROM json_each(?3)))" \
    " AND (?4 = '[]' OR account IN (SELECT value FROM json_each(?4)))"
#define KITH_WHICH                                                        \
    KITH_WHOSE                                                            \
    " AND (?5 = '' OR playbook = ?5) AND (?6 = '' OR outcome = ?6)"       \
    " AND (?7 = '' OR kind = ?7 OR (?7 = 'helpful' AND kind <> 'offer'))" \
    " AND (?8 = 0 OR reason = ?9)"
#define KITH_AFTER(time) \
    " AND " time " >= ?10 AND (" time " > ?10 OR shown > ?11) ORDER BY " time ", shown LIMIT ?12"

std::string_view statement_of(item_filter::set s) {
    using enum item_filter::set;
    switch (s) {
        case came:
            return "SELECT " KITH_SHOWN
                   " AS shown, message_id, created_at, account, department, playbook, outcome"
                   " FROM suggestion_facts f WHERE leads = 1 AND created_at >= ?1 AND created_at < "
                   "?2" KITH_WHICH KITH_AFTER("created_at");
        case went:
            return "SELECT " KITH_SHOWN
                   " AS shown, message_id, ended_at, account, department, playbook, outcome"
                   " FROM suggestion_facts f WHERE leads = 1 AND ended_at >= ?1 AND ended_at < ?2" KITH_WHICH
                       KITH_AFTER("ended_at");
        case waiting:
            return "SELECT " KITH_SHOWN
                   " AS shown, message_id, created_at, account, department, playbook, outcome"
                   " FROM suggestion_facts f WHERE leads = 1 AND created_at < ?2"
                   " AND (ended_at IS NULL OR ended_at >= ?2) AND ?1 <= ?2" KITH_WHICH KITH_AFTER(
                       "created_at");
        case answered:
            return "SELECT " KITH_SHOWN
                   " AS shown, message_id, ended_at, account, department, playbook, outcome"
                   " FROM suggestion_facts f WHERE outcome IN ('as-is', 'edited') AND purpose = 'answer'"
                   " AND ended_at >= ?1 AND ended_at < ?2" KITH_WHICH KITH_AFTER("ended_at");
        case posted:
            return "SELECT " KITH_SHOWN
                   " AS shown, message_id, ended_at, account, department, playbook, outcome"
                   " FROM suggestion_facts f WHERE outcome IN ('as-is', 'edited')"
                   " AND ended_at >= ?1 AND ended_at < ?2" KITH_WHICH KITH_AFTER("ended_at");
        case ended:
            return "SELECT " KITH_SHOWN
                   " AS shown, message_id, ended_at, account, department, playbook, outcome"
                   " FROM suggestion_facts f WHERE ended_at >= ?1 AND ended_at < ?2" KITH_WHICH KITH_AFTER(
                       "ended_at");
        case denied:
            return "SELECT 0, message_id, at, account, department, playbook, 'denied', message_id AS shown"
                   " FROM denials WHERE at >= ?1 AND at < ?2" KITH_WHOSE
                   " AND (?5 = '' OR playbook = ?5) AND ?6 = ?6 AND ?7 = ?7 AND ?8 = ?8 AND ?9 = "
                   "?9" KITH_AFTER("at");
        case canaries:
            return "SELECT f.id AS shown, s.message_id, f.decided_at, s.account, f.department, s.playbook, "
                   "f.state"
                   " FROM canaries f JOIN suggestions s ON s.id = f.suggestion_id WHERE f.state <> 'open'"
                   " AND f.decided_at >= ?1 AND f.decided_at < ?2"
                   " AND (?3 = '[]' OR f.department IN (SELECT value FROM json_each(?3)))"
                   " AND (?4 = '[]' OR s.account IN (SELECT value FROM json_each(?4)))"
                   " AND (?5 = '' OR s.playbook = ?5) AND (?6 = '' OR f.state = ?6) AND ?7 = ?7 AND ?8 = ?8"
                   " AND ?9 = ?9" KITH_AFTER("f.decided_at");
    }
    return {};
}

#undef KITH_SHOWN
#undef KITH_WHOSE
#undef KITH_WHICH
#undef KITH_AFTER

}  // namespace

std::vector<stats_item> stats_items(database& db, const item_filter& f) {
    if (f.in.borders.size() < 2) throw failure(fail(errc::invalid, "a time has a beginning and an end"));
    auto r = db.query(statement_of(f.of), f.in.borders.front(), f.in.borders.back(),
                      texts_for_sql(f.in.departments), texts_for_sql(f.in.accounts), f.playbook, f.outcome,
                      f.kind, f.reason.has_value(), f.reason.value_or(""), f.after_at, f.after_id,
                      static_cast<std::int64_t>(f.most));
    std::vector<stats_item> out;
    while (r.next())
        out.push_back({r.number(0), r.number(1), r.time(2), r.text(3), r.text(4), r.text(5), r.text(6)});
    return out;
}

namespace {

constexpr std::string_view moved_then =
    "SELECT id, contact, account, from_stage, to_stage, why, at FROM stage_moves WHERE at >= ?1 AND at < "
    "?2"
    " AND (?3 = '[]' OR account IN (SELECT value FROM json_each(?3)))"
    " AND (?4 = 0 OR from_stage = ?5) AND (?6 = 0 OR to_stage = ?7)"
    " AND at >= ?8 AND (at > ?8 OR id > ?9) ORDER BY at, id LIMIT ?10";

/// The same choice as the count of path_flow makes.
constexpr std::string_view stand_at_the_end =
    "SELECT m.id, m.contact, m.account, m.from_stage, m.to_stage, m.why, m.at FROM"
    " (SELECT MAX(id) AS newest, to_stage AS stage FROM stage_moves WHERE at < ?2 AND ?1 <= ?2"
    "  AND (?3 = '[]' OR account IN (SELECT value FROM json_each(?3))) GROUP BY contact, account)"
    " JOIN stage_moves m ON m.id = newest WHERE stage <> '' AND (?4 = 0 OR m.from_stage = ?5)"
    " AND (?6 = 0 OR stage = ?7) AND m.at >= ?8 AND (m.at > ?8 OR m.id > ?9) ORDER BY m.at, m.id LIMIT ?10";

}  // namespace

std::vector<move_item> move_items(database& db, const move_filter& f) {
    if (f.in.borders.size() < 2) throw failure(fail(errc::invalid, "a time has a beginning and an end"));
    auto r = db.query(f.standing ? stand_at_the_end : moved_then, f.in.borders.front(), f.in.borders.back(),
                      texts_for_sql(f.in.accounts), f.from.has_value(), f.from.value_or(""), f.to.has_value(),
                      f.to.value_or(""), f.after_at, f.after_id, static_cast<std::int64_t>(f.most));
    std::vector<move_item> out;
    while (r.next())
        out.push_back({r.number(0), r.number(1), r.text(2), r.text(3), r.text(4), r.text(5), r.time(6)});
    return out;
}

}  // namespace kith::sqlite
