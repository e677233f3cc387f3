// Rules about who wrote, where, when, and what was said between us before.
#include "daemon/match/language.hpp"
#include "daemon/policy/spoken.hpp"

#include <algorithm>

namespace kith {

using namespace std::chrono;

std::string spell(seconds s) {
    const auto n = s.count();
    const auto say = [](std::int64_t count, const char* unit) {
        auto out = std::to_string(count);
        out.append(1, ' ').append(unit);
        if (count != 1) out += 's';
        return out;
    };
    if (n != 0 && n % 86'400 == 0) return say(n / 86'400, "day");
    if (n != 0 && n % 3'600 == 0) return say(n / 3'600, "hour");
    if (n != 0 && n % 60 == 0) return say(n / 60, "minute");
    return say(n, "second");
}

spoken check(const rules::age& r, judged_reply& j) {
    if (j.in.purpose == purpose::occasion) return {true, "no answer to the message", {}};
    // From when it was written, however late we came to hear of it: what a platform hands over afterwards may
    // be years old. A date in the future is not believed.
    const auto age = j.in.at - std::min(j.in.message.what.written_at, j.in.message.received_at);
    if (age <= r.at_most) return {true, "the message is not older than " + spell(r.at_most), {}};
    return {false, "the message is older than " + spell(r.at_most), {}};
}

spoken check(const rules::automation_label&, judged_reply& j) {
    switch (j.in.label) {
        case automation_label::present:
            return {true, "the account is marked as automated", {}};
        case automation_label::absent:
            return {false, "the account is not marked as automated: mark it on the platform", {}, "label"};
        case automation_label::unknown:
            return {false, "nobody can tell whether the account is marked as automated", {}, "label"};
        case automation_label::not_asked:
            break;
    }
    return {false, "the platform has not yet said whether the account is marked as automated", {}, "label"};
}

spoken check(const rules::cap& r, judged_reply& j) {
    const auto& s = j.in.standing;
    tallied counted;
    if (r.what.per == tally::of::playbook) {
        if (r.index >= s.by_playbook.size()) return {false, "nobody has counted", {}};
        const auto& of = s.by_playbook[r.index];
        const auto found = of.find(std::string(j.in.playbook));
        if (found != of.end()) counted = found->second;
    } else {
        if (r.index >= s.tallies.size()) return {false, "nobody has counted", {}};
        counted = s.tallies[r.index];
    }
    std::string why = std::to_string(counted.n);
    why.reserve(64);
    why.append(" of ").append(std::to_string(r.at_most));
    why.append(r.what.offers_only ? " offers within " : " replies within ").append(spell(r.what.within));
    if (counted.n < r.at_most) return {true, std::move(why), {}};
    const auto until = counted.frees_at.value_or(j.in.at + r.what.within);
    return {false, std::move(why), std::max(until, j.in.at + seconds{1})};
}

spoken check(const rules::engaged_first& r, judged_reply& j) {
    const auto& m = j.in.message.what;
    const bool counts = m.addressed && std::find(r.by.begin(), r.by.end(), m.way) != r.by.end();
    if (counts) return {true, "the contact spoke to us (" + std::string(to_string(m.way)) + ")", {}};
    if (!m.addressed) return {false, "the contact did not speak to us", {}};
    return {false, "a message of this way (" + std::string(to_string(m.way)) + ") does not count", {}};
}

spoken check(const rules::languages&, judged_reply& j) {
    const auto language = primary_language(j.in.message.what.language);
    const auto found = j.in.house.departments.find(j.in.department);
    if (language.empty() || found == j.in.house.departments.end() || found->second.empty())
        return {true, "the department reads every language, or this one is not known", {}};
    const auto reads = [&](const std::string& l) { return primary_language(l) == language; };
    const std::string who = "the department " + std::string(j.in.department);
    if (std::any_of(found->second.begin(), found->second.end(), reads))
        return {true, who + " reads " + language, {}};
    return {false, who + " does not read " + language, {}};
}

spoken check(const rules::message_says& r, judged_reply& j) {
    const auto* found = first_of_topics(j.in_message(), r.topics);
    if (!found) return {true, "the message is about none of these topics", {}};
    return {false, "the message is about " + found->topic, {}};
}

spoken check(const rules::no_colleague& r, judged_reply& j) {
    const auto& own = j.in.standing.own_replies;
    bool after = false;
    for (const auto& m : j.in.thread.messages) {
        if (m.native_id == j.in.message.what.native_id) after = true;
        if (!m.ours || std::find(own.begin(), own.end(), m.native_id) != own.end()) continue;
        if (after) return {false, "a colleague has answered already", {}};
        if (m.native_id == j.in.message.what.thread_id) continue;  // our own post, under which people write
        if (const auto until = m.written_at + r.within; until > j.in.at)
            return {false, "a colleague wrote in the thread within " + spell(r.within), until};
    }
    return {true, "no colleague has just written in the thread", {}};
}

spoken check(const rules::not_to_bots&, judged_reply& j) {
    const auto& m = j.in.message.what;
    if (m.author.bot) return {false, "the author says of itself that it is a bot", {}};
    if (m.automated) return {false, "the message was written by software that says so", {}};
    return {true, "nothing marks the author or the message as automated", {}};
}

spoken check(const rules::one_reply&, judged_reply& j) {
    if (j.in.purpose == purpose::occasion) return {true, "no answer to the message, and told only once", {}};
    if (j.in.standing.answered_this) return {false, "a reply to this message is posted or under way", {}};
    return {true, "no other reply to this message", {}};
}

/// Their newest word to us. By the earlier of the platform's clock and ours: a window is never stretched by a
/// lie.
static timestamp last_word(const judgement_input& in) {
    const auto& m = in.message;
    const auto this_one = std::min(m.what.written_at, m.received_at);
    return std::max(in.standing.last_from_contact.value_or(this_one), this_one);
}

spoken check(const rules::window& r, judged_reply& j) {
    if (j.in.at - last_word(j.in) <= r.within)
        return {true, "the contact wrote within " + spell(r.within), {}};
    return {false, "the contact's last message is older than " + spell(r.within), {}};
}

std::optional<timestamp> ends_at(const rules::age& r, const judgement_input& in) {
    if (in.purpose == purpose::occasion) return std::nullopt;
    return std::min(in.message.what.written_at, in.message.received_at) + r.at_most;
}

std::optional<timestamp> ends_at(const rules::window& r, const judgement_input& in) {
    return last_word(in) + r.within;
}

namespace {

bool is_quiet(const rules::quiet_hours& r, const local_time& t) {
    const auto today = static_cast<std::size_t>(t.weekday), yesterday = (today + 6) % 7;
    const auto m = t.of_day;
    if (r.from < r.to) return r.days[today] && m >= r.from && m < r.to;
    return (r.days[today] && m >= r.from) || (r.days[yesterday] && m < r.to);
}

const zone& zone_for(const rules::quiet_hours& r, judged_reply& j) {
    using whose = rules::quiet_hours::whose;
    if (r.zone == whose::named && r.named) return *r.named;
    return r.zone == whose::contact ? j.contacts_zone() : j.house_zone();
}

/// What their clock shows now.
local_time clock_for(const rules::quiet_hours& r, judged_reply& j) {
    using whose = rules::quiet_hours::whose;
    if (r.zone == whose::named && r.named) return r.named->at(j.in.at);
    return r.zone == whose::contact ? j.contacts_clock() : j.house_clock();
}

}  // namespace

const zone& judged_reply::house_zone() {
    if (!house_zone_) house_zone_ = zone::find(in.house.zone);
    if (!house_zone_) house_zone_ = zone::utc();
    return *house_zone_;
}

const zone& judged_reply::contacts_zone() {
    if (!contacts_zone_ && !in.standing.zone.empty()) contacts_zone_ = zone::find(in.standing.zone);
    if (!contacts_zone_) contacts_zone_ = house_zone();
    return *contacts_zone_;
}

const local_time& judged_reply::house_clock() {
    if (!house_clock_) house_clock_ = house_zone().at(in.at);
    return *house_clock_;
}

const local_time& judged_reply::contacts_clock() {
    if (!contacts_clock_) contacts_clock_ = contacts_zone().at(in.at);
    return *contacts_clock_;
}

spoken check(const rules::quiet_hours& r, judged_reply& j) {
    const auto& in = j.in;
    if (r.unless_wrote_within > seconds{0} && in.at - last_word(in) <= r.unless_wrote_within)
        return {true, "the contact wrote within " + spell(r.unless_wrote_within), {}};
    if (!is_quiet(r, clock_for(r, j))) return {true, "it is no quiet hour", {}};
    const auto& where = zone_for(r, j);
    auto t = in.at;
    constexpr int most = 16;  // one quiet time may follow another, for a week at most
    for (int i = 0; i < most && is_quiet(r, where.at(t)); ++i) t = where.next(t + microseconds{1}, r.to);
    return {false, "it is a quiet hour", t};
}

}  // namespace kith
