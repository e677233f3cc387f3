#include "daemon/console/view_departments.hpp"

#include "daemon/console/json_values.hpp"
#include "daemon/model/local_time.hpp"

namespace kith::console {

namespace json = boost::json;

json::object view(const question& q) {
    return {{"id", q.id},
            {"message", q.message_id},
            {"suggestion", q.suggestion_id},
            {"department", q.department},
            {"language", q.language},
            {"text", q.text},
            {"asked_by", q.asked_by},
            {"asked_at", to_rfc3339(q.asked_at, 3)},
            {"answer", q.answered_at ? json::value(q.answer) : json::value(nullptr)},
            {"answered_by", q.answered_by},
            {"answered_at", time_or_null(q.answered_at)},
            {"kept_as", q.kept_as}};
}

json::object view(const unanswered_message& m) {
    return {{"message", m.id},
            {"account", m.account},
            {"received_at", to_rfc3339(m.received_at, 3)},
            {"department", m.department},
            {"playbook", m.playbook},
            {"because", m.because}};
}

json::object view(const answer_standing& a, const answer_tally& t) {
    const auto day = std::chrono::local_days{std::chrono::sys_days{a.review_by}.time_since_epoch()};
    return {{"id", a.id},
            {"owner", a.owner},
            {"review_by", spell(day)},
            {"days_left", a.days_left},
            {"age", to_string(a.age)},
            {"posted", t.posted},
            {"solved", t.solved},
            {"not_solved", t.not_solved},
            {"undecided", t.undecided}};
}

json::object view(const digest_line& d) {
    return {{"since", to_rfc3339(d.since, 3)},      {"until", to_rfc3339(d.until, 3)},
            {"state", to_string(d.state)},          {"attempts", d.attempts},
            {"ended_at", time_or_null(d.ended_at)}, {"error", d.last_error}};
}

}  // namespace kith::console
