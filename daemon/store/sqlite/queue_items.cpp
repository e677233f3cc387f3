// The queue in the order in which people are asked about it. The triggers of 0009_queue.sql keep its rows.
#include "daemon/store/sqlite/queue_items.hpp"

#include "daemon/store/sqlite/canaries.hpp"
#include "daemon/store/sqlite/customers.hpp"
#include "daemon/store/sqlite/relations.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <set>

namespace kith::sqlite {

namespace json = boost::json;

namespace {

constexpr auto never = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t place_parts = 9;

bool waits(suggestion_state s) {
    using enum suggestion_state;
    return s == open || s == approved || s == sending || s == unsure;
}

/// A row of queue_items, and where it stands in the list.
struct line {
    std::int64_t message_id = 0;
    std::string purpose;
    std::int64_t suggestion_id = 0;
    std::optional<timestamp> snoozed_until;
    assignee assigned;
    std::string place;
};

constexpr std::string_view columns =
    "SELECT i.message_id, i.purpose, i.suggestion_id, i.snoozed_until, i.assigned_login, i.assigned_name,"
    " i.assigned_department";

line read_queue_line(const rows& r) {
    line out;
    out.message_id = r.number(0);
    out.purpose = r.text(1);
    out.suggestion_id = r.number(2);
    out.snoozed_until = r.maybe_time(3);
    out.assigned = {r.text(4), r.text(5), r.text(6)};
    return out;
}

/// Numbered from ?10: what a filter lets through.
constexpr std::string_view filters =
    " AND i.state IN (?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
    " AND (?18 = '' OR i.department = ?18 OR i.assigned_department = ?18) AND (?19 = '' OR i.account = ?19)"
    " AND (?20 = '' OR i.platform = ?20) AND (?21 = '' OR i.kind = ?21)"
    " AND (?22 = '' OR i.language = ?22) AND (?23 = '' OR i.playbook = ?23)"
    " AND (i.state <> 'open' OR (i.snoozed_until IS NOT NULL) = ?24)"
    " AND (?25 = 0 OR (i.assigned_login = ?26 AND (?26 <> '' OR i.assigned_department = '')))"
    " AND (?27 = '[]' OR i.department = '' OR i.department IN (SELECT value FROM json_each(?27))"
    "  OR i.assigned_department IN (SELECT value FROM json_each(?27)))"
    " AND (?28 = '[]' OR i.account IN (SELECT value FROM json_each(?28)))"
    " AND (?29 = '' OR EXISTS (SELECT 1 FROM messages m JOIN contacts c ON c.id = m.contact"
    "  JOIN stages g ON g.contact = COALESCE(c.person, c.id) AND g.account = m.account"
    "  WHERE m.id = i.message_id AND g.stage = ?29))"
    " AND (?30 = '' OR EXISTS (SELECT 1 FROM messages m JOIN contacts c ON c.id = m.contact"
    "  WHERE m.id = i.message_id AND (m.text LIKE ?30 ESCAPE '\\' OR c.handle LIKE ?30 ESCAPE '\\'"
    "  OR c.display_name LIKE ?30 ESCAPE '\\')))"
    " AND (?32 = '' OR EXISTS (SELECT 1 FROM suggestion_facts f WHERE f.suggestion_id = i.suggestion_id"
    "  AND f.outcome = ?32))"
    " AND (?33 = '' OR i.assigned_department = ?33)";

[[noreturn]] void no_such_place() {
    throw failure(fail(errc::invalid, "cursor: this is not one of this list: begin anew without it"));
}

/// The nine values that a place in the list is made of.
struct place {
    std::int64_t asleep = -1, turn = 0, expires_at = 0, since = 0;
    std::string account, thread;
    std::int64_t at = 0, message_id = 0;
    std::string purpose;

    static place after(const std::string& text, bool waiting) {
        place out;
        if (text.empty()) {
            if (!waiting) out.at = never;
            return out;
        }
        json::error_code ec;
        const auto v = json::parse(text, ec);
        if (ec || !v.is_array() || v.get_array().size() != place_parts) no_such_place();
        const auto& a = v.get_array();
        for (const auto i : {0U, 1U, 2U, 3U, 6U, 7U})
            if (!a[i].is_int64()) no_such_place();
        for (const auto i : {4U, 5U, 8U})
            if (!a[i].is_string()) no_such_place();
        out.asleep = a[0].get_int64();
        out.turn = a[1].get_int64();
        out.expires_at = a[2].get_int64();
        out.since = a[3].get_int64();
        out.account = std::string(a[4].get_string());
        out.thread = std::string(a[5].get_string());
        out.at = a[6].get_int64();
        out.message_id = a[7].get_int64();
        out.purpose = std::string(a[8].get_string());
        return out;
    }
};

std::string place_of(const rows& r, const line& l) {
    const json::array a{r.number(7), r.number(8),  r.number(9),  r.number(10), r.text(11),
                        r.text(12),  r.number(13), l.message_id, l.purpose};
    return json::serialize(a);
}

/// What LIKE looks for: these words anywhere, taken as they are.
std::string anywhere(const std::string& words) {
    if (words.empty()) return {};
    std::string out = "%";
    for (const char c : words) {
        if (c == '%' || c == '_' || c == '\\') out += '\\';
        out += c;
    }
    return out + "%";
}

std::optional<line> line_of(database& db, std::int64_t message_id, std::string_view purpose) {
    auto r = db.query(
        "SELECT i.message_id, i.purpose, i.suggestion_id, i.snoozed_until, i.assigned_login, i.assigned_name,"
        " i.assigned_department FROM queue_items i WHERE i.message_id = ? AND i.purpose = ?",
        message_id, purpose);
    if (!r.next()) return std::nullopt;
    return read_queue_line(r);
}

/// As people see it: until somebody has decided on it, a canary speaks in its place, whatever became of the
/// suggestion.
suggestion as_shown(database& db, suggestion s) {
    const auto number = shown_as(db, s.id);
    if (number == s.id) return s;
    const auto canary = find_canary(db, number);
    s.hash = canary->what.hash(s);
    s.id = number;
    s.basis.text = canary->what.draft.text;
    s.verdict = canary->what.draft.verdict;
    s.basis.verdict = s.verdict.digest();
    return s;
}

void read_surroundings(database& db, queue_item& item) {
    const auto message_id = item.message.id;
    std::int64_t identity = 0;
    {
        auto r = db.query(
            "SELECT contact, complaint, (SELECT COUNT(*) FROM suggestions WHERE message_id = m.id AND state "
            "= "
            "'open' AND purpose = ?2), (SELECT COUNT(*) FROM questions WHERE message_id = m.id AND "
            "answered_at IS "
            "NULL) FROM messages m WHERE m.id = ?1",
            message_id, to_string(item.shown.purpose));
        r.next();
        identity = r.number(0);
        item.complaint = r.flag(1);
        item.candidates = std::max<std::int64_t>(r.number(2), 1);
        item.questions_waiting = r.number(3);
    }
    item.contact = contact_of_identity(db, identity);
    item.stage = stage_of(db, identity, item.message.account);
    item.customer = is_customer(db, item.contact);
    if (item.shown.state != suggestion_state::approved) return;
    auto r = db.query(
        "SELECT due_at, last_error FROM deliveries WHERE suggestion_id = ? AND state = 'approved' AND "
        "attempts = 0",
        item.shown.id);
    if (!r.next()) return;
    item.undo_until = r.time(0);
    item.held = r.text(1);
}

queue_item read_item(database& db, const line& l, suggestion s) {
    queue_item out;
    out.shown = as_shown(db, std::move(s));
    out.message = read_message(db, l.message_id);
    out.snoozed_until = l.snoozed_until;
    out.assigned = l.assigned;
    out.place = l.place;
    read_surroundings(db, out);
    return out;
}

/// The suggestion behind a number that people see.
suggestion behind(database& db, std::int64_t id) {
    if (auto canary = find_canary(db, id)) return std::move(canary->in_place_of);
    return read_suggestion(db, id);
}

}  // namespace

/// Kept for the length of the process: statements are kept under their text's address.
const std::string& waiting_sql() {
    static const std::string sql =
        std::string(columns) +
        ", t.asleep, t.turn, t.expires_at, t.since, t.account, t.thread, i.received_at"
        " FROM queue_threads t CROSS JOIN queue_items i ON i.account = t.account AND i.thread = t.thread"
        " WHERE i.state IN ('open', 'approved', 'sending', 'unsure')"
        " AND (t.asleep, t.turn, t.expires_at, t.since, t.account, t.thread) >= (?1, ?2, ?3, ?4, ?5, ?6)"
        " AND (t.asleep, t.turn, t.expires_at, t.since, t.account, t.thread, i.received_at, i.message_id,"
        " i.purpose) > (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)" +
        std::string(filters) +
        " ORDER BY t.asleep, t.turn, t.expires_at, t.since, t.account, t.thread, i.received_at,"
        " i.message_id, i.purpose LIMIT ?31";
    return sql;
}

/// ?7 to ?9 as above, with the time of the decision; ?1 to ?6 are not used.
const std::string& decided_sql() {
    static const std::string sql = std::string(columns) +
                                   ", 0, 0, 0, 0, '', '', i.updated_at FROM queue_items i"
                                   " WHERE (i.updated_at, i.message_id, i.purpose) < (?7, ?8, ?9)" +
                                   std::string(filters) +
                                   " ORDER BY i.updated_at DESC, i.message_id DESC, i.purpose DESC LIMIT ?31";
    return sql;
}

std::string names_as_json(const std::vector<std::string>& names) {
    json::array out;
    for (const auto& n : names) out.emplace_back(n);
    return json::serialize(out);
}

queue_part list_queue(database& db, const queue_filter& f) {
    const bool waiting = std::all_of(f.states.begin(), f.states.end(), waits);
    if (!waiting && std::any_of(f.states.begin(), f.states.end(), waits))
        throw failure(fail(errc::invalid, "state: what waits and what is decided are two lists"));
    std::array<std::string, 8> states;
    for (std::size_t i = 0; i < f.states.size() && i < states.size(); ++i) states[i] = to_string(f.states[i]);
    const auto from = place::after(f.after, waiting);
    std::vector<line> lines;
    {
        auto r = db.query(waiting ? std::string_view(waiting_sql()) : std::string_view(decided_sql()),
                          from.asleep, from.turn, from.expires_at, from.since, from.account, from.thread,
                          from.at, from.message_id, from.purpose, states[0], states[1], states[2], states[3],
                          states[4], states[5], states[6], states[7], f.department, f.account, f.platform,
                          f.kind, f.language, f.playbook, f.snoozed, f.assigned.has_value(),
                          f.assigned.value_or(""), names_as_json(f.visible.departments),
                          names_as_json(f.visible.accounts), f.stage, anywhere(f.words),
                          static_cast<std::int64_t>(f.most) + 1, f.outcome, f.assigned_department);
        while (r.next()) {
            lines.push_back(read_queue_line(r));
            lines.back().place = place_of(r, lines.back());
        }
    }
    queue_part out;
    out.more = lines.size() > f.most;
    if (out.more) lines.resize(f.most);
    for (const auto& l : lines) out.items.push_back(read_item(db, l, read_suggestion(db, l.suggestion_id)));
    return out;
}

queue_item find_item(database& db, std::int64_t id) {
    auto s = behind(db, id);
    const auto l = line_of(db, s.message_id, to_string(s.purpose));
    if (!l) throw failure(fail(errc::not_found, "there is no suggestion " + std::to_string(id)));
    return read_item(db, *l, std::move(s));
}

std::vector<queue_item> items_of(database& db, const std::vector<std::int64_t>& ids) {
    std::set<std::pair<std::int64_t, std::string>> seen;
    std::vector<queue_item> out;
    for (const auto id : ids) {
        try {
            const auto s = behind(db, id);
            if (!seen.emplace(s.message_id, to_string(s.purpose)).second) continue;
            const auto l = line_of(db, s.message_id, to_string(s.purpose));
            if (l) out.push_back(read_item(db, *l, read_suggestion(db, l->suggestion_id)));
        } catch (const failure& e) {
            if (e.why().kind != errc::not_found) throw;
        }
    }
    return out;
}

std::vector<queue_count> count_queue(database& db, const visible_part& visible) {
    std::vector<queue_count> out;
    const auto read = [&out](rows r, bool given) {
        while (r.next())
            out.push_back({r.text(0), suggestion_state_from(r.text(1)).value_or(suggestion_state::open),
                           r.flag(2), given, r.number(3)});
    };
    const auto departments = names_as_json(visible.departments), accounts = names_as_json(visible.accounts);
    read(db.query("SELECT department, state, snoozed, SUM(n) FROM queue_tallies WHERE n > 0"
                  " AND (?1 = '[]' OR department = '' OR department IN (SELECT value FROM json_each(?1))"
                  "  OR given IN (SELECT value FROM json_each(?1)))"
                  " AND (?2 = '[]' OR account IN (SELECT value FROM json_each(?2)))"
                  " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
                  departments, accounts),
         false);
    // What was given to another department than its own is on that one's table as well.
    read(db.query("SELECT given, state, snoozed, SUM(n) FROM queue_tallies WHERE n > 0 AND given <> ''"
                  " AND (?1 = '[]' OR department = '' OR department IN (SELECT value FROM json_each(?1))"
                  "  OR given IN (SELECT value FROM json_each(?1)))"
                  " AND (?2 = '[]' OR account IN (SELECT value FROM json_each(?2)))"
                  " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
                  departments, accounts),
         true);
    return out;
}

}  // namespace kith::sqlite
