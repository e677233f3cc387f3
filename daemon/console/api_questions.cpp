// What reviewers ask departments inside a suggestion, and what comes back.
#include "daemon/console/api_canaries.hpp"
#include "daemon/console/api_parts.hpp"
#include "daemon/console/item_view.hpp"
#include "daemon/console/routes.hpp"
#include "daemon/console/view_departments.hpp"

#include <boost/json/array.hpp>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;

constexpr std::size_t most_text = 4000;  // bytes

/// The text of a field, without blanks around it: not empty, not a novel.
result<std::string> words(const body& b, std::string_view name) {
    auto text = b.text(name);
    if (text.has_error()) return text.error();
    const auto first = text->find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return fail_field(std::string(name), "write something");
    const auto last = text->find_last_not_of(" \t\r\n");
    auto out = text->substr(first, last - first + 1);
    if (out.size() > most_text)
        return fail_field(std::string(name), "at most " + std::to_string(most_text) + " bytes");
    return out;
}

/// Pages that show the suggestion fetch it anew.
awaitable<void> tell(api_context& c, std::int64_t question_id, std::int64_t shown_id) {
    const auto canary = co_await c.store.canaries().find(shown_id);
    if (canary.has_error()) co_return;
    std::vector<change> changes(1);
    changes[0].suggestion_id = shown_id;
    std::string account;
    if (*canary) {
        changes[0].state = (*canary)->in_place_of.state;
        account = (*canary)->in_place_of.basis.account;
    } else {
        const auto s = co_await c.store.find_suggestion(shown_id);
        if (s.has_error()) co_return;
        changes[0].state = s->state;
        account = s->basis.account;
    }
    c.events.tell_question(question_id, {}, account);  // who is asked need not own the playbook
    c.live.tell(changes);
}

/// A question that was asked of a department which is not theirs does not exist for them.
awaitable<result<question>> question_for(api_context& c, const identity& by, std::int64_t id) {
    auto q = co_await c.store.departments().find_question(id);
    if (q.has_value() && !may(by, q->department, q->account))
        co_return fail(errc::not_found, "there is no question " + std::to_string(id));
    co_return q;
}

shown told(api_context& c, result<question> q) {
    if (q.has_error()) co_return q.error();
    co_await tell(c, q->id, q->suggestion_id);
    co_return json::value(view(*q));
}

shown ask(api_context& c, server_request r, identity by) {
    const auto id = id_of(r);
    if (id.has_error()) co_return id.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    auto department = b->text("department");
    if (department.has_error()) co_return department.error();
    if (department->starts_with('@')) department->erase(0, 1);
    if (!c.desk.find(*department)) {
        std::string known;
        for (const auto& d : c.desk.departments()) known += (known.empty() ? "" : ", ") + d.id;
        co_return fail_field("department",
                             "there is no department '" + *department + "': ask one of " + known);
    }
    auto text = words(*b, "text");
    if (text.has_error()) co_return text.error();
    const auto canary = co_await c.store.canaries().find(*id);
    if (canary.has_error()) co_return canary.error();
    const auto item = co_await item_for(c, *id, by);
    if (item.has_error()) co_return item.error();
    // Nobody must be able to tell a canary by what can be asked about it, or about what it stands for.
    const auto about = *canary ? (*canary)->in_place_of.id : *id;
    auto q = co_await c.store.departments().ask(about, std::move(*department), std::move(*text), by.login);
    co_return co_await told(c, std::move(q));
}

shown answer_it(api_context& c, server_request r, identity by) {
    const auto id = id_of(r, "question");
    if (id.has_error()) co_return id.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    auto text = words(*b, "text");
    if (text.has_error()) co_return text.error();
    const auto known = co_await question_for(c, by, *id);
    if (known.has_error()) co_return known.error();
    auto q = co_await c.store.departments().answer(*id, std::move(*text), by.login);
    co_return co_await told(c, std::move(q));
}

/// The file of a reviewed answer; a person commits it. Kith writes nothing into the playbooks.
shown keep(api_context& c, server_request r, identity by) {
    const auto id = id_of(r, "question");
    if (id.has_error()) co_return id.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    auto as = b->text("id");
    if (as.has_error()) co_return as.error();
    const auto day = b->text("review_by");
    if (day.has_error()) co_return day.error();
    const auto fits = [](char ch) {
        return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '-';
    };
    if (as->empty() || as->size() > 64 || as->front() == '-' || !std::all_of(as->begin(), as->end(), fits))
        co_return fail_field("id", "use lower-case letters, digits and hyphens, at most 64");
    if (c.rules.current()->set().answers.contains(*as))
        co_return fail(errc::conflict,
                       "there is an answer '" + *as + "' already: choose another id, or edit it");
    const auto review_by = day->size() == 10 ? from_rfc3339(*day + "T00:00:00Z") : std::nullopt;
    if (!review_by) co_return fail_field("review_by", "write a day, such as 2027-11-30");
    if (*review_by < now()) co_return fail_field("review_by", "a day that is still to come");
    const auto known = co_await question_for(c, by, *id);
    if (known.has_error()) co_return known.error();
    const auto kept = co_await c.store.departments().keep(*id, *as, by.login);
    if (kept.has_error()) co_return kept.error();
    co_await tell(c, kept->id, kept->suggestion_id);
    const std::chrono::year_month_day on{std::chrono::floor<std::chrono::days>(*review_by)};
    json::object out{{"question", view(*kept)}, {"file", "playbooks/answers/" + *as + ".yaml"}};
    out["text"] = answer_file(*as, kept->department, kept->language, kept->answer, on);
    co_return json::value(std::move(out));
}

shown list_questions(api_context& c, server_request r, identity by) {
    const auto part = wanted_part::of(r);
    if (part.has_error()) co_return part.error();
    question_filter f;
    f.department = r.param("department");
    f.accounts = by.accounts;
    const auto state = r.param("state");
    if (!state.empty() && state != "waiting" && state != "all")
        co_return fail_field("state", "'waiting' or 'all'");
    f.waiting_only = state != "all";
    f.after = part->after_number();
    f.most = part->limit + 1;
    auto found = co_await c.store.departments().questions(std::move(f));
    if (found.has_error()) co_return found.error();
    const bool more = cut(*found, *part);
    json::array items;
    for (const auto& q : *found)
        if (may(by, q.department, q.account)) items.push_back(view(q));
    const auto last = found->empty() ? std::string() : std::to_string(found->back().id);
    co_return json::value(part->answer(std::move(items), last, more));
}

shown one_question(api_context& c, server_request r, identity by) {
    const auto id = id_of(r, "question");
    if (id.has_error()) co_return id.error();
    const auto q = co_await question_for(c, by, *id);
    if (q.has_error()) co_return q.error();
    co_return json::value(view(*q));
}

}  // namespace

void add_question_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {
        {"POST", "/api/v1/suggestions/{id}/questions", ask, role::drafter},
        {"GET", "/api/v1/questions", list_questions, role::viewer},
        {"GET", "/api/v1/questions/{id}", one_question, role::viewer},
        {"POST", "/api/v1/questions/{id}/answer", answer_it, role::drafter},
        {"POST", "/api/v1/questions/{id}/keep", keep, role::lead},
    };
    add_routes(router, context, routes);
}

}  // namespace kith::console
