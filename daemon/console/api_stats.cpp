// Looking: the figures, and the items behind each of them.
#include "daemon/console/api_canaries.hpp"
#include "daemon/console/api_parts.hpp"
#include "daemon/console/figures.hpp"
#include "daemon/console/routes.hpp"

#include <boost/json/array.hpp>

#include <array>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;

bool wants_csv(const server_request& r) {
    return r.param("format") == "csv" ||
           (r.param("format").empty() && r.headers.get("accept").starts_with("text/csv"));
}

result<json::value> as_csv(const figure& f, const std::string& part) {
    for (const auto& p : f.parts)
        if (part.empty() || p.name == part) return json::value(json::string(to_csv(p)));
    std::string known;
    for (const auto& p : f.parts) known += (known.empty() ? "" : ", ") + p.name;
    return fail(errc::invalid, "part: this figure has " + known);
}

shown show_figure(api_context& c, server_request r, identity by) {
    const auto& name = r.parts.at(0);
    const auto all = figures();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const figure_maker& f) { return f.name == name; });
    if (found == all.end()) {
        std::string known;
        for (const auto& f : all) known += (known.empty() ? "" : ", ") + std::string(f.name);
        co_return fail(errc::not_found,
                       "there is no figure '" + name.substr(0, 80) + "': there are " + known);
    }
    if (name == "canaries") {
        const auto may = may_see_catches(c, by);
        if (may.has_error()) co_return may.error();
    }
    const auto at = now();
    auto q = read_stats_query(r, by, c.house.zone, at);
    if (q.has_error()) co_return q.error();
    const auto made = co_await found->make(c, std::move(*q), at);
    if (made.has_error()) co_return made.error();
    if (wants_csv(r)) co_return as_csv(*made, r.param("part"));
    co_return json::value(view(*made));
}

// ---- items

struct item_list {
    json::array items;
    std::string next;  ///< empty: that was all
};

json::object stats_view(const stats_item& i) {
    json::object out{{"message", i.message_id}, {"suggestion", nullptr},      {"at", to_rfc3339(i.at, 3)},
                     {"account", i.account},    {"department", i.department}, {"playbook", i.playbook},
                     {"outcome", i.outcome}};
    if (i.id != 0) out["suggestion"] = i.id;
    return out;
}

/// One page of a list that is there as a whole, in the order of `at` and message.
item_list paged(std::vector<stats_item> all, const item_page& page, const std::string& list) {
    const auto key = [](const stats_item& i) { return std::pair(i.at, i.message_id); };
    std::sort(all.begin(), all.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
    item_list out;
    const stats_item* last = nullptr;
    for (const auto& i : all) {
        if (key(i) <= std::pair(page.after_at, page.after_id)) continue;
        if (out.items.size() == page.limit) {
            out.next = item_cursor(list, last->at, last->message_id);
            break;
        }
        out.items.push_back(stats_view(i));
        last = &i;
    }
    return out;
}

using listed = awaitable<result<item_list>>;

listed from_facts(api_context& c, server_request r, item_filter f, item_page page, std::string list) {
    f.playbook = r.param("playbook");
    f.outcome = r.param("outcome");
    f.kind = r.param("kind");
    if (const auto why = r.param("reason"); !why.empty()) f.reason = why == "-" ? "" : why;
    f.after_at = page.after_at;
    f.after_id = page.after_id;
    f.most = page.limit + 1;
    auto found = co_await c.store.stats().items(std::move(f));
    if (found.has_error()) co_return found.error();
    const bool more = found->size() > page.limit;
    if (more) found->pop_back();
    item_list out;
    for (const auto& i : *found) out.items.push_back(stats_view(i));
    if (more) {
        const auto& last = found->back();
        out.next = item_cursor(list, last.at, last.id != 0 ? last.id : last.message_id);
    }
    co_return out;
}

listed from_moves(api_context& c, server_request r, stats_query q, item_page page, std::string list) {
    move_filter f;
    f.in = std::move(q.filter);
    const auto stage = [&](const char* name) {
        std::optional<std::string> out;
        if (auto text = r.param(name); !text.empty()) out = text == "none" ? "" : std::move(text);
        return out;
    };
    f.from = stage("from_stage");
    f.to = stage("to_stage");
    f.standing = r.param("set") == "stand";
    f.after_at = page.after_at;
    f.after_id = page.after_id;
    f.most = page.limit + 1;
    auto found = co_await c.store.stats().moves(std::move(f));
    if (found.has_error()) co_return found.error();
    const bool more = found->size() > page.limit;
    if (more) found->pop_back();
    item_list out;
    for (const auto& m : *found)
        out.items.push_back(
            json::object{{"contact", m.contact},
                         {"account", m.account},
                         {"at", to_rfc3339(m.at, 3)},
                         {"from", m.from.empty() ? json::value(nullptr) : json::value(m.from)},
                         {"to", m.to.empty() ? json::value(nullptr) : json::value(m.to)},
                         {"why", m.why}});
    if (more) out.next = item_cursor(list, found->back().at, found->back().id);
    co_return out;
}

bool is_of_age(const std::string& column, std::chrono::microseconds age) {
    using namespace std::chrono_literals;
    static constexpr std::array<std::pair<std::string_view, std::chrono::hours>, 5> below = {
        {{"under_1h", 1h}, {"under_4h", 4h}, {"under_1d", 24h}, {"under_3d", 72h}, {"older", 240'000h}}};
    std::chrono::hours from{0};
    for (const auto& [name, to] : below) {
        if (column == name) return age >= from && age < to;
        from = to;
    }
    return column.empty();
}

listed from_unanswered(api_context& c, server_request r, stats_query q, item_page page, std::string list) {
    const auto found = co_await c.desk.unanswered(q.from(), q.to());
    if (found.has_error()) co_return found.error();
    const auto of = r.param("of");
    const auto at = now();
    std::vector<stats_item> all;
    for (const auto& m : *found) {
        if (!is_asked(q.filter, m.department, m.account)) continue;
        if (!of.empty() && m.department != (of == "house" ? "" : of)) continue;
        if (!is_of_age(r.param("age"), std::min(q.to(), at) - m.received_at)) continue;
        all.push_back({0, m.id, m.received_at, m.account, m.department, m.playbook, m.because});
    }
    co_return paged(std::move(all), page, list);
}

std::string_view word_of(helped h) {
    return h == helped::solved ? "solved" : h == helped::not_solved ? "not_solved" : "undecided";
}

bool cites(const posted_reply& reply, const std::string& answer) {
    return std::any_of(reply.cites.begin(), reply.cites.end(),
                       [&](const std::string& c) { return c.substr(0, c.find('@')) == answer; });
}

listed from_answers(api_context& c, server_request r, stats_query q, item_page page, std::string list) {
    const auto found = co_await c.desk.posted(q.from(), q.to());
    if (found.has_error()) co_return found.error();
    const auto answer = r.param("answer"), outcome = r.param("outcome");
    std::vector<stats_item> all;
    for (const auto& p : *found) {
        if (!is_asked(q.filter, p.department, p.account)) continue;
        if (!answer.empty() && !cites(p, answer)) continue;
        const auto became = word_of(c.desk.judge(p, now()));
        if (!outcome.empty() && outcome != became) continue;
        all.push_back({p.suggestion_id, p.message_id, p.posted_at, p.account, p.department, p.playbook,
                       std::string(became)});
    }
    co_return paged(std::move(all), page, list);
}

/// Which of the store's sets a figure's items are.
std::optional<item_filter::set> set_of(const std::string& figure, const server_request& r) {
    using enum item_filter::set;
    if (figure == "queue-over-time") {
        if (r.param("set") == "came") return came;
        if (r.param("set") == "went") return went;
        return waiting;
    }
    if (figure == "time-to-answer") return answered;
    if (figure == "helpful-promotional") return posted;
    if (figure == "canaries") return canaries;
    if (figure == "outcomes-by-playbook") return r.param("outcome") == "denied" ? denied : ended;
    return std::nullopt;
}

shown items(api_context& c, server_request r, identity by) {
    const auto figure = r.param("figure");
    if (figure == "canaries") {
        const auto may = may_see_catches(c, by);
        if (may.has_error()) co_return may.error();
    }
    auto q = read_stats_query(r, by, c.house.zone, now());
    if (q.has_error()) co_return q.error();
    const auto page = read_item_page(r, figure);
    if (page.has_error()) co_return page.error();
    result<item_list> found = fail(errc::invalid, "figure: name the figure whose items these are");
    if (const auto set = set_of(figure, r)) {
        item_filter f;
        f.of = *set;
        f.in = q->filter;
        found = co_await from_facts(c, std::move(r), std::move(f), *page, figure);
    } else if (figure == "path-flow") {
        found = co_await from_moves(c, std::move(r), std::move(*q), *page, figure);
    } else if (figure == "unanswered") {
        found = co_await from_unanswered(c, std::move(r), std::move(*q), *page, figure);
    } else if (figure == "answers-that-solve") {
        found = co_await from_answers(c, std::move(r), std::move(*q), *page, figure);
    }
    if (found.has_error()) co_return found.error();
    json::object out{{"items", std::move(found->items)}, {"next", nullptr}};
    if (!found->next.empty()) out["next"] = found->next;
    co_return json::value(std::move(out));
}

}  // namespace

void add_stats_api(net::http_router& router, api_context& context) {
    // `canaries`, figure and items, asks for a lead itself.
    static constexpr route routes[] = {
        {"GET", "/api/v1/stats/items", items, role::viewer},
        {"GET", "/api/v1/stats/{name}", show_figure, role::viewer},
    };
    add_routes(router, context, routes);
}

}  // namespace kith::console
