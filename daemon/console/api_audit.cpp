// The audit chain: its entries and its head. Whoever asks checks it, the kith command does.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/moment.hpp"
#include "daemon/console/routes.hpp"
#include "daemon/observe/audit_json.hpp"

#include <boost/json/array.hpp>

#include <charconv>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;

/// Of people's words in one answer: the next begins where it ends.
constexpr std::size_t most_bytes = 1 << 20;

shown head(api_context& c, server_request, identity) {
    const auto h = co_await c.store.audit().head();
    if (h.has_error()) co_return h.error();
    co_return json::value(audit::to_json(*h));
}

result<std::int64_t> number_in(const server_request& r, std::string_view field) {
    const auto text = r.param(field);
    if (text.empty()) return std::int64_t{0};
    std::int64_t n = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (ec != std::errc{} || end != text.data() + text.size() || n < 1)
        return fail_field(std::string(field), "give its number");
    return n;
}

/// What is looked for, if anything: without a filter and an order the chain is read as it is linked.
result<std::optional<audit_filter>> filter_of(const server_request& r, const std::string& zone) {
    audit_filter f;
    f.actor = r.param("actor");
    f.act = r.param("act");
    const auto suggestion = number_in(r, "suggestion");
    if (suggestion.has_error()) return suggestion.error();
    f.suggestion_id = *suggestion;
    const auto message = number_in(r, "message");
    if (message.has_error()) return message.error();
    f.message_id = *message;
    const auto from = moment_in("from", r.param("from"), zone, false, f.from);
    if (from.has_error()) return from.error();
    f.from = *from;
    const auto until = moment_in("to", r.param("to"), zone, true, f.until);
    if (until.has_error()) return until.error();
    f.until = *until;
    const auto order = r.param("order");
    if (!order.empty() && order != "newest" && order != "oldest")
        return fail_field("order", "'newest' or 'oldest'");
    f.newest_first = order == "newest";
    const bool any = f.newest_first || !f.actor.empty() || !f.act.empty() || f.suggestion_id != 0 ||
                     f.message_id != 0 || !r.param("from").empty() || !r.param("to").empty();
    return any ? std::optional(std::move(f)) : std::nullopt;
}

/// "at.number" of the last entry of the part before, where entries are looked for.
result<void> begin_after(const wanted_part& part, audit_filter& f) {
    if (part.after.empty()) return {};
    const auto* begin = part.after.data();
    const auto* end = begin + part.after.size();
    std::int64_t at = 0;
    const auto first = std::from_chars(begin, end, at);
    if (first.ec == std::errc{} && first.ptr != end && *first.ptr == '.') {
        const auto second = std::from_chars(first.ptr + 1, end, f.after);
        f.after_at = from_micros(at);
        if (second.ec == std::errc{} && second.ptr == end) return {};
    }
    return fail_field("cursor", "this is not the `next` of this list with these filters");
}

std::string key_of(const audit::entry& e, bool looked_for) {
    const auto number = std::to_string(e.number);
    return looked_for ? std::to_string(to_micros(e.at)) + "." + number : number;
}

using found_entries = awaitable<result<std::vector<audit::entry>>>;

found_entries read_part(api_context& c, const wanted_part& part, std::optional<audit_filter> f,
                        bool details) {
    if (!f) co_return co_await c.store.audit().entries(part.after_number(), part.limit + 1, details);
    const auto begun = begin_after(part, *f);
    if (begun.has_error()) co_return begun.error();
    f->most = part.limit + 1;
    f->with_details = details;
    co_return co_await c.store.audit().find(std::move(*f));
}

shown entries(api_context& c, server_request r, identity) {
    const auto part = wanted_part::of(r);
    if (part.has_error()) co_return part.error();
    auto filter = filter_of(r, c.house.zone);
    if (filter.has_error()) co_return filter.error();
    const bool looked_for = filter->has_value();
    auto found = co_await read_part(c, *part, std::move(*filter), r.param("details") == "1");
    if (found.has_error()) co_return found.error();
    bool more = cut(*found, *part);
    json::array items;
    std::size_t bytes = 0;
    for (const auto& e : *found) {
        items.push_back(audit::to_json(e));
        if (e.detail) bytes += e.detail->detail.size();
        if (bytes > most_bytes) break;
    }
    more = more || items.size() < found->size();
    const auto last = items.empty() ? std::string() : key_of((*found)[items.size() - 1], looked_for);
    co_return json::value(part->answer(std::move(items), last, more));
}

}  // namespace

void add_audit_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {
        {"GET", "/api/v1/audit/head", head, role::admin},
        {"GET", "/api/v1/audit/entries", entries, role::admin},
    };
    add_routes(router, context, routes);
}

}  // namespace kith::console
