// Drafts that are wrong on purpose. Nothing here touches a delivery.
#include "daemon/store/sqlite/canaries.hpp"

#include "daemon/model/json.hpp"
#include "daemon/model/sha256.hpp"
#include "daemon/store/sqlite/queue_items.hpp"

#include <boost/json/serialize.hpp>

#include <map>

namespace kith::sqlite {

namespace {

canary_state state_from(const std::string& text) {
    if (text == "caught") return canary_state::caught;
    return text == "missed" ? canary_state::missed : canary_state::open;
}

std::vector<catches> in_order(std::map<std::string, catches> all) {
    std::vector<catches> out;
    for (auto& [name, counted] : all) {
        counted.of = name;
        out.push_back(std::move(counted));
    }
    return out;
}

}  // namespace

std::int64_t reserve_canary(database& db) {
    db.run(
        "INSERT INTO sqlite_sequence (name, seq) SELECT 'suggestions', 0"
        " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'suggestions')");
    db.run("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'suggestions'");
    auto r = db.query("SELECT seq FROM sqlite_sequence WHERE name = 'suggestions'");
    r.next();
    return r.number(0);
}

void place_canary(database& db, std::int64_t id, std::int64_t suggestion_id, const canary_draft& draft,
                  timestamp at) {
    db.run(
        "INSERT INTO canaries (id, suggestion_id, department, fault, wrong, text, verdict, token, placed_at)"
        " SELECT ?, id, department, ?, ?, ?, ?, ?, ? FROM suggestions WHERE id = ?",
        id, draft.fault, draft.wrong, draft.text, boost::json::serialize(to_json(draft.verdict)),
        random_base32(26), at, suggestion_id);
}

std::int64_t shown_as(database& db, std::int64_t suggestion_id) {
    auto r = db.query("SELECT id FROM canaries WHERE suggestion_id = ? AND state = 'open'", suggestion_id);
    return r.next() ? r.number(0) : suggestion_id;
}

void erase_canaries(database& db, std::int64_t message_id) {
    db.run(
        "UPDATE canaries SET text = '', wrong = '',"
        " verdict = json_object('decision', json_extract(verdict, '$.decision'), 'reasons', json('[]'))"
        " WHERE suggestion_id IN"
        " (SELECT id FROM suggestions WHERE message_id = ?)",
        message_id);
}

std::optional<placed_canary> find_canary(database& db, std::int64_t id) {
    placed_canary out;
    auto& c = out.what;
    {
        auto r = db.query(
            "SELECT id, suggestion_id, department, fault, wrong, text, verdict, token, state, act, "
            "decided_by,"
            " decided_at, placed_at FROM canaries WHERE id = ?",
            id);
        if (!r.next()) return std::nullopt;
        c.id = r.number(0);
        c.suggestion_id = r.number(1);
        c.department = r.text(2);
        c.draft = {r.text(3), r.text(4), r.text(5), verdict_from_json(r.text(6))};
        c.token = r.text(7);
        c.state = state_from(r.text(8));
        c.act = r.text(9);
        c.decided_by = r.text(10);
        c.decided_at = r.maybe_time(11);
        c.placed_at = r.time(12);
    }
    out.in_place_of = read_suggestion(db, c.suggestion_id);
    return out;
}

std::vector<placed_canary> open_canaries(database& db) {
    std::vector<std::int64_t> ids;
    {
        auto r = db.query(
            "SELECT c.id FROM suggestions s JOIN canaries c ON c.suggestion_id = s.id"
            " WHERE s.state = 'open' AND c.state = 'open' ORDER BY c.id");
        while (r.next()) ids.push_back(r.number(0));
    }
    std::vector<placed_canary> out;
    for (const auto id : ids) out.push_back(find_canary(db, id).value());
    return out;
}

std::vector<placed_canary> canaries_in_place_of(database& db, const std::vector<std::int64_t>& suggestions) {
    std::vector<placed_canary> out;
    for (const auto id : suggestions)
        if (const auto shown = shown_as(db, id); shown != id) out.push_back(find_canary(db, shown).value());
    return out;
}

decided_canary decide_canary(database& db, std::int64_t id, const canary_act& a, timestamp at) {
    const auto found = find_canary(db, id);
    if (!found) throw failure(fail(errc::not_found, "there is no suggestion " + std::to_string(id)));
    const auto& [c, s] = *found;
    if (c.state != canary_state::open) conflict(id, "was a canary, decided by " + c.decided_by);
    if (s.state != suggestion_state::open)
        conflict(id, "is withdrawn" + (s.reason.empty() ? "" : ": " + s.reason));
    const bool missed = a.act == "approved";
    if (missed && a.hash != c.hash(s)) conflict(id, "changed since it was shown: look at it again");
    if (!missed && a.version != s.version) conflict(id, "changed meanwhile: look at it again");
    db.run("UPDATE canaries SET state = ?, act = ?, decided_by = ?, decided_at = ? WHERE id = ?",
           missed ? "missed" : "caught", a.act, a.by, at, id);
    note(db, at, a.by, missed ? "canary missed" : "canary caught", s.message_id, id,
         c.draft.fault + ", " + a.act + ", in the place of suggestion " + std::to_string(s.id) + ", since " +
             to_rfc3339(c.placed_at, 0));
    decided_canary out;
    out.canary = find_canary(db, id).value();
    out.changes = {{id, suggestion_state::withdrawn}, {s.id, suggestion_state::open}};
    return out;
}

canary_counts count_canaries(database& db, const std::vector<std::string>& departments,
                             const std::vector<std::string>& accounts) {
    canary_counts out;
    std::map<std::string, catches> people, of_departments, faults;
    auto r = db.query(
        "SELECT c.decided_by, c.department, c.fault, c.state = 'caught', c.state = 'missed', COUNT(*)"
        " FROM canaries c JOIN suggestions s ON s.id = c.suggestion_id"
        " WHERE (c.state <> 'open' OR s.state = 'open')"
        " AND (?1 = '[]' OR c.department IN (SELECT value FROM json_each(?1)))"
        " AND (?2 = '[]' OR s.account IN (SELECT value FROM json_each(?2))) GROUP BY 1, 2, 3, 4, 5",
        names_as_json(departments), names_as_json(accounts));
    while (r.next()) {
        const auto caught = r.flag(3), missed = r.flag(4);
        const auto n = r.number(5);
        if (!caught && !missed) {
            out.open += n;
            continue;
        }
        for (auto* one : {&people[r.text(0)], &of_departments[r.text(1)], &faults[r.text(2)]})
            (caught ? one->caught : one->missed) += n;
    }
    out.people = in_order(std::move(people));
    out.departments = in_order(std::move(of_departments));
    out.faults = in_order(std::move(faults));
    return out;
}

}  // namespace kith::sqlite
