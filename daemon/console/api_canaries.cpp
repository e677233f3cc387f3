// Canaries: shown in the place of suggestions, and who caught them.
#include "daemon/console/api_canaries.hpp"

#include "daemon/console/api_parts.hpp"
#include "daemon/console/view.hpp"
#include "daemon/model/json.hpp"
#include "daemon/model/sha256.hpp"

#include <boost/json/array.hpp>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;

/// Kindly: it happens to everybody, and it is what canaries are for.
std::string told(const canary& c) {
    const auto what = "a draft that was wrong on purpose: " + c.draft.wrong + ".";
    if (c.state == canary_state::caught)
        return "Well seen! This was a canary, " + what + " The true draft is in the queue now.";
    return "This was a canary, " + what +
           " Nothing was sent. It happens to everybody; the true draft is in the queue now.";
}

text_length measured(api_context& c, const suggestion& s, const std::string& text) {
    auto* a = find_account(c, s.basis.account);
    return a ? a->platform->supports().length(text) : text_length{};
}

json::object shape(api_context& c, const placed_canary& p, const stored_message& m) {
    const auto& draft = p.what.draft;
    auto out = view(p.in_place_of, m, measured(c, p.in_place_of, draft.text));
    out["id"] = p.what.id;
    out["hash"] = p.what.hash(p.in_place_of);
    out["text"] = draft.text;
    out["verdict"] = to_json(draft.verdict);
    if (p.what.state == canary_state::open && p.in_place_of.state == suggestion_state::open) return out;
    out["state"] = to_string(suggestion_state::withdrawn);
    out["receipt"] = nullptr;
    if (p.what.state == canary_state::open) return out;  // its message is gone: nobody need know
    out["version"] = p.in_place_of.version + 1;
    out["approved_by"] = "";
    out["decided_at"] =
        p.what.decided_at ? json::value(to_rfc3339(*p.what.decided_at)) : json::value(nullptr);
    out["reason"] = told(p.what);
    out["canary"] = json::object{{"caught", p.what.state == canary_state::caught},
                                 {"fault", draft.fault},
                                 {"wrong", draft.wrong},
                                 {"by", p.what.decided_by},
                                 {"told", told(p.what)},
                                 {"instead", p.in_place_of.id}};
    return out;
}

json::array rates(const std::vector<catches>& all, std::string_view name) {
    json::array out;
    for (const auto& one : all) {
        const auto shown = one.caught + one.missed;
        json::object v{{"shown", shown}, {"caught", one.caught}, {"missed", one.missed}};
        v[name] = one.of;
        v["rate"] = shown == 0 ? 0.0 : static_cast<double>(one.caught) / static_cast<double>(shown);
        out.push_back(std::move(v));
    }
    return out;
}

shown canaries(api_context& c, server_request, identity by) {
    const auto may = may_see_catches(c, by);
    if (may.has_error()) co_return may.error();
    const auto counted = co_await c.store.canaries().counts(by.departments, by.accounts);
    if (counted.has_error()) co_return counted.error();
    json::object out;
    out["rate"] = c.canaries.rate;
    out["open"] = counted->open;
    out["people"] = rates(counted->people, "person");
    out["departments"] = rates(counted->departments, "department");
    out["faults"] = rates(counted->faults, "fault");
    co_return json::value(std::move(out));
}

}  // namespace

result<void> may_see_catches(const api_context& c, const identity& by) {
    const auto& leads = c.canaries.leads;
    if (by.role < role::lead) return fail(errc::refused, "who caught which canary is shown to leads only");
    if (leads.empty() || std::find(leads.begin(), leads.end(), by.login) != leads.end()) return {};
    return fail(errc::refused, "who caught which canary is shown to " + leads.front() +
                                   (leads.size() > 1 ? " and others" : "") +
                                   " only (`canaries.leads` in kith.yaml)");
}

awaitable<result<canaries_in_place>> canaries_among(api_context& c, const std::vector<suggestion>& all) {
    std::vector<std::int64_t> ids;
    for (const auto& s : all) ids.push_back(s.id);
    auto found = co_await c.store.canaries().in_place_of(std::move(ids));
    if (found.has_error()) co_return found.error();
    canaries_in_place out;
    for (auto& p : *found) out.emplace(p.what.suggestion_id, std::move(p));
    co_return out;
}

record_line record_as_shown(record_line line, const canaries_in_place& canaries) {
    const auto found = canaries.find(line.suggestion_id);
    if (found == canaries.end()) return line;
    const auto& c = found->second.what;
    line.suggestion_id = c.id;
    const auto begins = [&](std::string_view words) { return line.detail.starts_with(words); };
    const auto verdict = line.detail.find(", verdict ");
    if (line.act == "suggested" && verdict != std::string::npos)
        line.detail = line.detail.substr(0, verdict) + ", verdict " + c.draft.verdict.digest() + ", text " +
                      sha256_hex(c.draft.text);
    if (line.act == "judged again" && begins("verdict ")) line.detail = "verdict " + c.draft.verdict.digest();
    if (line.act == "rebound" && begins("hash ")) {
        suggestion then;
        then.hash = line.detail.substr(5);
        line.detail = "hash " + c.hash(then);
    }
    return line;
}

awaitable<result<void>> must_be_shown(api_context& c, std::int64_t suggestion_id) {
    const auto as = co_await c.store.canaries().shown_as(suggestion_id);
    if (as.has_error()) co_return as.error();
    if (*as != suggestion_id)
        co_return fail(errc::not_found, "there is no suggestion " + std::to_string(suggestion_id));
    co_return result<void>();
}

awaitable<result<json::object>> view_of(api_context& c, placed_canary p) {
    const auto m = co_await c.store.find_message(p.in_place_of.message_id);
    if (m.has_error()) co_return m.error();
    co_return shape(c, p, *m);
}

awaitable<result<std::optional<json::object>>> decided_on_canary(api_context& c, std::int64_t id,
                                                                 canary_act a) {
    std::optional<json::object> out;
    const auto found = co_await c.store.canaries().find(id);
    if (found.has_error()) co_return found.error();
    if (!*found) {
        const auto there = co_await must_be_shown(c, id);
        if (there.has_error()) co_return there.error();
        co_return out;
    }
    auto done = co_await c.store.canaries().decide(id, std::move(a));
    if (done.has_error()) co_return done.error();
    c.live.tell(done->changes);
    auto v = co_await view_of(c, std::move(done->canary));
    if (v.has_error()) co_return v.error();
    out = std::move(*v);
    co_return out;
}

void add_canary_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {{"GET", "/api/v1/canaries", canaries, role::lead}};
    add_routes(router, context, routes);
}

}  // namespace kith::console
