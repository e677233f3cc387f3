#include "daemon/console/view.hpp"

#include "daemon/console/json_values.hpp"
#include "daemon/model/json.hpp"

namespace kith::console {

namespace json = boost::json;

namespace {}  // namespace

json::object view(const stored_message& m) {
    return {
        {"id", m.id},
        {"account", m.account},
        {"native_id", m.what.native_id},
        {"revision", m.what.revision},
        {"thread_id", m.what.thread_id},
        {"text", m.what.text},
        {"language", m.what.language},
        {"way", to_string(m.what.way)},
        {"community", m.what.community},
        {"automated", m.what.automated},
        {"author",
         {{"id", m.what.author.id}, {"handle", m.what.author.handle}, {"name", m.what.author.display_name}}},
        {"url", m.what.url},
        {"written_at", to_rfc3339(m.what.written_at)},
        {"received_at", to_rfc3339(m.received_at)},
        {"deleted", m.deleted_at.has_value()}};
}

json::object view(const suggestion& s, const stored_message& m, const text_length& length) {
    json::object out{
        {"id", s.id},
        {"state", to_string(s.state)},
        {"purpose", to_string(s.purpose)},
        {"version", s.version},
        {"hash", s.hash},
        {"account", s.basis.account},
        {"platform", s.platform},
        {"department", s.department},
        {"playbook",
         {{"id", s.basis.playbook}, {"title", s.playbook_title}, {"revision", s.basis.playbook_revision}}},
        {"reply", {{"id", s.basis.reply}, {"kind", s.kind}}},
        {"language", s.language},
        {"text", s.basis.text},
        {"length", {{"used", length.used}, {"limit", length.limit}, {"unit", length.unit}}},
        {"message", view(m)},
        {"matched", to_json(s.matched)},
        {"cites", to_json(s.cites)},
        {"verdict", to_json(s.verdict)},
        {"changed", to_json(s.changed)},
        {"thread", to_json(s.thread)},
        {"approved_by", s.first_approval_by.empty() ? s.decided_by : s.first_approval_by},
        {"decided_at", time_or_null(s.decided_at)},
        {"reason", s.reason},
        {"created_at", to_rfc3339(s.created_at)},
        {"alternatives", json::array{}},
        {"receipt", nullptr}};
    if (s.receipt)
        out["receipt"] = {
            {"native_id", s.receipt->native_id}, {"url", s.receipt->url}, {"at", to_rfc3339(s.receipt->at)}};
    return out;
}

json::object brief(const suggestion& s) {
    return {{"id", s.id}, {"reply", s.basis.reply}, {"kind", s.kind}, {"text", s.basis.text}};
}

json::array view(const std::vector<brake>& on) {
    json::array out;
    for (const auto& b : on)
        out.push_back({{"scope", b.scope}, {"by", b.by}, {"reason", b.reason}, {"at", to_rfc3339(b.at, 3)}});
    return out;
}

json::object view(const opt_out& o) {
    return {{"id", o.id},
            {"account", o.account},
            {"contact", {{"id", o.who.id}, {"handle", o.who.handle}, {"name", o.who.display_name}}},
            {"how", o.how},
            {"message", o.message_id},
            {"language", o.language},
            {"asked_at", to_rfc3339(o.asked_at)},
            {"noted_at", to_rfc3339(o.noted_at)},
            {"noted_by", o.noted_by},
            {"reason", o.reason},
            {"lifted_at", time_or_null(o.lifted_at)},
            {"lifted_by", o.lifted_by},
            {"lift_reason", o.lift_reason}};
}

json::object view(const record_line& r) {
    return {{"number", r.number}, {"at", to_rfc3339(r.at)},        {"actor", r.actor},
            {"act", r.act},       {"suggestion", r.suggestion_id}, {"detail", r.detail}};
}

}  // namespace kith::console
