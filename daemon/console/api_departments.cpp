// What departments see: their queue, what they were asked, what nobody answered, what their answers did.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/json_values.hpp"
#include "daemon/console/routes.hpp"
#include "daemon/console/view_departments.hpp"
#include "daemon/digest/render.hpp"
#include "daemon/digest/round.hpp"

#include <boost/json/array.hpp>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;

json::value digest_of(const department_config& d, const std::map<std::string, digest_line>& marks,
                      timestamp at) {
    if (!d.digest) return nullptr;
    static constexpr std::string_view kinds[] = {"file", "email", "webhook"};
    json::object out{{"every", d.digest->when.weekly ? "week" : "day"},
                     {"to", kinds[static_cast<std::size_t>(d.digest->to.is)]},
                     {"where", in_words(d.digest->to)},
                     {"next_at", to_rfc3339(next_due(d.digest->when, at), 3)},
                     {"last", nullptr}};
    if (const auto last = marks.find(d.id); last != marks.end()) out["last"] = view(last->second);
    return out;
}

json::object summary(const department_config& d, const department_counts& n) {
    return {
        {"id", d.id},
        {"name", d.name},
        {"languages", json::array(d.languages.begin(), d.languages.end())},
        {"queue", {{"open", n.open}, {"oldest_at", time_or_null(n.oldest_open)}}},
        {"questions",
         {{"waiting", n.waiting}, {"answered", n.answered}, {"oldest_at", time_or_null(n.oldest_question)}}}};
}

/// What the answers did, on the accounts that are theirs.
awaitable<result<std::map<std::string, answer_tally>>> outcomes_for(api_context& c, timestamp at,
                                                                    const identity& by) {
    if (by.accounts.empty()) co_return co_await c.desk.outcomes(at);
    auto posted = co_await c.desk.posted(at - department_desk::outcomes_of, timestamp::max());
    if (posted.has_error()) co_return posted.error();
    std::erase_if(*posted, [&](const posted_reply& p) { return !may(by, {}, p.account); });
    co_return c.desk.tally(*posted, at);
}

/// A digest tells of a department on every account.
result<void> must_have_all_accounts(const identity& by) {
    if (by.accounts.empty()) return {};
    return fail(errc::refused, "a digest tells of all accounts: it is for those who see all of them");
}

shown list_departments(api_context& c, server_request r, identity by) {
    const auto part = wanted_part::of(r);
    if (part.has_error()) co_return part.error();
    const auto at = now();
    auto counts = co_await c.store.departments().counts(by.accounts);
    if (counts.has_error()) co_return counts.error();
    const auto silent = co_await c.desk.unanswered(at);
    if (silent.has_error()) co_return silent.error();
    const auto marks = co_await c.store.digests().newest();
    if (marks.has_error()) co_return marks.error();
    std::map<std::string, std::int64_t> unanswered;
    for (const auto& m : *silent)
        if (may(by, {}, m.account)) ++unanswered[m.department];
    const auto answers = c.desk.answers(at);
    std::vector<keyed_item> items;
    for (const auto& d : c.desk.departments()) {
        if (!may(by, d.id, {})) continue;
        auto v = summary(d, (*counts)[d.id]);
        std::int64_t due = 0, stale = 0, all = 0;
        for (const auto& a : answers) {
            if (a.owner != d.id) continue;
            ++all;
            due += a.age == answer_age::due;
            stale += a.age == answer_age::stale;
        }
        v["unanswered"] = unanswered[d.id];
        v["answers"] = json::object{{"count", all}, {"due", due}, {"stale", stale}};
        v["digest"] = digest_of(d, *marks, at);
        auto key = sortable(static_cast<std::int64_t>(items.size()));  // in the order of kith.yaml
        items.push_back({std::move(key), std::move(v)});
    }
    auto out = part_of(std::move(items), *part);
    out["house"] = json::object{{"unanswered", unanswered[""]}};
    co_return json::value(std::move(out));
}

shown one_department(api_context& c, server_request r, identity by) {
    const auto at = now();
    const auto d = c.desk.find(r.parts.at(0));
    if (!d || !may(by, d->id, {}))
        co_return fail(errc::not_found, "there is no department '" + r.parts.at(0) + "'");
    auto counts = co_await c.store.departments().counts(by.accounts);
    if (counts.has_error()) co_return counts.error();
    auto out = summary(*d, (*counts)[d->id]);
    question_filter f;
    f.department = d->id;
    f.accounts = by.accounts;
    f.waiting_only = true;
    const auto asked = co_await c.store.departments().questions(std::move(f));
    if (asked.has_error()) co_return asked.error();
    json::array waiting, silent, answers;
    for (const auto& q : *asked) waiting.push_back(view(q));
    const auto unanswered = co_await c.desk.unanswered(at);
    if (unanswered.has_error()) co_return unanswered.error();
    for (const auto& m : *unanswered)
        if (m.department == d->id && may(by, {}, m.account)) silent.push_back(view(m));
    const auto outcomes = co_await outcomes_for(c, at, by);
    if (outcomes.has_error()) co_return outcomes.error();
    for (const auto& a : c.desk.answers(at)) {
        if (a.owner != d->id) continue;
        const auto t = outcomes->find(a.id);
        answers.push_back(view(a, t == outcomes->end() ? answer_tally{} : t->second));
    }
    const auto marks = co_await c.store.digests().newest();
    if (marks.has_error()) co_return marks.error();
    out["questions"].as_object()["items"] = std::move(waiting);
    out["unanswered"] = std::move(silent);
    out["answers"] = std::move(answers);
    out["digest"] = digest_of(*d, *marks, at);
    co_return json::value(std::move(out));
}

shown unanswered(api_context& c, server_request r, identity by) {
    const auto part = wanted_part::of(r);
    if (part.has_error()) co_return part.error();
    const auto found = co_await c.desk.unanswered(now());
    if (found.has_error()) co_return found.error();
    const auto wanted = r.param("department");
    std::vector<keyed_item> items;
    for (const auto& m : *found)
        if ((wanted.empty() || m.department == wanted) && may(by, m.department, m.account))
            items.push_back({sortable(to_micros(m.received_at)) + sortable(m.id), view(m)});
    co_return json::value(part_of(std::move(items), *part));
}

shown answers(api_context& c, server_request r, identity by) {
    const auto part = wanted_part::of(r);
    if (part.has_error()) co_return part.error();
    const auto at = now();
    const auto outcomes = co_await outcomes_for(c, at, by);
    if (outcomes.has_error()) co_return outcomes.error();
    std::vector<keyed_item> items;
    for (const auto& a : c.desk.answers(at)) {
        if (!may(by, a.owner, {})) continue;
        const auto t = outcomes->find(a.id);
        items.push_back({a.id, view(a, t == outcomes->end() ? answer_tally{} : t->second)});
    }
    co_return json::value(part_of(std::move(items), *part));
}

/// What a digest would tell now: of the time since the last one that was due.
awaitable<result<digest_facts>> facts_now(api_context& c, std::string id) {
    const auto at = now();
    const auto marks = co_await c.store.digests().newest();
    if (marks.has_error()) co_return marks.error();
    const auto last = marks->find(id);
    const auto since = last == marks->end() ? at - std::chrono::hours{24} : last->second.until;
    co_return co_await c.desk.facts(std::move(id), since, at, at);
}

shown preview(api_context& c, server_request r, identity by) {
    if (!may(by, r.parts.at(0), {}))
        co_return fail(errc::not_found, "there is no department '" + r.parts.at(0) + "'");
    const auto all = must_have_all_accounts(by);
    if (all.has_error()) co_return all.error();
    const auto f = co_await facts_now(c, r.parts.at(0));
    if (f.has_error()) co_return f.error();
    json::object out{{"subject", digest_subject(*f)}, {"text", digest_text(*f)}, {"html", digest_html(*f)}};
    out["facts"] = digest_json(*f);
    co_return json::value(std::move(out));
}

/// Beside those of the clock, and changes nothing about when the next is due: to try the settings.
shown send(api_context& c, server_request r, identity by) {
    const auto d = c.desk.find(r.parts.at(0));
    if (!d || !may(by, d->id, {}))
        co_return fail(errc::not_found, "there is no department '" + r.parts.at(0) + "'");
    const auto all = must_have_all_accounts(by);
    if (all.has_error()) co_return all.error();
    if (!d->digest)
        co_return fail(errc::conflict, "the department '" + d->id + "' has no digest in kith.yaml");
    auto f = co_await facts_now(c, d->id);
    if (f.has_error()) co_return f.error();
    const auto key = digest_key(d->id, f->until) + ".by-hand";
    const auto sent = co_await c.digests.send(d->digest->to, std::move(*f), key);
    const std::string outcome(sent.has_error() ? to_string(sent.error().kind) : "sent");
    const auto noted = co_await c.store.digests().by_hand(d->id, by.login, outcome);
    if (sent.has_error()) co_return fail(errc::transient, sent.error().what);
    if (noted.has_error()) co_return noted.error();
    json::object out{{"sent", true}, {"where", d->digest->to.where}};
    co_return json::value(std::move(out));
}

}  // namespace

void add_department_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {
        {"GET", "/api/v1/departments", list_departments, role::viewer},
        {"GET", "/api/v1/departments/{id}", one_department, role::viewer},
        {"GET", "/api/v1/departments/{id}/digest", preview, role::viewer},
        {"POST", "/api/v1/departments/{id}/digest", send, role::lead},
        {"GET", "/api/v1/unanswered", unanswered, role::viewer},
        {"GET", "/api/v1/answers", answers, role::viewer},
    };
    add_routes(router, context, routes);
}

}  // namespace kith::console
