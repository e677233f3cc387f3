#include "daemon/console/item_view.hpp"

#include "daemon/console/api_canaries.hpp"
#include "daemon/console/api_parts.hpp"
#include "daemon/console/view.hpp"
#include "daemon/console/view_departments.hpp"
#include "daemon/model/json.hpp"
#include "daemon/policy/policy.hpp"
#include "daemon/store/relations_store.hpp"

#include <set>

namespace kith::console {

namespace json = boost::json;

namespace {

text_length measured(api_context& c, const queue_item& item, std::string_view text) {
    auto* a = find_account(c, item.message.account);
    return a ? a->platform->supports().length(text) : text_length{};
}

json::array marks_of(const suggestion& s) {
    json::array out;
    for (const auto& m : s.matched)
        out.push_back({{"begin", m.begin}, {"end", m.end}, {"trigger", m.trigger}});
    return out;
}

/// The answers behind "reset-password@3f2a", as they are now; of one that is gone its id alone.
json::array cites_of(api_context& c, const suggestion& s) {
    json::array out;
    const auto current = c.rules.current();
    for (const auto& cite : s.cites) {
        const auto id = cite.substr(0, cite.find('@'));
        json::object one{{"id", id},       {"title", id},          {"text", nullptr},
                         {"url", nullptr}, {"review_by", nullptr}, {"owner", nullptr}};
        const auto found = current->set().answers.find(id);
        if (found != current->set().answers.end()) {
            const auto& a = found->second;
            const auto text = a.text.find(s.language);
            if (text != a.text.end()) one["text"] = text->second;
            if (!a.link.empty()) one["url"] = a.link;
            one["owner"] = a.owner;
            constexpr std::size_t day = 10;
            one["review_by"] = to_rfc3339(std::chrono::sys_days(a.review_by), 0).substr(0, day);
        }
        out.push_back(std::move(one));
    }
    return out;
}

json::object candidate_view(api_context& c, const queue_item& item, const suggestion& s) {
    return {{"id", s.id},
            {"version", s.version},
            {"hash", s.hash},
            {"rank", s.rank},
            {"kind", s.kind},
            {"reply", s.basis.reply},
            {"text", s.basis.text},
            {"language", s.language},
            {"verdict", to_json(s.verdict)},
            {"length", view(measured(c, item, s.basis.text))},
            {"cites", cites_of(c, s)},
            {"preview", preview_of(s.basis.text)}};
}

/// As a page shows it: the number and text of the canary in its place.
suggestion as_shown(suggestion s, const canaries_in_place& canaries) {
    const auto canary = canaries.find(s.id);
    if (canary == canaries.end()) return s;
    s.hash = canary->second.what.hash(s);
    s.id = canary->second.what.id;
    s.basis.text = canary->second.what.draft.text;
    s.verdict = canary->second.what.draft.verdict;
    return s;
}

json::array path_of(const shown_path& p, const std::string& account) {
    json::array out;
    for (const auto& m : p.moves) {
        if (m.account != account) continue;
        const auto name = [](const std::optional<stage>& s) {
            return s ? to_string(*s) : std::string_view{};
        };
        out.push_back({{"at", to_rfc3339(m.move.at, 3)},
                       {"from", name(m.move.from)},
                       {"to", name(m.move.to)},
                       {"why", m.move.why}});
    }
    return out;
}

/// Candidates, history and alternatives: what else there is about the message.
awaitable<result<void>> add_history(api_context& c, json::object& out, const queue_item& item,
                                    const identity& who) {
    const auto h = co_await c.store.history(item.message.id);
    if (h.has_error()) co_return h.error();
    const auto canaries = co_await canaries_among(c, h->suggestions);
    if (canaries.has_error()) co_return canaries.error();
    json::array candidates, alternatives, history;
    // Replies of other departments to the same message are theirs to see.
    std::set<std::int64_t> hidden;
    for (const auto& each : h->suggestions) {
        const bool given = each.purpose == item.shown.purpose && !item.assigned.department.empty() &&
                           may(who, item.assigned.department, item.message.account);
        if (!given && !may(who, each.department, item.message.account)) {
            hidden.insert(each.id);
            continue;
        }
        if (each.state != suggestion_state::open || each.purpose != item.shown.purpose) continue;
        if (!may(who, each.department, each.basis.account)) continue;
        const auto s = as_shown(each, *canaries);
        candidates.push_back(candidate_view(c, item, s));
        if (s.id != item.shown.id) alternatives.push_back(brief(s));
    }
    for (const auto& line : h->record) {
        if (line.act == "shown") continue;  // who looks changes nothing
        if (!may_see_line(c, line, hidden, who)) continue;
        const auto told = record_as_shown(line, *canaries);
        history.push_back({{"at", to_rfc3339(told.at, 3)},
                           {"who", told.actor},
                           {"act", told.act},
                           {"suggestion", told.suggestion_id},
                           {"detail", told.detail}});
    }
    out["candidates"] = std::move(candidates);
    out["alternatives"] = std::move(alternatives);
    out["history"] = std::move(history);
    co_return result<void>();
}

awaitable<result<void>> add_questions(api_context& c, json::object& out, std::int64_t message_id) {
    question_filter about;
    about.messages.push_back(message_id);
    const auto asked = co_await c.store.departments().questions(std::move(about));
    if (asked.has_error()) co_return asked.error();
    json::array questions;
    for (const auto& q : *asked) questions.push_back(view(q));
    out["questions"] = std::move(questions);
    co_return result<void>();
}

awaitable<result<void>> add_path(api_context& c, json::object& out, const queue_item& item) {
    const auto p = co_await c.store.relations().contact(item.contact);
    json::array path;
    if (p.has_value()) path = path_of(*p, item.message.account);
    out.at("contact").as_object()["path"] = std::move(path);
    co_return result<void>();
}

json::object assembled(api_context& c, const queue_item& item) {
    const auto at = now();
    const auto& s = item.shown;
    const auto length = measured(c, item, s.basis.text);
    auto line = view(item, c.claims.find(item.message.id, at), at);
    auto out = view(s, item.message, length);
    auto lines = std::move(out.at("thread"));
    out["thread_lines"] = std::move(lines);
    out["thread"] = line.at("thread");
    for (auto& [name, value] : line)
        if (!out.contains(name)) out[name] = value;
    out.at("message").as_object()["marks"] = marks_of(s);
    out.at("playbook").as_object()["commit"] = c.rules.current()->set().commit;
    out["length"] = view(length);
    out["preview"] = preview_of(s.basis.text);
    out["cites"] = cites_of(c, s);
    return out;
}

// ---- what is wrong with a text

const rule* find_rule(const pack_set& packs, const std::string& id) {
    for (const auto& [name, p] : packs.packs)
        for (const auto& r : p.rules)
            if (r.id == id) return &r;
    return nullptr;
}

struct span_of_text {
    std::size_t begin = 0, end = 0;
};

/// Where the platform's limit falls; a limit of nothing falls nowhere.
span_of_text beyond_limit(const account& a, std::string_view text) {
    const auto fits = [&](std::size_t n) {
        const auto l = a.platform->supports().length(text.substr(0, n));
        return l.used <= l.limit;
    };
    const auto starts = [&](std::size_t n) {
        while (n > 0 && n < text.size() && (static_cast<unsigned char>(text[n]) & 0xc0U) == 0x80U) --n;
        return n;
    };
    std::size_t good = 0, bad = text.size();
    while (good + 1 < bad) {
        const auto middle = starts(good + (bad - good) / 2);
        if (middle <= good) break;
        (fits(middle) ? good : bad) = middle;
    }
    return {good, text.size()};
}

/// The words that a reason names: between quotes, or the host of a link.
span_of_text named_in(const std::string& why, std::string_view text) {
    const auto open = why.find('\'');
    const auto close = open == std::string::npos ? open : why.find('\'', open + 1);
    std::string words;
    if (close != std::string::npos)
        words = why.substr(open + 1, close - open - 1);
    else if (why.starts_with("a link to "))
        words = why.substr(10, why.find(' ', 10) - 10);
    const auto at = words.empty() ? std::string::npos : text.find(words);
    if (at == std::string_view::npos) return {0, text.size()};
    return {at, at + words.size()};
}

json::array problems_of(const account& a, const pack_set& packs, const verdict& v, std::string_view text) {
    json::array out;
    for (const auto& r : v.reasons) {
        if (r.says != decision::deny) continue;
        const auto* found = find_rule(packs, r.rule);
        const auto is = [&]<class Kind>(std::type_identity<Kind>) {
            return found && std::holds_alternative<Kind>(found->kind);
        };
        std::string_view kind = "rule";
        span_of_text where{0, text.size()};
        if (r.rule == "kith.length" || is(std::type_identity<rules::length>{})) {
            kind = "length";
            where = beyond_limit(a, text);
        } else if (is(std::type_identity<rules::links>{})) {
            kind = "link";
            where = named_in(r.why, text);
        } else if (is(std::type_identity<rules::reply_says>{}) || is(std::type_identity<rules::offer>{}) ||
                   is(std::type_identity<rules::disclosure>{}) || is(std::type_identity<rules::hashtags>{}) ||
                   is(std::type_identity<rules::mentions>{})) {
            kind = "wording";
            where = named_in(r.why, text);
        }
        out.push_back(
            {{"kind", kind}, {"begin", where.begin}, {"end", where.end}, {"detail", r.rule + ": " + r.why}});
    }
    return out;
}

}  // namespace

json::object view(const text_length& l) {
    return {{"used", l.used}, {"most", l.limit}, {"limit", l.limit}, {"unit", l.unit}};
}

visible_part visible_to(const identity& who) {
    return {who.departments, who.accounts};
}

bool may(const identity& who, const queue_item& item) {
    const auto& given = item.assigned.department;
    return may(who, item.shown.department, item.message.account) ||
           (!given.empty() && may(who, given, item.message.account));
}

awaitable<result<queue_item>> item_for(api_context& c, std::int64_t id, identity who) {
    const auto there = co_await must_be_shown(c, id);
    if (there.has_error()) co_return there.error();
    auto item = co_await c.store.queue().item(id);
    if (item.has_error()) co_return item.error();
    if (!may(who, *item)) co_return fail(errc::not_found, "there is no suggestion " + std::to_string(id));
    co_return item;
}

shown whole_item(api_context& c, std::int64_t id, identity who) {
    const auto item = co_await item_for(c, id, who);
    if (item.has_error()) co_return item.error();
    auto out = assembled(c, *item);
    const auto canary = co_await c.store.canaries().find(id);
    if (canary.has_error()) co_return canary.error();
    const bool over = *canary && ((*canary)->what.state != canary_state::open ||
                                  (*canary)->in_place_of.state != suggestion_state::open);
    if (over) {
        auto told = co_await view_of(c, **canary);
        if (told.has_error()) co_return told.error();
        for (const auto name : {"id", "hash", "text", "verdict", "state", "receipt", "version", "approved_by",
                                "decided_at", "reason", "canary"})
            if (const auto* v = told->if_contains(name)) out[name] = *v;
        const auto& text = (*canary)->what.draft.text;
        out["draft"] = shortened(text, draft_length);
        out["preview"] = preview_of(text);
        out["length"] = view(measured(c, *item, text));
        out["undo_until"] = nullptr;
        out["held"] = nullptr;
    }
    auto added = co_await add_history(c, out, *item, who);
    if (added.has_value()) added = co_await add_questions(c, out, item->message.id);
    if (added.has_value()) added = co_await add_path(c, out, *item);
    if (added.has_error()) co_return added.error();
    co_return json::value(std::move(out));
}

awaitable<result<text_judged>> judge_text(api_context& c, const queue_item& item, std::string text) {
    const auto& s = item.shown;
    auto* a = find_account(c, item.message.account);
    if (!a)
        co_return fail(errc::conflict, "the account " + item.message.account + " is no longer configured");
    const auto thread = co_await a->platform->fetch_thread(item.message.what);
    if (thread.has_error()) co_return fail(errc::transient, "cannot read the thread: " + thread.error().what);
    const auto packs = c.rules.packs();
    const auto at = now();
    const auto standing = co_await c.store.standing(item.message.id, s.id, packs->wanted, at);
    if (standing.has_error()) co_return standing.error();
    text_judged out;
    out.length = a->platform->supports().length(text);
    const judgement_input in{text,         s.kind,    s.basis.playbook, s.department,
                             item.message, *thread,   out.length,       a->config.platform,
                             *packs,       *standing, c.house,          a->label,
                             at,           s.purpose};
    out.verdict = judge(in);
    out.problems = problems_of(*a, *packs, out.verdict, text);
    co_return out;
}

}  // namespace kith::console
