#include "daemon/policy/spoken.hpp"

#include <algorithm>

namespace kith {

namespace {

template <class T>
bool lets_through(const std::vector<T>& allowed, const auto& one) {
    return allowed.empty() || std::find(allowed.begin(), allowed.end(), one) != allowed.end();
}

bool speaks(const rule_filter& only, const judgement_input& in) {
    return lets_through(only.kinds, in.kind) && lets_through(only.ways, in.message.what.way) &&
           lets_through(only.communities, in.message.what.community) &&
           lets_through(only.accounts, in.message.account);
}

/// Gathers the reasons; the strictest decides.
class verdict_maker {
 public:
    void say(std::string_view rule, decision d, std::string&& why) {
        out_.decision = std::max(out_.decision, d);
        out_.reasons.push_back({std::string(rule), d, std::move(why)});
    }
    void must(std::string_view rule, bool kept, std::string why) {
        say(rule, kept ? decision::allow : decision::deny, std::move(why));
    }
    /// A denial that people can mend without touching the playbook: the message is judged again when they
    /// have.
    void mendable(const std::string& with) { with_ = with_.empty() ? with : with_; }
    void wait_until(timestamp t) { out_.not_before = std::max(out_.not_before.value_or(t), t); }
    void judged_by(const pack& p) {
        out_.packs.push_back(p.name + "@" + p.revision);
        out_.reasons.reserve(out_.reasons.size() + p.rules.size());
    }

    verdict done() {
        const bool denied = out_.decision == decision::deny;
        if (denied) out_.not_before.reset();
        if (denied) out_.again_with = with_;
        return std::move(out_);
    }

 private:
    verdict out_{decision::allow, {}, {}, {}, {}, {}};
    std::string with_;
};

void judge_by(const rule& r, judged_reply& j, verdict_maker& out) {
    if (!speaks(r.only, j.in)) return;
    auto said = std::visit([&](const auto& kind) { return check(kind, j); }, r.kind);
    if (said.kept) return out.say(r.id, decision::allow, std::move(said.why));
    said.why += ": " + r.why;
    using enum rule::consequence;
    if (r.then == wait && said.until) {
        out.wait_until(*said.until);
        return out.say(r.id, decision::allow, "not before " + to_rfc3339(*said.until, 0) + ": " + said.why);
    }
    if (!said.again_with.empty()) out.mendable(said.again_with);
    out.say(r.id, r.then == second ? decision::second : decision::deny, std::move(said.why));
}

/// The pack's rules, or why there are none.
void judge_by(std::string_view name, judged_reply& j, verdict_maker& out) {
    auto trouble = j.in.packs.trouble(name, j.in.at);
    if (!trouble.empty()) {
        out.mendable("packs");
        return out.say(std::string(name) + ".in-force", decision::deny, std::move(trouble));
    }
    const auto& p = j.in.packs.packs.find(name)->second;
    out.judged_by(p);
    for (const auto& r : p.rules) judge_by(r, j, out);
}

// ---- what holds without a pack

void judge_length(const judgement_input& in, verdict_maker& out) {
    const auto measured = std::to_string(in.length.used) + " of " + std::to_string(in.length.limit) + " " +
                          std::string(in.length.unit);
    const bool fits = in.length.used > 0 && in.length.used <= in.length.limit;
    out.must("kith.length", fits, in.length.used == 0 ? "the reply is empty" : measured);
}

void judge_target(const judgement_input& in, verdict_maker& out) {
    const bool there = !in.message.deleted_at && !in.thread.target_revision.empty();
    out.must("kith.target-exists", there, there ? "the message is there" : "the message is gone");
    if (in.message.contact_blocked) return out.must("kith.replies-wanted", false, "the contact blocked us");
    out.must("kith.replies-wanted", in.thread.may_reply,
             in.thread.may_reply ? "the platform takes replies to it" : in.thread.why_not);
}

void judge_opt_out(const judgement_input& in, verdict_maker& out) {
    const bool out_of_it = in.standing.opted_out;
    out.must("kith.opted-out", !out_of_it,
             out_of_it ? "the contact asked us to stop" : "the contact has not asked us to stop");
}

/// Brakes hold a reply back, they do not undo it: what a person approved goes on when a person says so.
void judge_brakes(const judgement_input& in, verdict_maker& out) {
    const auto mine = [&](const std::string& s) {
        return s == "all" || s == "account " + in.message.account ||
               s == "playbook " + std::string(in.playbook);
    };
    const auto on = std::find_if(in.standing.stopped.begin(), in.standing.stopped.end(), mine);
    if (on == in.standing.stopped.end())
        return out.say("kith.stopped", decision::allow, "nothing is stopped");
    out.wait_until(in.at + std::chrono::seconds{30});
    out.say("kith.stopped", decision::allow, "stopped: " + *on + "; `kith resume` lets it go on");
}

/// A pitch is never the opening, and without a house that says from where it is nothing else either.
void judge_offer(const judgement_input& in, verdict_maker& out) {
    if (in.kind != "offer") return;
    const auto house = in.packs.packs.find("house");
    const auto rules_offers = [](const rule& r) { return std::holds_alternative<rules::offer>(r.kind); };
    if (house != in.packs.packs.end() &&
        std::any_of(house->second.rules.begin(), house->second.rules.end(), rules_offers))
        return;
    out.say("house.offer", decision::deny, "no house pack says from which stage an offer may be made");
}

}  // namespace

verdict judge(const judgement_input& in) {
    verdict_maker out;
    judged_reply j(in);
    judge_length(in, out);
    judge_target(in, out);
    judge_opt_out(in, out);
    judge_brakes(in, out);
    judge_offer(in, out);
    judge_by("house", j, out);
    judge_by(in.platform, j, out);
    auto v = out.done();
    v.until = reply_until(in);
    return v;
}

std::vector<room> room_left(const judgement_input& in) {
    std::vector<room> out;
    judged_reply j(in);
    for (const auto name : {std::string_view("house"), in.platform}) {
        const auto p = in.packs.packs.find(name);
        if (p == in.packs.packs.end()) continue;
        for (const auto& r : p->second.rules) {
            const auto* cap = std::get_if<rules::cap>(&r.kind);
            if (cap && speaks(r.only, in) && check(*cap, j).kept) out.push_back({cap->what, cap->at_most});
        }
    }
    return out;
}

std::optional<timestamp> reply_until(const judgement_input& in) {
    std::optional<timestamp> out;
    for (const auto name : {std::string_view("house"), in.platform}) {
        const auto p = in.packs.packs.find(name);
        if (p == in.packs.packs.end()) continue;
        for (const auto& r : p->second.rules) {
            if (r.then != rule::consequence::deny || !speaks(r.only, in)) continue;
            const auto end = std::visit([&](const auto& kind) { return ends_at(kind, in); }, r.kind);
            if (end && (!out || *end < *out)) out = end;
        }
    }
    return out;
}

std::string hidden_promotion(const word_lists& words, const std::vector<std::string>& topics,
                             std::string_view text) {
    const auto all = words.find(text);
    const auto* found = first_of_topics(all, topics);
    return found ? found->words : std::string();
}

}  // namespace kith
