// The queue: suggestions, and what people decide on them.
#include "daemon/console/api_canaries.hpp"
#include "daemon/console/api_parts.hpp"
#include "daemon/console/item_view.hpp"
#include "daemon/console/routes.hpp"
#include "daemon/console/view.hpp"
#include "daemon/console/view_departments.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <set>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;

text_length length_of(api_context& c, const suggestion& s) {
    const auto* a = find_account(c, s.basis.account);
    if (a) return a->platform->supports().length(s.basis.text);
    return {};
}

awaitable<result<json::object>> full_view(api_context& c, suggestion s) {
    auto m = co_await c.store.find_message(s.message_id);
    if (m.has_error()) co_return m.error();
    co_return view(s, *m, length_of(c, s));
}

/// What departments were asked about this message, inside whichever suggestion.
void add_questions(json::object& into, const std::vector<question>& all, std::int64_t message_id) {
    json::array out;
    for (const auto& q : all)
        if (q.message_id == message_id) out.push_back(view(q));
    into["questions"] = std::move(out);
}

/// Under the number and with the text of the canary in its place, where there is one.
json::object brief_as_shown(const suggestion& s, const canaries_in_place& canaries) {
    auto out = brief(s);
    const auto canary = canaries.find(s.id);
    if (canary == canaries.end()) return out;
    out["id"] = canary->second.what.id;
    out["text"] = canary->second.what.draft.text;
    return out;
}

/// The rows that one part of the list shows: at most `limit` replies, of which the open ones for one message
/// and purpose, which stand beside each other, count as one and are never parted.
struct cut_rows {
    std::vector<suggestion> rows;
    bool more = false;
};

cut_rows cut_between_messages(std::vector<suggestion> found, std::size_t limit, bool all_read) {
    cut_rows out;
    std::size_t begun = 0, last_begin = 0, i = 0;
    for (; i < found.size(); ++i) {
        const auto& s = found[i];
        const bool beside = i > 0 && s.state == suggestion_state::open && s.state == found[i - 1].state &&
                            s.message_id == found[i - 1].message_id && s.purpose == found[i - 1].purpose;
        if (beside) continue;
        if (++begun > limit) break;
        last_begin = i;
    }
    out.more = begun > limit || !all_read;
    // What follows the rows that were read may belong to the last message.
    if (begun <= limit && !all_read && last_begin > 0) i = last_begin;
    found.resize(i);
    out.rows = std::move(found);
    return out;
}

result<suggestion_filter> filter_of(const server_request& r) {
    using enum suggestion_state;
    suggestion_filter f;
    const auto wanted = r.param("state");
    if (wanted.empty() || wanted == "open")
        f.states = {open};
    else if (wanted == "closed")
        f.states = {delivered, refused, rejected, withdrawn};
    else if (wanted == "waiting")
        f.states = {open, approved, sending, unsure};
    else if (const auto s = suggestion_state_from(wanted))
        f.states = {*s};
    else
        return fail_field("state", "'open', 'unsure', 'closed', 'waiting', or a single state");
    f.department = r.param("department");
    f.oldest_first = wanted != "closed";  // who waits longest comes first
    return f;
}

shown list_suggestions(api_context& c, server_request r, identity by) {
    using enum suggestion_state;
    const auto part = wanted_part::of(r);
    if (part.has_error()) co_return part.error();
    auto f = filter_of(r);
    if (f.has_error()) co_return f.error();
    (f->oldest_first ? f->after : f->before) = part->after_number();
    f->most = 4 * part->limit + 50;  // several replies to a message
    const auto most = f->most;
    auto found = co_await c.store.suggestions(std::move(*f));
    if (found.has_error()) co_return found.error();
    const bool all_read = found->size() < most;
    const auto shown_now = cut_between_messages(std::move(*found), part->limit, all_read);
    const auto& rows = shown_now.rows;
    const auto canaries = co_await canaries_among(c, rows);
    if (canaries.has_error()) co_return canaries.error();
    // Of the open ones for one message the best stands for all; the others are its alternatives.
    std::map<std::pair<std::int64_t, purpose>, const suggestion*> best;
    for (const auto& s : rows) {
        if (s.state != open) continue;
        auto& first = best.emplace(std::pair(s.message_id, s.purpose), &s).first->second;
        if (s.rank < first->rank) first = &s;
    }
    question_filter about;
    about.most = 1000;
    for (const auto& s : rows) about.messages.push_back(s.message_id);
    std::vector<question> asked;
    if (!rows.empty()) {
        auto questions = co_await c.store.departments().questions(std::move(about));
        if (questions.has_error()) co_return questions.error();
        asked = std::move(*questions);
    }
    json::array items;
    for (const auto& s : rows) {
        if (!may(by, s.department, s.basis.account)) continue;
        if (s.state == open && best.at({s.message_id, s.purpose}) != &s) continue;
        const auto canary = canaries->find(s.id);
        result<json::object> v(json::object{});
        if (canary == canaries->end())
            v = co_await full_view(c, s);
        else
            v = co_await view_of(c, canary->second);
        if (v.has_error()) co_return v.error();
        for (const auto& other : rows)
            if (s.state == open && other.state == open && other.message_id == s.message_id &&
                other.purpose == s.purpose && other.id != s.id &&
                may(by, other.department, other.basis.account))
                v->at("alternatives").as_array().push_back(brief_as_shown(other, *canaries));
        add_questions(*v, asked, s.message_id);
        items.push_back(std::move(*v));
    }
    const auto last = rows.empty() ? std::string() : std::to_string(rows.back().id);
    auto out = part->answer(std::move(items), last, shown_now.more);
    out["canaries"] = c.canaries.rate;  // everybody is told that there are some
    co_return json::value(std::move(out));
}

shown one_suggestion(api_context& c, server_request r, identity by) {
    const auto id = id_of(r);
    if (id.has_error()) co_return id.error();
    auto out = co_await whole_item(c, *id, by);
    if (out.has_error()) co_return out;
    if (r.param("peek") == "1") co_return out;  // read ahead: whoever shows it asks again, without this
    const auto canary = co_await c.store.canaries().find(*id);
    if (canary.has_error()) co_return canary.error();
    if (*canary) co_return out;  // the record is of what can be sent
    const auto version = out->at("version").as_int64();
    const auto noted = co_await c.store.audit().shown(*id, version, std::move(by.login));
    if (noted.has_error()) co_return noted.error();  // what is not on record is not shown
    co_return out;
}

/// The version that the caller saw, if it is still the newest. A canary passes for what it stands for.
result<std::int64_t> version_seen(const server_request& r, const queue_item& item) {
    const auto seen = if_match(r);
    if (seen.has_error()) return seen.error();
    const auto& s = item.shown;
    const auto current = must_be_newest(*seen, s.version, "suggestion " + std::to_string(s.id));
    if (current.has_value()) return *seen;
    auto why = current.error();
    if (s.state != suggestion_state::open)
        why.what += ": it is " + std::string(to_string(s.state)) +
                    (s.decided_by.empty() ? "" : " (by " + s.decided_by + ")");
    return why;
}

shown edit(api_context& c, server_request r, identity by) {
    const auto id = id_of(r);
    if (id.has_error()) co_return id.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto text = b->text("text");
    if (text.has_error()) co_return text.error();
    const auto item = co_await item_for(c, *id, by);
    if (item.has_error()) co_return item.error();
    const auto version = version_seen(r, *item);
    if (version.has_error()) co_return version.error();
    canary_act seen{"edited", {}, *version, by.login};
    auto canary = co_await decided_on_canary(c, *id, std::move(seen));
    if (canary.has_error()) co_return canary.error();
    if (*canary) co_return co_await whole_item(c, *id, by);
    const auto judged = co_await judge_text(c, *item, *text);
    if (judged.has_error()) co_return judged.error();
    auto done = co_await c.store.edit(*id, *version, *text, judged->verdict, by.login);
    if (done.has_error()) co_return done.error();
    std::vector<change> changes(1);
    changes[0] = {done->id, done->state};
    c.live.tell(changes);
    co_return co_await whole_item(c, *id, by);
}

shown reject(api_context& c, server_request r, identity by) {
    const auto id = id_of(r);
    if (id.has_error()) co_return id.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto reason = b->text("reason");
    if (reason.has_error()) co_return reason.error();
    const auto item = co_await item_for(c, *id, by);
    if (item.has_error()) co_return item.error();
    const auto version = version_seen(r, *item);
    if (version.has_error()) co_return version.error();
    canary_act seen{"rejected", {}, *version, by.login};
    auto canary = co_await decided_on_canary(c, *id, std::move(seen));
    if (canary.has_error()) co_return canary.error();
    if (*canary) co_return co_await whole_item(c, *id, by);
    auto done = co_await c.store.reject(*id, *version, *reason, by.login);
    if (done.has_error()) co_return done.error();
    c.claims.give_back(item->message.id, by.login);
    c.live.tell(*done);
    co_return co_await whole_item(c, *id, by);
}

shown settle(api_context& c, server_request r, identity by) {
    const auto id = id_of(r);
    if (id.has_error()) co_return id.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto posted = b->flag("posted");
    if (posted.has_error()) co_return posted.error();
    const auto item = co_await item_for(c, *id, by);
    if (item.has_error()) co_return item.error();
    const auto version = version_seen(r, *item);
    if (version.has_error()) co_return version.error();
    auto done = co_await c.store.settle(*id, *version, *posted, by.login);
    if (done.has_error()) co_return done.error();
    c.live.tell(*done);
    co_return co_await whole_item(c, *id, by);
}

shown why(api_context& c, server_request r, identity by) {
    auto number = co_await c.store.message_number(r.parts.at(0));
    if (number.has_error()) co_return number.error();
    auto h = co_await c.store.history(*number);
    if (h.has_error()) co_return h.error();
    if (!may(by, {}, h->message.account))
        co_return fail(errc::not_found, "there is no message " + r.parts.at(0).substr(0, 200));
    const auto canaries = co_await canaries_among(c, h->suggestions);
    if (canaries.has_error()) co_return canaries.error();
    json::array traces, suggestions, record;
    std::set<std::int64_t> hidden;  // other departments'
    for (const auto& t : h->traces) traces.push_back(trace_for(c, t, by));
    for (const auto& s : h->suggestions) {
        if (!may(by, s.department, s.basis.account)) {
            hidden.insert(s.id);
            continue;
        }
        const auto canary = canaries->find(s.id);
        if (canary == canaries->end()) {
            suggestions.push_back(view(s, h->message, length_of(c, s)));
            continue;
        }
        auto v = co_await view_of(c, canary->second);
        if (v.has_error()) co_return v.error();
        suggestions.push_back(std::move(*v));
    }
    for (const auto& line : h->record)
        if (may_see_line(c, line, hidden, by)) record.push_back(view(record_as_shown(line, *canaries)));
    json::object out;
    out["message"] = view(h->message);
    out["traces"] = std::move(traces);
    out["suggestions"] = std::move(suggestions);
    out["record"] = std::move(record);
    co_return json::value(std::move(out));
}

}  // namespace

void add_suggestion_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {
        {"GET", "/api/v1/suggestions", list_suggestions, role::viewer},
        {"GET", "/api/v1/suggestions/{id}", one_suggestion, role::viewer},
        {"POST", "/api/v1/suggestions/{id}/edit", edit, role::drafter, one_suggestion},
        {"POST", "/api/v1/suggestions/{id}/reject", reject, role::approver, one_suggestion},
        {"POST", "/api/v1/suggestions/{id}/settle", settle, role::approver, one_suggestion},
        {"GET", "/api/v1/messages/{id}", why, role::viewer},
    };
    add_routes(router, context, routes);
}

}  // namespace kith::console
