#include "daemon/config/notify_config.hpp"

#include "daemon/config/secret.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace kith {

namespace {

constexpr std::array<std::string_view, 5> all_kinds = {"waiting", "expiring", "second-needed", "unsure",
                                                       "account-stopped"};

void check_kinds(const notify_config& made, yaml::map_reader& from) {
    std::string known;
    for (const auto& k : all_kinds) known += (known.empty() ? "" : ", ") + std::string(k);
    if (made.kinds.empty()) from.complain(from.at("on"), "`on` names nothing", "write some of: " + known);
    for (const auto& k : made.kinds)
        if (std::find(all_kinds.begin(), all_kinds.end(), k) == all_kinds.end())
            from.complain(from.at("on"), "'" + k.substr(0, 40) + "' is nothing that is told",
                          "write some of: " + known);
    if (from.has("waiting") && !made.wants("waiting"))
        from.complain(from.at("waiting"), "`waiting` says for how long, and `on` does not name it",
                      "add waiting to `on`, or remove it here");
    if (from.has("expiring") && !made.wants("expiring"))
        from.complain(from.at("expiring"), "`expiring` says how long before, and `on` does not name it",
                      "add expiring to `on`, or remove it here");
}

notify_config read_one(const yaml::node& node, yaml::map_reader& top,
                       const std::vector<department_config>& departments) {
    using namespace std::chrono_literals;
    yaml::map_reader from(node, top.file(), "notify", top.out());
    notify_config out;
    out.id = from.need_text("id");
    if (!out.id.empty() && !is_department_id(out.id))
        from.complain(from.at("id"), "'" + out.id.substr(0, 80) + "' is no id",
                      "use lower-case letters, digits and hyphens, at most 64");
    out.url = from.need_text("webhook");
    if (!out.url.empty() && !is_safe_web_address(out.url))
        from.complain(from.at("webhook"), "`webhook` is no safe web address",
                      "write https://...; http:// only for this very machine");
    out.secret = need_secret(from, "secret");
    out.department = from.text("department");
    const auto is_it = [&](const department_config& d) { return d.id == out.department; };
    if (!out.department.empty() && !departments.empty() &&
        std::none_of(departments.begin(), departments.end(), is_it))
        from.complain(from.at("department"), "there is no department '" + out.department.substr(0, 80) + "'",
                      "write the id of one of `departments`, or remove it");
    out.kinds = from.texts("on", {all_kinds.begin(), all_kinds.end()});
    out.waiting = from.duration("waiting", out.waiting, 1s, 24h * 30);
    out.expiring = from.duration("expiring", out.expiring, 1s, 24h * 30);
    check_kinds(out, from);
    from.done();
    return out;
}

}  // namespace

bool notify_config::wants(std::string_view kind) const {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

std::string notify_config::in_words() const {
    return kith::in_words(digest_target{digest_target::kind::webhook, url, ""});
}

std::vector<notify_config> read_notify(yaml::map_reader& top,
                                       const std::vector<department_config>& departments) {
    std::vector<notify_config> out;
    const auto* list = top.take("notify");
    if (!list) return out;
    if (list->is != yaml::node::kind::sequence) {
        top.complain(list->at, "notify is not a list", "write '- id: ...' for each webhook");
        return out;
    }
    std::set<std::string> ids;
    for (const auto& item : list->items) {
        auto made = read_one(item, top, departments);
        if (!made.id.empty() && !ids.insert(made.id).second)
            top.complain(item.at, "there are two webhooks '" + made.id + "' in notify",
                         "give each its own id");
        out.push_back(std::move(made));
    }
    return out;
}

}  // namespace kith
