#include "daemon/relations/occasions.hpp"

#include "daemon/match/condition.hpp"
#include "daemon/match/event.hpp"

#include <algorithm>

namespace kith {

namespace {

constexpr std::chrono::hours first_week{24 * 7};

std::string day(timestamp t) {
    return to_rfc3339(t, 0).substr(0, 10);
}

/// Finds what one playbook has to tell one customer.
class finder {
 public:
    finder(const occasions_input& in, const playbook& p, std::vector<occasion>& out)
        : in_(in), playbook_(p), out_(out) {}

    void run() const {
        switch (playbook_.event->is) {
            case event_kind::first_week:
                return bought();
            case event_kind::new_answer:
                return answered();
            case event_kind::fixed:
                return fixed();
        }
    }

 private:
    void add(const std::string& subject, std::string what) const {
        std::string key = std::string(to_string(playbook_.event->is)) + " " + playbook_.id + " " + subject;
        if (!in_.history.told.contains(key)) out_.push_back({&playbook_, std::move(key), std::move(what)});
    }

    void bought() const {
        for (const auto& p : in_.history.customer.purchases) {
            const auto ago = in_.at - p.bought_at;
            if (ago < ago.zero() || ago > first_week || !concerns(*playbook_.event, p.product)) continue;
            add(p.product + "@" + day(p.bought_at), "bought " + p.product + " on " + day(p.bought_at));
        }
    }

    void answered() const {
        if (!owns_one()) return;
        const auto newest = newest_answer();
        for (const auto& past : in_.history.messages) {
            if (past.answered || past.message.received_at >= newest || !heard(past.message)) continue;
            add("message " + std::to_string(past.message.id),
                "asked in message " + std::to_string(past.message.id) + " on " +
                    day(past.message.received_at) + ", answered by what came on " + day(newest));
        }
    }

    void fixed() const {
        if (!owns_one()) return;
        for (const auto& f : in_.fixes) {
            const auto report = std::find_if(
                in_.history.messages.begin(), in_.history.messages.end(), [&](const past_message& past) {
                    const auto& m = past.message;
                    const bool meant =
                        f.message_id != 0 ? f.message_id == m.id : f.playbook == playbook_.event->playbook;
                    return meant && m.received_at < f.at && heard(m);
                });
            if (report == in_.history.messages.end()) continue;
            add("fix " + std::to_string(f.id), "reported in message " + std::to_string(report->message.id) +
                                                   ", fixed on " + day(f.at) + " says " + f.by + ": " +
                                                   f.note);
        }
    }

    /// Something that the event is about.
    bool owns_one() const {
        const auto& all = in_.history.customer.purchases;
        return playbook_.event->products.empty() ||
               std::any_of(all.begin(), all.end(),
                           [&](const purchase& p) { return concerns(*playbook_.event, p.product); });
    }

    bool heard(const stored_message& m) const {
        const matched_message as{m.account, std::string(in_.platform), &m.what};
        return hears(in_.rules, playbook_.event->playbook, as);
    }

    /// When the newest of the answers that the playbook cites came into force.
    timestamp newest_answer() const {
        timestamp newest{};
        for (const auto& r : playbook_.say)
            for (const auto& id : r.cites) {
                const auto a = in_.rules.set().answers.find(id);
                if (a == in_.rules.set().answers.end()) continue;
                const auto seen = in_.answers_seen.find(id + "@" + a->second.revision);
                if (seen != in_.answers_seen.end()) newest = std::max(newest, seen->second);
            }
        return newest;
    }

    const occasions_input& in_;
    const playbook& playbook_;
    std::vector<occasion>& out_;
};

/// How many were proposed within the time that the limits speak of.
std::int64_t told_lately(const occasions_input& in) {
    const auto& all = in.history.proposed;
    return std::count_if(all.begin(), all.end(),
                         [&](timestamp told) { return told > in.at - in.limits.within; });
}

}  // namespace

const stored_message* place_for(const customer_history& h) {
    const auto newest = std::max_element(h.messages.begin(), h.messages.end(),
                                         [](const past_message& a, const past_message& b) {
                                             return std::pair(a.message.received_at, a.message.id) <
                                                    std::pair(b.message.received_at, b.message.id);
                                         });
    return newest == h.messages.end() ? nullptr : &newest->message;
}

std::vector<occasion> find_occasions(const occasions_input& in) {
    std::vector<occasion> out;
    const auto* place = place_for(in.history);
    const bool consent = !in.history.customer.consent.how.empty() && in.history.customer.consent.at <= in.at;
    if (place == nullptr || !consent || told_lately(in) >= in.limits.at_most) return out;
    const matched_message as{place->account, std::string(in.platform), &place->what};
    for (const auto& p : in.rules.set().playbooks)
        if (p.event && p.status == playbook_status::live && unmet(p.where, as).empty())
            finder(in, p, out).run();
    return out;
}

bool has_events(const playbook_set& set) {
    return std::any_of(set.playbooks.begin(), set.playbooks.end(),
                       [](const playbook& p) { return p.event && p.status == playbook_status::live; });
}

std::vector<std::string> answers_in_force(const playbook_set& set) {
    std::vector<std::string> out;
    for (const auto& [id, a] : set.answers) out.push_back(id + "@" + a.revision);
    return out;
}

}  // namespace kith
