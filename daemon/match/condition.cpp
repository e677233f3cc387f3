#include "daemon/match/condition.hpp"

#include "daemon/match/language.hpp"
#include "daemon/match/read_trigger.hpp"

#include <algorithm>

namespace kith {

namespace {

using kind = trigger::kind;

bool is_leaf(const condition& c) noexcept {
    return c.is == kind::phrase || c.is == kind::regex;
}

std::string described(const condition& c) {
    if (is_leaf(c)) return std::string(to_string(c.is)) + " '" + c.text + "'";
    return "the `" + std::string(to_string(c.is)) + "` in line " + std::to_string(c.line);
}

bool contains(const std::vector<std::string>& all, const std::string& one) {
    return all.empty() || std::find(all.begin(), all.end(), one) != all.end();
}

void gather(const condition& c, const lookup& find, const std::function<void(const condition&, span)>& to,
            bool counts) {
    if (is_leaf(c)) {
        const span* at = counts ? find(c.leaf) : nullptr;
        if (at != nullptr) to(c, *at);
        return;
    }
    for (const condition& w : c.within) gather(w, find, to, c.is == kind::none ? !counts : counts);
}

}  // namespace

bool holds(const condition& c, const lookup& find) {
    const auto each = [&](const condition& w) { return holds(w, find); };
    switch (c.is) {
        case kind::phrase:
        case kind::regex:
            return find(c.leaf) != nullptr;
        case kind::any:
            return std::any_of(c.within.begin(), c.within.end(), each);
        case kind::all:
            return std::all_of(c.within.begin(), c.within.end(), each);
        case kind::none:
            return std::none_of(c.within.begin(), c.within.end(), each);
    }
    return false;
}

void gather(const condition& c, const lookup& find, const std::function<void(const condition&, span)>& to) {
    gather(c, find, to, true);
}

void explain(const condition& c, const lookup& find, std::vector<std::string>& to) {
    if (c.is == kind::any) {
        to.push_back("any: nothing of the `any` in line " + std::to_string(c.line) + " is in the message");
        return;
    }
    for (const condition& w : c.within) {
        const bool held = holds(w, find);
        if (c.is == kind::none && held)
            to.push_back("none: " + described(w) + (is_leaf(w) ? " is in the message" : " holds"));
        else if (c.is == kind::all && !held && is_leaf(w))
            to.push_back("all: " + described(w) + " is not in the message");
        else if (c.is == kind::all && !held)
            explain(w, find, to);
    }
}

std::vector<std::string> unmet(const conditions& where, const matched_message& m) {
    std::vector<std::string> out;
    const message& what = *m.what;
    if (where.addressed && *where.addressed != what.addressed)
        out.push_back(what.addressed ? "where.addressed: the message is to us"
                                     : "where.addressed: the message is not to us");
    if (where.bot.value_or(false) != what.author.bot)
        out.push_back(what.author.bot ? "where.author.bot: the author is a bot"
                                      : "where.author.bot: the author is no bot");
    if (!contains(where.platforms, m.platform))
        out.push_back("where.platform: the message is on '" + m.platform + "'");
    if (!contains(where.accounts, m.account))
        out.push_back("where.account: the message came to '" + m.account + "'");
    const std::string language = primary_language(what.language);
    if (!language.empty() && !contains(where.languages, language))
        out.push_back("where.language: the message is in '" + language + "'");
    return out;
}

}  // namespace kith
