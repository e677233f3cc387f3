// Customers, what they agreed to, and what is mended for them.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/routes.hpp"
#include "daemon/relations/customer_entries.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;

json::object customer_view(const customer& c) {
    json::array bought;
    for (const auto& p : c.purchases)
        bought.push_back(json::object{{"product", p.product}, {"bought_at", to_rfc3339(p.bought_at, 0)}});
    json::object out{
        {"id", c.id},
        {"account", c.account},
        {"identity", c.identity},
        {"handle", c.handle},
        {"consent", {{"how", c.consent.how}, {"at", to_rfc3339(c.consent.at, 0)}, {"message", nullptr}}},
        {"zone", c.zone},
        {"purchases", std::move(bought)},
        {"added_by", c.added_by},
        {"added_at", to_rfc3339(c.added_at, 3)}};
    if (c.consent_message) out["consent"].as_object()["message"] = *c.consent_message;
    return out;
}

json::object occasion_view(const told_occasion& o) {
    return {{"key", o.key}, {"event", o.event},          {"playbook", o.playbook}, {"state", o.state},
            {"why", o.why}, {"at", to_rfc3339(o.at, 3)}, {"message", o.message_id}};
}

json::object fix_view(const fix& f) {
    return {{"id", f.id},     {"playbook", f.playbook},    {"message", f.message_id},
            {"note", f.note}, {"at", to_rfc3339(f.at, 3)}, {"by", f.by}};
}

shown list_customers(api_context& c, server_request r, identity by) {
    const auto part = wanted_part::of(r);
    if (part.has_error()) co_return part.error();
    auto found =
        co_await c.store.customers().list(part->after_number(), part->limit + 1, std::move(by.accounts));
    if (found.has_error()) co_return found.error();
    const bool more = cut(*found, *part);
    json::array items;
    for (const auto& one : *found) items.push_back(customer_view(one));
    const auto last = found->empty() ? std::string() : std::to_string(found->back().id);
    co_return json::value(part->answer(std::move(items), last, more));
}

/// Whoever is of an account that is not theirs does not exist for them.
awaitable<result<customer>> customer_for(api_context& c, std::int64_t id, const identity& by) {
    auto found = co_await c.store.customers().find(id);
    if (found.has_value() && !may(by, {}, found->account))
        co_return fail(errc::not_found, "there is no customer " + std::to_string(id) + " with a consent");
    co_return found;
}

shown one_customer(api_context& c, server_request r, identity by) {
    const auto id = id_of(r, "customer");
    if (id.has_error()) co_return id.error();
    const auto found = co_await customer_for(c, *id, by);
    if (found.has_error()) co_return found.error();
    const auto told = co_await c.store.customers().occasions_of(*id);
    if (told.has_error()) co_return told.error();
    auto out = customer_view(*found);
    json::array occasions;
    for (const auto& o : *told) occasions.push_back(occasion_view(o));
    out["occasions"] = std::move(occasions);
    co_return json::value(std::move(out));
}

/// JSON's customers as rows: the fields have the names of the columns, and `consent` may be a map of how and
/// at.
std::vector<customer_row> rows_of(const json::array& all, const std::string& file, yaml::findings& out) {
    std::vector<customer_row> rows;
    for (std::size_t i = 0; i < all.size(); ++i) {
        customer_row row;
        row.place = {i + 1, 1};
        const auto* fields = all[i].if_object();
        if (!fields) out.add(file, row.place, "this is no map", "write {\"account\": ..., ...}");
        for (const auto& [key, value] : fields ? *fields : json::object{}) {
            const auto take = [&](const std::string& name, const json::value& v) {
                const auto& known = customer_fields();
                if (std::find(known.begin(), known.end(), name) == known.end())
                    out.add(file, row.place, "unknown field '" + name.substr(0, 80) + "'",
                            "known: account, identity, handle, product, bought_at, consent: {how, at}, zone");
                else if (!v.is_string())
                    out.add(file, row.place, name + " is no text", "write it in quotes");
                else
                    row.fields[name] = std::string(v.get_string());
            };
            if (key == "consent" && value.is_object())
                for (const auto& [part, v] : value.get_object()) take("consent_" + std::string(part), v);
            else
                take(std::string(key), value);
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

/// What a request brings: `csv` with the name of its `file`, or `customers`.
struct brought {
    std::string file = "customers";
    std::vector<customer_row> rows;
    yaml::findings wrong;
};

result<brought> rows_in(const server_request& r) {
    const auto b = body::of(r);
    if (b.has_error()) return b.error();
    brought out;
    if (const auto csv = b->text("csv"); csv.has_value()) {
        if (const auto name = b->text("file"); name.has_value()) out.file = *name;
        out.rows = read_customers_csv(*csv, out.file, out.wrong);
        return out;
    }
    const auto all = json::parse(r.body);
    const auto* list = all.get_object().if_contains("customers");
    if (!list || !list->is_array())
        return fail_field("customers", "give a list, or `csv`, the text of a file");
    out.rows = rows_of(list->get_array(), out.file, out.wrong);
    return out;
}

/// Each finding under its place: "customers:3:1" is the third of the list, or a line of the file.
error all_of(const yaml::findings& wrong) {
    auto e = fail(errc::invalid, wrong.text());
    for (const auto& f : wrong.all())
        e.fields.push_back({f.file + ":" + std::to_string(f.at.line) + ":" + std::to_string(f.at.column),
                            f.what + "; " + f.mend});
    return e;
}

shown import(api_context& c, server_request r, identity by) {
    auto in = rows_in(r);
    if (in.has_error()) co_return in.error();
    std::vector<std::string> accounts;
    for (const auto& a : c.accounts)
        if (may(by, {}, a.config.id)) accounts.push_back(a.config.id);
    std::vector<customer_entry> entries;
    for (const auto& row : in->rows) entries.push_back(to_entry(row, in->file, accounts, now(), in->wrong));
    if (!in->wrong.empty()) co_return all_of(in->wrong);
    if (entries.empty()) co_return fail(errc::invalid, in->file + ": there is no customer in it");
    const auto done = co_await c.store.customers().import(std::move(entries), std::move(by.login));
    if (done.has_error()) co_return done.error();
    for (const auto& x : done->complaints)
        in->wrong.add(in->file, in->rows.at(x.entry).place_of(x.field), x.what, x.mend);
    if (!in->wrong.empty()) co_return all_of(in->wrong);
    json::object out{{"added", done->added}, {"updated", done->updated}, {"left_alone", done->left_alone}};
    co_return json::value(std::move(out));
}

/// A person read in a message that its author is a customer, and agrees: the message is the evidence.
shown add_from_message(api_context& c, server_request r, identity by) {
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto number = co_await c.store.message_number(r.parts.at(0));
    if (number.has_error()) co_return number.error();
    const auto m = co_await c.store.find_message(*number);
    if (m.has_error()) co_return m.error();
    if (!may(by, {}, m->account))
        co_return fail(errc::not_found, "there is no message " + r.parts.at(0).substr(0, 200));
    customer_row row;
    row.fields["account"] = m->account;
    row.fields["identity"] = m->what.author.id;
    row.fields["consent_how"] = "said so in message " + std::to_string(*number);
    row.fields["consent_at"] = to_rfc3339(m->received_at);
    for (const char* field : {"product", "bought_at", "zone"})
        if (const auto v = b->text(field); v.has_value()) row.fields[field] = *v;
    yaml::findings wrong;
    const std::vector<std::string> accounts{m->account};
    std::vector<customer_entry> entries;
    entries.push_back(to_entry(row, "message " + std::to_string(*number), accounts, now(), wrong));
    if (!wrong.empty())
        co_return fail(errc::invalid, wrong.all().front().what + "; " + wrong.all().front().mend);
    entries[0].message = *number;
    const auto done = co_await c.store.customers().import(std::move(entries), std::move(by.login));
    if (done.has_error()) co_return done.error();
    if (!done->complaints.empty()) co_return fail(errc::conflict, done->complaints.front().what);
    json::object out{{"added", done->added}, {"updated", done->updated}, {"left_alone", done->left_alone}};
    co_return json::value(std::move(out));
}

shown remove_customer(api_context& c, server_request r, identity by) {
    const auto id = id_of(r, "customer");
    if (id.has_error()) co_return id.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto reason = b->text("reason");
    if (reason.has_error()) co_return reason.error();
    const auto known = co_await customer_for(c, *id, by);
    if (known.has_error()) co_return known.error();
    const auto done = co_await c.store.customers().end_consent(*id, *reason, std::move(by.login));
    if (done.has_error()) co_return done.error();
    c.live.tell(*done);
    json::object out{{"id", *id}, {"withdrawn", done->size()}};
    co_return json::value(std::move(out));
}

shown list_fixes(api_context& c, server_request r, identity by) {
    const auto part = wanted_part::of(r);
    if (part.has_error()) co_return part.error();
    const auto found = co_await c.store.customers().fixes();
    if (found.has_error()) co_return found.error();
    std::vector<keyed_item> items;
    for (const auto& f : *found) {
        const bool theirs = f.message_id != 0 ? may(by, {}, f.account) : may_see_playbook(c, f.playbook, by);
        if (theirs) items.push_back({sortable(f.id), fix_view(f)});
    }
    co_return json::value(part_of(std::move(items), *part));
}

/// `what`: a playbook that hears reports, or a message that is one.
shown note_fix(api_context& c, server_request r, identity by) {
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto what = b->text("what");
    if (what.has_error()) co_return what.error();
    const auto said = b->text("note");
    if (said.has_error() || said->empty()) co_return fail_field("note", "say what is mended");
    fix f;
    f.note = *said;
    f.by = by.login;
    auto nothing = fail(errc::not_found, "there is neither a playbook nor a message '" + *what + "'");
    if (const auto* p = c.rules.current()->set().find(*what)) {
        if (!may(by, p->owner, {})) co_return nothing;
        if (p->event) co_return fail_field("what", "the playbook " + *what + " hears no messages");
        f.playbook = *what;
    } else {
        const auto number = co_await c.store.message_number(*what);
        if (number.has_error()) co_return nothing;
        const auto m = co_await c.store.find_message(*number);
        if (m.has_error() || !may(by, {}, m->account)) co_return nothing;
        f.message_id = *number;
    }
    const auto done = co_await c.store.customers().note_fix(std::move(f));
    if (done.has_error()) co_return done.error();
    co_return json::value(fix_view(*done));
}

}  // namespace

void add_customer_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {
        {"GET", "/api/v1/customers", list_customers, role::viewer},
        {"POST", "/api/v1/customers", import, role::lead},
        {"GET", "/api/v1/customers/{id}", one_customer, role::viewer},
        {"POST", "/api/v1/customers/{id}/remove", remove_customer, role::approver},
        {"POST", "/api/v1/messages/{id}/customer", add_from_message, role::approver},
        {"GET", "/api/v1/fixes", list_fixes, role::viewer},
        {"POST", "/api/v1/fixes", note_fix, role::approver},
    };
    add_routes(router, context, routes);
}

}  // namespace kith::console
