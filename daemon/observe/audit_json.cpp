#include "daemon/observe/audit_json.hpp"

#include <boost/json/value.hpp>

namespace kith::audit {

namespace json = boost::json;

namespace {

/// Reads a record's fields; the first that is missing or wrong is kept in `why`.
struct reader {
    const json::object& from;
    std::string why{};

    std::string text(std::string_view name) {
        const auto* v = from.if_contains(name);
        if (v && v->is_string()) return std::string(v->get_string());
        complain(name);
        return {};
    }
    std::int64_t number(std::string_view name) {
        const auto* v = from.if_contains(name);
        if (v && v->is_int64()) return v->get_int64();
        complain(name);
        return 0;
    }
    void complain(std::string_view name) {
        if (why.empty()) why = "no record: its '" + std::string(name) + "' is missing or wrong";
    }
};

}  // namespace

json::object to_json(const entry& e) {
    json::object out{{"number", e.number},
                     {"at", to_rfc3339(e.at)},
                     {"actor", e.actor},
                     {"act", e.act},
                     {"message", e.message_id},
                     {"suggestion", e.suggestion_id},
                     {"commitment", e.commitment},
                     {"previous", e.previous},
                     {"hash", e.hash}};
    if (e.detail) {
        out["salt"] = e.detail->salt;
        out["detail"] = e.detail->detail;
    }
    return out;
}

json::object to_json(const head& h) {
    json::object out{{"number", h.number}, {"hash", h.hash}, {"at", nullptr}};
    if (h.number > 0) out["at"] = to_rfc3339(h.at);
    return out;
}

result<entry> entry_from_json(const json::value& v) {
    if (!v.is_object()) return fail(errc::invalid, "no record: it is not a JSON object");
    reader r{v.get_object()};
    entry e;
    e.number = r.number("number");
    const auto at = from_rfc3339(r.text("at"));
    if (!at) r.complain("at");
    e.at = at.value_or(timestamp{});
    e.actor = r.text("actor");
    e.act = r.text("act");
    e.message_id = r.number("message");
    e.suggestion_id = r.number("suggestion");
    e.commitment = r.text("commitment");
    e.previous = r.text("previous");
    e.hash = r.text("hash");
    if (r.from.contains("salt")) e.detail = erasable{r.text("salt"), r.text("detail")};
    if (!r.why.empty()) return fail(errc::invalid, r.why);
    return e;
}

}  // namespace kith::audit
