// What reviewers ask departments. The record holds who asked whom and the hashes, never the words.
#include "daemon/store/sqlite/departments.hpp"

#include "daemon/model/sha256.hpp"
#include "daemon/store/sqlite/queue_items.hpp"
#include "daemon/store/sqlite/tables.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace kith::sqlite {

namespace {

question read_question(const rows& r) {
    question q;
    q.id = r.number(0);
    q.message_id = r.number(1);
    q.suggestion_id = r.number(2);
    q.department = r.text(3);
    q.language = r.text(4);
    q.text = r.text(5);
    q.asked_by = r.text(6);
    q.asked_at = r.time(7);
    q.answer = r.text(8);
    q.answered_by = r.text(9);
    q.answered_at = r.maybe_time(10);
    q.kept_as = r.text(11);
    q.account = r.text(12);
    return q;
}

std::string named(std::int64_t id) {
    return "question " + std::to_string(id);
}

/// The record names the true suggestion, whatever is shown in its place.
std::int64_t true_suggestion(database& db, std::int64_t question_id) {
    auto r = db.query("SELECT suggestion_id FROM questions WHERE id = ?", question_id);
    r.next();
    return r.number(0);
}

}  // namespace

question find_question(database& db, std::int64_t id) {
    auto r = db.query(
        "SELECT id, message_id, COALESCE((SELECT c.id FROM canaries c WHERE c.suggestion_id ="
        " questions.suggestion_id AND c.state = 'open'), suggestion_id), department, language, text, "
        "asked_by,"
        " asked_at, answer,"
        " answered_by, answered_at, kept_as, (SELECT account FROM messages m WHERE m.id = message_id)"
        " FROM questions WHERE id = ?",
        id);
    if (!r.next()) throw failure(fail(errc::not_found, "there is no " + named(id)));
    return read_question(r);
}

question ask(database& db, std::int64_t suggestion_id, const std::string& department, const std::string& text,
             const std::string& by, timestamp at) {
    const auto s = read_suggestion(db, suggestion_id);
    if (s.state != suggestion_state::open && s.state != suggestion_state::approved)
        throw failure(fail(errc::conflict, "suggestion " + std::to_string(suggestion_id) + " is " +
                                               std::string(to_string(s.state)) +
                                               ": an answer would come too late"));
    db.run(
        "INSERT INTO questions (message_id, suggestion_id, department, language, text, asked_by, asked_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        s.message_id, suggestion_id, department, s.language, text, by, at);
    const auto id = db.last_id();
    note(db, at, by, "asked", s.message_id, suggestion_id,
         named(id) + " to " + department + ", text " + sha256_hex(text));
    return find_question(db, id);
}

question answer(database& db, std::int64_t id, const std::string& text, const std::string& by, timestamp at) {
    const auto q = find_question(db, id);
    if (q.answered_at)
        throw failure(fail(errc::conflict, named(id) + " was answered by " + q.answered_by + " at " +
                                               to_rfc3339(*q.answered_at, 0) +
                                               ": ask again if that has changed"));
    db.run("UPDATE questions SET answer = ?, answered_by = ?, answered_at = ? WHERE id = ?", text, by, at,
           id);
    note(db, at, by, "answered", q.message_id, true_suggestion(db, id),
         named(id) + " for " + q.department + ", text " + sha256_hex(text));
    return find_question(db, id);
}

question keep(database& db, std::int64_t id, const std::string& as, const std::string& by, timestamp at) {
    const auto q = find_question(db, id);
    if (!q.answered_at)
        throw failure(fail(errc::conflict, named(id) + " is not answered yet: there is nothing to keep"));
    db.run("UPDATE questions SET kept_as = ? WHERE id = ?", as, id);
    note(db, at, by, "kept", q.message_id, true_suggestion(db, id), named(id) + " as answer " + as);
    return find_question(db, id);
}

std::vector<question> questions(database& db, const question_filter& f) {
    const boost::json::array about(f.messages.begin(), f.messages.end());
    auto r = db.query(
        "SELECT id, message_id, COALESCE((SELECT c.id FROM canaries c WHERE c.suggestion_id ="
        " questions.suggestion_id AND c.state = 'open'), suggestion_id), department, language, text, "
        "asked_by,"
        " asked_at, answer,"
        " answered_by, answered_at, kept_as, (SELECT account FROM messages m WHERE m.id = message_id) AS "
        "account"
        " FROM questions WHERE (?1 = '' OR department = ?1)"
        " AND (?6 = '[]' OR account IN (SELECT value FROM json_each(?6)))"
        " AND (?2 = '[]' OR message_id IN (SELECT value FROM json_each(?2)))"
        " AND (NOT ?3 OR answered_at IS NULL) AND id > ?5 ORDER BY id LIMIT ?4",
        f.department, boost::json::serialize(about), f.waiting_only, static_cast<std::int64_t>(f.most),
        f.after, names_as_json(f.accounts));
    std::vector<question> out;
    while (r.next()) out.push_back(read_question(r));
    return out;
}

void forget_questions(database& db, std::int64_t message_id) {
    db.run("UPDATE questions SET text = '', answer = '' WHERE message_id = ?", message_id);
}

}  // namespace kith::sqlite
