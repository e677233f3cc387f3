#include "daemon/model/json.hpp"
#include "daemon/store/sqlite/canaries.hpp"
#include "daemon/store/sqlite/tables.hpp"

#include <boost/json/serialize.hpp>

namespace kith::sqlite {

namespace {

constexpr std::string_view suggestion_by_id =
    "SELECT id, message_id, rank, state, version, hash, text, account, target, target_revision, thread_tail,"
    " playbook, playbook_revision, reply, platform, department, playbook_title, kind, language, cites, "
    "matched,"
    " verdict, thread, changed, created_at, updated_at, decided_by, decided_at, reason, receipt_id, "
    "receipt_url,"
    " receipt_at, purpose, expires_at FROM suggestions WHERE id = ?";

approval_basis read_basis(const rows& r, int first) {
    approval_basis b;
    b.text = r.text(first);
    b.account = r.text(first + 1);
    b.target = r.text(first + 2);
    b.target_revision = r.text(first + 3);
    b.thread_tail = r.text(first + 4);
    b.playbook = r.text(first + 5);
    b.playbook_revision = r.text(first + 6);
    b.reply = r.text(first + 7);
    return b;
}

}  // namespace

stored_message read_message(database& db, std::int64_t id) {
    auto r = db.query(
        "SELECT m.id, m.account, native_id, revision, thread_id, parent_id, addressed, text, language, url, "
        "extra,"
        " written_at, received_at, deleted_at, c.identity, c.handle, c.display_name, c.bot, c.blocked_at IS "
        "NOT NULL, way, automated, community"
        " FROM messages m JOIN contacts c ON c.id = m.contact WHERE m.id = ?",
        id);
    if (!r.next()) throw failure(fail(errc::not_found, "there is no message " + std::to_string(id)));
    stored_message m;
    m.id = r.number(0);
    m.account = r.text(1);
    m.what.native_id = r.text(2);
    m.what.revision = r.text(3);
    m.what.thread_id = r.text(4);
    m.what.parent_id = r.text(5);
    m.what.addressed = r.flag(6);
    m.what.text = r.text(7);
    m.what.language = r.text(8);
    m.what.url = r.text(9);
    m.what.extra = r.text(10);
    m.what.written_at = r.time(11);
    m.received_at = r.time(12);
    m.deleted_at = r.maybe_time(13);
    m.what.author = {r.text(14), r.text(15), r.text(16), r.flag(17)};
    m.contact_blocked = r.flag(18);
    m.what.way = way_from(r.text(19)).value_or(way::none);
    m.what.automated = r.flag(20);
    m.what.community = r.text(21);
    return m;
}

void conflict(std::int64_t id, const std::string& why) {
    throw failure(fail(errc::conflict, "suggestion " + std::to_string(id) + " " + why));
}

suggestion read_suggestion(database& db, std::int64_t id) {
    auto r = db.query(suggestion_by_id, id);
    if (!r.next()) throw failure(fail(errc::not_found, "there is no suggestion " + std::to_string(id)));
    suggestion s;
    s.id = r.number(0);
    s.message_id = r.number(1);
    s.rank = static_cast<int>(r.number(2));
    s.state = suggestion_state_from(r.text(3)).value_or(suggestion_state::withdrawn);
    s.version = r.number(4);
    s.hash = r.text(5);
    s.basis = read_basis(r, 6);
    s.platform = r.text(14);
    s.department = r.text(15);
    s.playbook_title = r.text(16);
    s.kind = r.text(17);
    s.language = r.text(18);
    s.cites = texts_from_json(r.text(19));
    s.matched = matched_from_json(r.text(20));
    s.verdict = verdict_from_json(r.text(21));
    s.basis.verdict = s.verdict.digest();
    s.thread = thread_from_json(r.text(22));
    s.changed = texts_from_json(r.text(23));
    s.created_at = r.time(24);
    s.updated_at = r.time(25);
    s.decided_by = r.text(26);
    s.decided_at = r.maybe_time(27);
    s.reason = r.text(28);
    s.purpose = purpose_from(r.text(32)).value_or(purpose::answer);
    s.expires_at = r.maybe_time(33);
    if (const auto at = r.maybe_time(31)) s.receipt = receipt{r.text(29), r.text(30), *at};
    if (s.state == suggestion_state::open && s.verdict.decision == decision::second)
        s.first_approval_by = first_approver(db, s);
    return s;
}

std::vector<suggestion> suggestions_of(database& db, std::int64_t message_id) {
    std::vector<std::int64_t> ids;
    auto r = db.query("SELECT id FROM suggestions WHERE message_id = ? ORDER BY rank, id", message_id);
    while (r.next()) ids.push_back(r.number(0));
    std::vector<suggestion> out;
    for (const auto id : ids) out.push_back(read_suggestion(db, id));
    return out;
}

change move_to(database& db, std::int64_t suggestion_id, suggestion_state s, timestamp at,
               const std::string& reason) {
    db.run("UPDATE suggestions SET state = ?, version = version + 1, updated_at = ?, reason = ? WHERE id = ?",
           to_string(s), at, reason, suggestion_id);
    return {shown_as(db, suggestion_id), s};
}

}  // namespace kith::sqlite
