#include "daemon/cli/show_contact.hpp"

#include "daemon/cli/table.hpp"

#include <algorithm>

namespace kith::cli {

namespace json = boost::json;

namespace {

std::string name_of(const json::value& identity) {
    const auto handle = at(identity, {"handle"}), name = at(identity, {"name"});
    if (name.empty() || name == handle) return handle.empty() ? at(identity, {"id"}) : handle;
    return name + " (" + handle + ")";
}

std::string day(const std::string& time) {
    return time.substr(0, 10);
}

std::string or_none(std::string stage) {
    return stage.empty() ? "none" : stage;
}

/// "affinity on square"
std::string stages(const json::value& c) {
    std::string out;
    for (const auto& s : list(c, "stages"))
        out += (out.empty() ? "" : ", ") + or_none(at(s, {"stage"})) + " on " + at(s, {"account"});
    return out;
}

std::string names(const json::value& c) {
    std::string out;
    for (const auto& i : list(c, "identities")) out += (out.empty() ? "" : ", ") + name_of(i);
    return out;
}

std::string piece(const json::value& e) {
    std::string out = "      evidence " + at(e, {"id"}) + ": " + at(e, {"signal"}) + " at " + at(e, {"at"});
    const auto message = at(e, {"message", "id"});
    if (!message.empty()) {
        out += ", message " + message + "  " + at(e, {"message", "native_id"});
        if (const auto url = at(e, {"message", "url"}); !url.empty()) out += "  " + url;
    } else {
        if (const auto id = at(e, {"event", "native_id"}); !id.empty()) out += "  " + id;
        if (const auto about = at(e, {"event", "about"}); !about.empty()) out += ", about " + about;
    }
    return out + "\n";
}

}  // namespace

std::string show_contacts(const json::value& v) {
    const auto& items = list(v, "items");
    if (items.empty()) return "nobody\n";
    std::vector<std::vector<std::string>> rows{{"id", "who", "stands", "last seen"}};
    for (const auto& c : items) {
        std::string last;
        for (const auto& i : list(c, "identities")) last = std::max(last, at(i, {"last_seen_at"}));
        rows.push_back({at(c, {"id"}), shortened(names(c), 60), stages(c), day(last)});
    }
    return table(rows);
}

std::string show_contact(const json::value& c) {
    std::string out = "contact " + at(c, {"id"});
    if (const auto zone = at(c, {"zone"}); !zone.empty()) out += ", time zone " + zone;
    out += "\n";
    std::vector<std::vector<std::string>> rows{
        {"  identity", "account", "who", "messages", "first seen", "last seen", ""}};
    for (const auto& i : list(c, "identities"))
        rows.push_back({"  " + at(i, {"number"}), at(i, {"account"}), name_of(i), at(i, {"messages"}),
                        day(at(i, {"first_seen_at"})), day(at(i, {"last_seen_at"})),
                        at(i, {"blocked"}) == "yes" ? "blocked us"
                        : at(i, {"bot"}) == "yes"   ? "a bot"
                                                    : ""});
    out += table(rows);
    for (const auto& s : list(c, "stages")) {
        out += "  on " + at(s, {"account"}) + ": " + or_none(at(s, {"stage"})) + " since " +
               day(at(s, {"since"}));
        const auto until = at(s, {"until"});
        out += until.empty() ? "\n" : ", until " + day(until) + " if nothing more is heard\n";
    }
    for (const auto& d : list(c, "decisions"))
        out += "  identity " + at(d, {"identity"}) +
               (at(d, {"act"}) == "merged" ? " merged into " : " split from ") + at(d, {"contact"}) + " on " +
               day(at(d, {"at"})) + " by " + at(d, {"by"}) + ": " + at(d, {"reason"}) + "\n";
    return out;
}

std::string show_path(const json::value& c) {
    std::string out = "contact " + at(c, {"id"}) + ": " + names(c) + "\n";
    if (list(c, "path").empty()) return out + "  stands nowhere: there is no evidence\n";
    std::string account;
    for (const auto& m : list(c, "path")) {
        if (at(m, {"account"}) != account) {
            account = at(m, {"account"});
            out += "  on " + account + "\n";
        }
        out += "    " + day(at(m, {"at"})) + "  " + or_none(at(m, {"from"})) + " -> " +
               or_none(at(m, {"to"})) + ", by " + at(m, {"why"}) + "\n";
        for (const auto& e : list(m, "because")) out += piece(e);
    }
    return out;
}

std::string show_forgotten(const json::value& f) {
    return "forgot contact " + at(f, {"forgotten"}) + ": " + at(f, {"identities"}) + " identities, " +
           at(f, {"messages"}) + " messages, " + at(f, {"suggestions"}) +
           " suggestions\nThe database's file is cleaned of it within a day; backups made before still hold "
           "it.\n";
}

}  // namespace kith::cli
