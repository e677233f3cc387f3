// What webhooks are told.
#include "daemon/store/sqlite/notifications.hpp"

#include "daemon/model/sha256.hpp"
#include "daemon/store/sqlite/queue_items.hpp"
#include "daemon/store/sqlite/tables.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace kith::sqlite {

namespace json = boost::json;

namespace {

constexpr std::chrono::hours not_news_after{24};  ///< what waited for longer when we first looked
constexpr std::chrono::hours notices_kept_for{24 * 90};

/// ?1 hook, ?2 department, ?5 and ?6 departments and accounts that may be seen, ?3 from, ?4 until: the
/// moments between which it must have begun, or will end. Gives the suggestion as it is shown, what it is
/// about (once each), and what may be told of it: no word of the contact's.
struct news_kind {
    std::string_view kind, text, sql;
};

constexpr std::array<news_kind, 4> kinds_of_news = {{
    {"waiting", "A suggestion waits for a person.",
     "SELECT COALESCE((SELECT c.id FROM canaries c WHERE c.suggestion_id = s.id AND c.state = 'open'), s.id),"
     " f.message_id || ' ' || f.purpose AS about, s.message_id, s.account, s.department, s.playbook,"
     " s.playbook_title, f.created_at FROM suggestion_facts f JOIN suggestions s ON s.id = f.suggestion_id"
     " WHERE f.leads = 1 AND f.created_at > ?3 AND f.created_at <= ?4 AND f.ended_at IS NULL"
     " AND s.state = 'open' AND (?2 = '' OR f.department = ?2)"
     " AND (?5 = '[]' OR f.department = '' OR f.department IN (SELECT value FROM json_each(?5)))"
     " AND (?6 = '[]' OR s.account IN (SELECT value FROM json_each(?6))) AND NOT EXISTS"
     " (SELECT 1 FROM queue_items q WHERE q.suggestion_id = s.id AND q.snoozed_until IS NOT NULL)"
     " AND NOT EXISTS (SELECT 1 FROM "
     "notifications n"
     " WHERE n.hook = ?1 AND n.kind = 'waiting' AND n.about = f.message_id || ' ' || f.purpose)"
     " ORDER BY f.created_at LIMIT 100"},
    {"expiring", "A suggestion can soon be sent no more.",
     "SELECT COALESCE((SELECT c.id FROM canaries c WHERE c.suggestion_id = s.id AND c.state = 'open'), s.id),"
     " i.message_id || ' ' || i.purpose AS about, i.message_id, i.account, i.department, i.playbook,"
     " s.playbook_title, i.expires_at FROM queue_items i JOIN suggestions s ON s.id = i.suggestion_id"
     " WHERE i.state = 'open' AND i.expires_at < 9223372036854775807 AND i.expires_at > ?3"
     " AND i.expires_at <= ?4 AND (?2 = '' OR i.department = ?2)"
     " AND (?5 = '[]' OR i.department = '' OR i.department IN (SELECT value FROM json_each(?5)))"
     " AND (?6 = '[]' OR i.account IN (SELECT value FROM json_each(?6))) AND NOT EXISTS"
     " (SELECT 1 FROM notifications n WHERE n.hook = ?1 AND n.kind = 'expiring'"
     " AND n.about = i.message_id || ' ' || i.purpose) ORDER BY i.expires_at LIMIT 100"},
    {"second-needed", "A reply was approved by one person and needs a second.",
     "SELECT s.id, s.id || ' ' || a.at AS about, s.message_id, s.account, s.department, s.playbook,"
     " s.playbook_title, a.at FROM suggestions s JOIN first_approvals a ON a.suggestion_id = s.id AND"
     " a.hash = s.hash WHERE s.state = 'open' AND a.at > ?3 AND a.at <= ?4 AND (?2 = '' OR s.department = ?2)"
     " AND (?5 = '[]' OR s.department = '' OR s.department IN (SELECT value FROM json_each(?5)))"
     " AND (?6 = '[]' OR s.account IN (SELECT value FROM json_each(?6)))"
     " AND NOT EXISTS (SELECT 1 FROM notifications n WHERE n.hook = ?1 AND n.kind = 'second-needed'"
     " AND n.about = s.id || ' ' || a.at) ORDER BY a.at LIMIT 100"},
    {"unsure", "Nobody can tell whether a reply was posted: a person must look.",
     "SELECT s.id, s.id || ' ' || s.updated_at AS about, s.message_id, s.account, s.department, s.playbook,"
     " s.playbook_title, s.updated_at FROM suggestions s WHERE s.state = 'unsure' AND"
     " s.updated_at > ?3 AND s.updated_at <= ?4 AND (?2 = '' OR s.department = ?2)"
     " AND (?5 = '[]' OR s.department = '' OR s.department IN (SELECT value FROM json_each(?5)))"
     " AND (?6 = '[]' OR s.account IN (SELECT value FROM json_each(?6))) AND NOT EXISTS"
     " (SELECT 1 FROM notifications n WHERE n.hook = ?1 AND n.kind = 'unsure'"
     " AND n.about = s.id || ' ' || s.updated_at) ORDER BY s.updated_at LIMIT 100"},
}};

bool insert(database& db, const std::string& hook, std::string_view kind, const std::string& about,
            json::object body, timestamp at) {
    const auto id = random_base32(26);
    json::object all{{"id", id}, {"kind", kind}, {"at", to_rfc3339(at, 3)}};
    for (auto& [key, value] : body) all[key] = std::move(value);
    return db.run(
               "INSERT OR IGNORE INTO notifications (id, hook, kind, about, body, at, due_at)"
               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
               id, hook, kind, about, json::serialize(all), at) > 0;
}

std::int64_t look_for(database& db, const notify_wish& w, const news_kind& news, timestamp from,
                      timestamp until, timestamp at) {
    std::vector<std::pair<std::string, json::object>> found;
    {
        auto r = db.query(news.sql, w.hook, w.department, from, until, names_as_json(w.visible.departments),
                          names_as_json(w.visible.accounts));
        while (r.next()) {
            const auto id = r.number(0);
            json::object item{{"id", id},
                              {"message", r.number(2)},
                              {"account", r.text(3)},
                              {"department", r.text(4)},
                              {"playbook", r.text(5)},
                              {"title", r.text(6)},
                              {news.kind == "expiring" ? "until" : "since", to_rfc3339(r.time(7), 3)},
                              {"url", w.link + "/s/" + std::to_string(id)}};
            json::object body{{"text", news.text}, {"suggestion", std::move(item)}};
            found.emplace_back(r.text(1), std::move(body));
        }
    }
    std::int64_t noted = 0;
    for (auto& [about, body] : found)
        if (insert(db, w.hook, news.kind, about, std::move(body), at)) ++noted;
    return noted;
}

}  // namespace

std::int64_t look_for_news(database& db, const notify_wish& w, timestamp at) {
    std::int64_t noted = 0;
    for (const auto& news : kinds_of_news) {
        if (std::find(w.kinds.begin(), w.kinds.end(), news.kind) == w.kinds.end()) continue;
        if (news.kind == "expiring") {
            noted += look_for(db, w, news, at, at + w.expiring, at);
            continue;
        }
        const auto until = news.kind == "waiting" ? at - w.waiting : at;
        noted += look_for(db, w, news, until - not_news_after, until, at);
    }
    return noted;
}

bool add_notification(database& db, const std::string& hook, const std::string& kind,
                      const std::string& about, const std::string& text, const std::string& account,
                      timestamp at) {
    json::object body{{"text", text}, {"account", account}};
    return insert(db, hook, kind, about, std::move(body), at);
}

std::optional<notification> begin_notification(database& db, const std::string& hook, timestamp at) {
    std::optional<notification> out;
    {
        auto r = db.query(
            "SELECT id, kind, body, at, attempts FROM notifications WHERE hook = ? AND state IN ('waiting',"
            " 'sending') AND due_at <= ? ORDER BY due_at, id LIMIT 1",
            hook, at);
        if (!r.next()) return out;
        out =
            notification{r.text(0), hook, r.text(1), r.text(2), r.time(3), static_cast<int>(r.number(4)) + 1};
    }
    db.run("UPDATE notifications SET state = 'sending', attempts = attempts + 1 WHERE id = ?", out->id);
    return out;
}

std::vector<notification> begin_notifications(database& db, const std::string& hook,
                                              const std::vector<std::string>& kinds, timestamp at,
                                              std::size_t most) {
    db.run(
        "UPDATE notifications SET state = 'unsure', ended_at = ?2, last_error = 'it may have arrived'"
        " WHERE hook = ?1 AND state = 'sending'",
        hook, at);
    db.run(
        "UPDATE notifications SET state = 'given-up', ended_at = ?2 WHERE hook = ?1 AND state = 'waiting'"
        " AND at < ?3",
        hook, at, at - not_news_after);
    std::vector<notification> out;
    {
        auto r = db.query(
            "SELECT id, kind, body, at, attempts FROM notifications WHERE hook = ?1 AND state IN ('waiting',"
            " 'sending') AND due_at <= ?2 AND kind IN (SELECT value FROM json_each(?3)) ORDER BY due_at, id"
            " LIMIT ?4",
            hook, at, names_as_json(kinds), static_cast<std::int64_t>(most));
        while (r.next())
            out.push_back(
                {r.text(0), hook, r.text(1), r.text(2), r.time(3), static_cast<int>(r.number(4)) + 1});
    }
    for (const auto& n : out)
        db.run("UPDATE notifications SET state = 'sending', attempts = attempts + 1 WHERE id = ?", n.id);
    return out;
}

void end_notification(database& db, const std::string& id, const notification_outcome& o, timestamp at) {
    using kind = notification_outcome::kind;
    const bool again = o.is == kind::again;
    const std::string_view state = again                   ? "waiting"
                                   : o.is == kind::sent    ? "sent"
                                   : o.is == kind::refused ? "refused"
                                   : o.is == kind::unsure  ? "unsure"
                                                           : "given-up";
    db.run(
        "UPDATE notifications SET state = ?2, last_error = ?3, due_at = CASE WHEN ?4 THEN ?5 ELSE due_at END,"
        " ended_at = CASE WHEN ?4 THEN NULL ELSE ?6 END WHERE id = ?1 AND state = 'sending'",
        id, state, o.why, again, o.again_at, at);
    db.run("DELETE FROM notifications WHERE ended_at < ?", at - notices_kept_for);
}

std::vector<notification_line> notification_lines(database& db, std::size_t most) {
    std::vector<notification_line> out;
    auto r = db.query(
        "SELECT id, hook, kind, state, last_error, attempts, at, ended_at FROM notifications"
        " ORDER BY at DESC, id LIMIT ?",
        static_cast<std::int64_t>(most));
    while (r.next())
        out.push_back({r.text(0), r.text(1), r.text(2), r.text(3), r.text(4), static_cast<int>(r.number(5)),
                       r.time(6), r.maybe_time(7)});
    return out;
}

}  // namespace kith::sqlite
