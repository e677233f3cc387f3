#include "daemon/cli/show.hpp"

#include "daemon/cli/table.hpp"

#include <boost/json/value_to.hpp>

#include <vector>

namespace kith::cli {

namespace json = boost::json;

namespace {

std::string author(const json::value& m) {
    const auto name = at(m, {"author", "name"});
    return name.empty() ? at(m, {"author", "handle"}) : name + " (" + at(m, {"author", "handle"}) + ")";
}

std::string matched(const json::value& from, std::string_view key, const std::string& indent) {
    std::string out;
    for (const auto& m : list(from, key))
        out += indent + "'" + at(m, {"words"}) + "' at bytes " + at(m, {"begin"}) + "-" + at(m, {"end"}) +
               "  (" + at(m, {"trigger"}) + ")\n";
    return out;
}

std::string verdict(const json::value& v, const std::string& indent) {
    const auto not_before = at(v, {"not_before"});
    std::string out = indent + "verdict: " + at(v, {"decision"}) +
                      (not_before.empty() ? "" : ", not sent before " + not_before) + "\n";
    for (const auto& r : list(v, "reasons"))
        out += indent + "  " + at(r, {"says"}) + "  " + at(r, {"rule"}) + ": " + at(r, {"why"}) + "\n";
    return out;
}

std::string outcome(const json::value& s, const std::string& indent) {
    std::string out = indent + "state: " + at(s, {"state"});
    if (!at(s, {"reason"}).empty()) out += ": " + at(s, {"reason"});
    out += "\n";
    if (!at(s, {"approved_by"}).empty())
        out +=
            indent + (at(s, {"state"}) == "open"
                          ? "approved by: " + at(s, {"approved_by"}) + "; a second person must agree\n"
                          : "decided by: " + at(s, {"approved_by"}) + " at " + at(s, {"decided_at"}) + "\n");
    if (!at(s, {"receipt", "native_id"}).empty()) {
        const auto url = at(s, {"receipt", "url"});
        out += indent + "posted: " + at(s, {"receipt", "native_id"}) + (url.empty() ? "" : "  " + url) +
               " at " + at(s, {"receipt", "at"}) + "\n";
    }
    return out;
}

std::string one_playbook(const json::value& m) {
    std::string out = "  playbook " + at(m, {"playbook"}) + ", revision " + at(m, {"revision"}) + " (" +
                      at(m, {"status"}) +
                      "): " + (at(m, {"matched"}) == "yes" ? "matched" : "did not match") + "\n";
    out += matched(m, "because", "    ");
    for (const auto& why : list(m, "but")) out += "    but " + harmless(why.as_string()) + "\n";
    return out;
}

std::string stopped_lines(const json::array& on) {
    std::string out;
    for (const auto& b : on)
        out += "STOPPED  " + at(b, {"scope"}) + ", by " + at(b, {"by"}) + " since " + at(b, {"at"}) + ": " +
               at(b, {"reason"}) + "\n";
    return out;
}

std::string shipping_line(const json::value& s) {
    if (at(s, {"audit", "shipping", "to"}).empty()) return {};
    const auto& to = s.at("audit").at("shipping");
    auto out = "audit head: " +
               (at(to, {"shipped_at"}).empty()
                    ? std::string("not shipped yet")
                    : "number " + at(to, {"last", "number"}) + " shipped at " + at(to, {"shipped_at"})) +
               " to " + at(to, {"to"}) + "\n";
    if (at(to, {"failures"}) != "0")
        out += "  not shipped, " + at(to, {"failures"}) + " times since: " + at(to, {"error"}) + "\n";
    return out;
}

}  // namespace

std::string harmless(std::string_view text, bool lines) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto u = static_cast<unsigned char>(text[i]);
        const bool control = (u < 0x20 && !(lines && u == '\n')) || u == 0x7f;
        // U+0080-9F, and the bidirectional controls U+200E/F, U+202A-E, U+2066-9.
        const auto next = [&](std::size_t n) {
            return i + n < text.size() ? static_cast<unsigned char>(text[i + n]) : 0U;
        };
        if (u == 0xC2 && next(1) >= 0x80 && next(1) <= 0x9F) {
            out += '?';
            ++i;
        } else if (u == 0xE2 && ((next(1) == 0x80 && (next(2) == 0x8E || next(2) == 0x8F ||
                                                      (next(2) >= 0xAA && next(2) <= 0xAE))) ||
                                 (next(1) == 0x81 && next(2) >= 0xA6 && next(2) <= 0xA9))) {
            out += '?';
            i += 2;
        } else {
            out += control ? (u == '\n' || u == '\t' ? ' ' : '?') : text[i];
        }
    }
    return out;
}

std::string show_questions_asked(const json::array& all) {
    std::string out;
    for (const auto& q : all) {
        out += "  question " + at(q, {"id"}) + ", " + at(q, {"asked_by"}) + " to @" + at(q, {"department"}) +
               " at " + at(q, {"asked_at"}) + ":\n    " + at(q, {"text"}) + "\n";
        if (at(q, {"answered_at"}).empty())
            out += "    not answered yet\n";
        else
            out += "  answered by " + at(q, {"answered_by"}) + " at " + at(q, {"answered_at"}) + ":\n    " +
                   at(q, {"answer"}) + "\n";
    }
    return out;
}

std::string show_queue(const json::value& v) {
    const auto& items = list(v, "items");
    const auto* rate = v.as_object().if_contains("canaries");
    const bool warned = rate && rate->is_number() && rate->to_number<double>() > 0;
    const std::string warning =
        warned
            ? "Some drafts are canaries: wrong on purpose, and never sent. Read each before you approve it.\n"
            : "";
    if (items.empty()) return "nothing\n" + warning;
    std::vector<std::vector<std::string>> rows{
        {"id", "state", "age", "account", "department", "playbook", "from", "message"}};
    for (const auto& s : items) {
        const auto& m = s.at("message");
        const bool half = at(s, {"state"}) == "open" && !at(s, {"approved_by"}).empty();
        rows.push_back({at(s, {"id"}), at(s, {"state"}) + (half ? " (1 of 2)" : ""),
                        age(at(m, {"written_at"})), at(s, {"account"}), at(s, {"department"}),
                        at(s, {"playbook", "id"}) + "/" + at(s, {"reply", "id"}), shortened(author(m), 24),
                        shortened(at(m, {"text"}), 60)});
    }
    return table(rows) + warning;
}

std::string show_suggestion(const json::value& s) {
    const auto& m = s.at("message");
    std::string out =
        "suggestion " + at(s, {"id"}) + " for message " + at(m, {"id"}) + " on " + at(s, {"account"}) + "\n";
    out += outcome(s, "  ");
    if (at(s, {"purpose"}) == "occasion")
        out += "  for an occasion with this customer, told beneath their newest message\n";
    out += "  " + author(m) + " wrote at " + at(m, {"written_at"}) + ":\n    " + at(m, {"text"}) + "\n";
    out += "  matched:\n" + matched(s, "matched", "    ");
    out += "  playbook: " + at(s, {"playbook", "id"}) + ", revision " + at(s, {"playbook", "revision"}) +
           ", reply " + at(s, {"reply", "id"}) + " (" + at(s, {"reply", "kind"}) + "), owned by " +
           at(s, {"department"}) + "\n";
    for (const auto& c : list(s, "changed")) out += "  changed: " + harmless(c.as_string()) + "\n";
    out += verdict(s.at("verdict"), "  ");
    out += "  reply, " + at(s, {"length", "used"}) + " of " + at(s, {"length", "limit"}) + " " +
           at(s, {"length", "unit"}) + ":\n    " + harmless(json::value_to<std::string>(s.at("text"))) + "\n";
    out += show_questions_asked(list(s, "questions"));
    for (const auto& a : list(s, "alternatives"))
        out += "  or suggestion " + at(a, {"id"}) + " (" + at(a, {"kind"}) +
               "): " + shortened(at(a, {"text"}), 70) + "\n";
    return out + "  hash: " + at(s, {"hash"}) + "\n";
}

std::string show_claim(const json::value& v) {
    const auto& c = v.at("claim");
    if (c.is_null()) return "nobody has claimed it\n";
    return "claimed by " + at(c, {"name"}) + " until " + at(c, {"until"}) + "\n";
}

std::string show_why(const json::value& w) {
    const auto& m = w.at("message");
    std::string out = "message " + at(m, {"id"}) + " on " + at(m, {"account"}) + "  " + at(m, {"native_id"}) +
                      "\n  " + author(m) + " wrote at " + at(m, {"written_at"}) + ", revision " +
                      at(m, {"revision"}) + (at(m, {"deleted"}) == "yes" ? ", deleted since" : "") +
                      ":\n    " + at(m, {"text"}) + "\n";
    for (const auto& t : list(w, "traces")) {
        out += "\nat " + at(t, {"at"}) + ", message revision " + at(t, {"revision"}) + ":\n";
        if (list(t, "matches").empty()) out += "  no playbook came near\n";
        for (const auto& p : list(t, "matches")) out += one_playbook(p);
        for (const auto& l : list(t, "left_out")) out += "  left out: " + harmless(l.as_string()) + "\n";
        for (const auto& d : list(t, "denied"))
            out += "  denied: " + at(d, {"playbook"}) + "/" + at(d, {"reply"}) + "\n" +
                   verdict(d.at("verdict"), "    ");
    }
    for (const auto& s : list(w, "suggestions")) {
        out += "\nsuggestion " + at(s, {"id"}) + ": " + at(s, {"playbook", "id"}) + "/" +
               at(s, {"reply", "id"}) + ", playbook revision " + at(s, {"playbook", "revision"}) + "\n";
        out += matched(s, "matched", "  ");
        out += verdict(s.at("verdict"), "  ") + outcome(s, "  ");
        out += "  text: " + at(s, {"text"}) + "\n";
    }
    out += "\nrecord:\n";
    std::vector<std::vector<std::string>> rows;
    for (const auto& r : list(w, "record"))
        rows.push_back({"  " + at(r, {"number"}), at(r, {"at"}), at(r, {"actor"}), at(r, {"act"}),
                        at(r, {"suggestion"}) == "0" ? "" : at(r, {"suggestion"}), at(r, {"detail"})});
    return out + table(rows);
}

std::string show_brakes(const json::value& v) {
    const auto out = stopped_lines(list(v, "items"));
    return out.empty() ? "nothing is stopped\n" : out;
}

std::string show_status(const json::value& s) {
    std::string out = "kithd " + at(s, {"version"}) + ", up since " + at(s, {"started_at"}) + "\n" +
                      stopped_lines(list(s, "stopped")) + "\n";
    std::vector<std::vector<std::string>> rows{
        {"account", "platform", "state", "since", "last message", "messages", "gaps", ""}};
    for (const auto& a : list(s, "accounts"))
        rows.push_back({at(a, {"id"}), at(a, {"platform"}), at(a, {"state"}), at(a, {"since"}),
                        at(a, {"last_event_at"}), at(a, {"messages"}), at(a, {"gaps"}), at(a, {"detail"})});
    out += table(rows);
    out += "\nplaybooks: " + at(s, {"playbooks", "count"}) + ", " + at(s, {"playbooks", "live"}) +
           " live, loaded at " + at(s, {"playbooks", "loaded_at"});
    const auto commit = at(s, {"playbooks", "commit"});
    out += commit.empty() ? "\n" : ", commit " + commit + "\n";
    for (const auto& e : list(s.at("playbooks"), "errors"))
        out += "  not reloaded: " + harmless(e.as_string()) + "\n";
    for (const auto& p : list(s, "packs")) {
        out += "pack " + at(p, {"id"}) + ": ";
        if (at(p, {"in_force"}) == "yes")
            out += at(p, {"rules"}) + " rules, checked " + at(p, {"checked"}) + ", expires " +
                   at(p, {"expires"}) + "\n";
        else
            out += "NOTHING IS SENT: " + at(p, {"detail"}) + "\n";
    }
    for (const auto& a : list(s.at("answers"), "stale"))
        out += "answer " + at(a, {"id"}) + " of " + at(a, {"owner"}) + " is past its review day, " +
               at(a, {"review_by"}) + ": it is not suggested\n";
    for (const auto& a : list(s.at("answers"), "due"))
        out += "answer " + at(a, {"id"}) + " of " + at(a, {"owner"}) + " is to be reviewed by " +
               at(a, {"review_by"}) + "\n";
    for (const auto& d : list(s.at("digests"), "failed"))
        out += "digest of " + at(d, {"department"}) + " (" + at(d, {"state"}) + ", " + at(d, {"attempts"}) +
               " attempts): " + at(d, {"error"}) + "\n";
    const auto& q = s.at("queue");
    out += "queue: " + at(q, {"open"}) + " open, " + at(q, {"approved"}) + " approved, " +
           at(q, {"sending"}) + " being sent, " + at(q, {"unsure"}) + " need a person\n";
    out += "customers: " + at(s, {"reinforcement", "customers"}) +
           "; occasions: " + at(s, {"reinforcement", "open"}) + " open, " +
           at(s, {"reinforcement", "approved"}) + " approved, " + at(s, {"reinforcement", "delivered"}) +
           " told, " + at(s, {"reinforcement", "rejected"}) + " rejected, " +
           at(s, {"reinforcement", "denied"}) + " denied\n";
    return out + shipping_line(s);
}

}  // namespace kith::cli
