// Rules about the reply's own words.
#include "daemon/match/fold.hpp"
#include "daemon/policy/spoken.hpp"
#include "daemon/policy/wording.hpp"

#include <algorithm>

namespace kith {

namespace {

std::vector<heard> listen(const judgement_input& in, std::string_view text) {
    return in.packs.words ? in.packs.words->find(text) : std::vector<heard>{};
}

std::string counted(std::size_t n, std::size_t most, const char* what) {
    return std::to_string(n) + " of " + std::to_string(most) + " " + what;
}

/// "@ann", "ann@example.social" and "ann.example.com" are the contact, also where only the first part is
/// written.
bool is_contact(std::string_view name, const identity& who) {
    const auto same = [](std::string_view a, std::string_view b) {
        return !a.empty() && fold(a).text == fold(b).text;
    };
    std::string_view handle = who.handle;
    if (handle.starts_with('@')) handle.remove_prefix(1);
    return same(name, handle) || same(name, handle.substr(0, handle.find('@'))) || same(name, who.id);
}

}  // namespace

const std::vector<heard>& judged_reply::in_message() {
    if (!in_message_) in_message_ = listen(in, in.message.what.text);
    return *in_message_;
}

const std::vector<heard>& judged_reply::in_reply() {
    if (!in_reply_) in_reply_ = listen(in, in.text);
    return *in_reply_;
}

const std::string& judged_reply::folded() {
    if (!folded_) folded_ = fold(in.text).text;
    return *folded_;
}

std::size_t judged_reply::hashtags() {
    if (!hashtags_) hashtags_ = hashtags_in(in.text);
    return *hashtags_;
}

const std::vector<std::string>& judged_reply::hosts() {
    if (!hosts_) hosts_ = hosts_in(in.text);
    return *hosts_;
}

const heard* first_of_topics(const std::vector<heard>& all, const std::vector<std::string>& topics) {
    const auto wanted = [&](const heard& h) {
        return std::find(topics.begin(), topics.end(), h.topic) != topics.end();
    };
    const auto found = std::find_if(all.begin(), all.end(), wanted);
    return found == all.end() ? nullptr : &*found;
}

spoken check(const rules::any_reply&, judged_reply& j) {
    return {false, "a reply of kind " + std::string(j.in.kind), {}};
}

spoken check(const rules::disclosure& r, judged_reply& j) {
    if (r.first_only && j.in.standing.ever_answered) return {true, "it was disclosed before", {}};
    const auto& text = j.folded();
    const auto holds = [&](const std::string& wanted) { return text.find(wanted) != std::string::npos; };
    if (std::any_of(r.any_of.begin(), r.any_of.end(), holds)) return {true, "the reply discloses it", {}};
    return {false, "the reply lacks '" + r.any_of.front() + "'", {}};
}

spoken check(const rules::hashtags& r, judged_reply& j) {
    const auto n = j.hashtags();
    return {n <= r.at_most, counted(n, r.at_most, "hashtags"), {}};
}

spoken check(const rules::length& r, judged_reply& j) {
    return {j.in.length.used <= r.at_most,
            counted(j.in.length.used, r.at_most, std::string(j.in.length.unit).c_str()),
            {}};
}

spoken check(const rules::links& r, judged_reply& j) {
    for (const auto& host : j.hosts())
        if (!is_allowed_host(host, r.hosts))
            return {false, "a link to " + (host.empty() ? "no host" : host) + " is not on the list", {}};
    return {true, j.hosts().empty() ? "no links" : "links to hosts on the list", {}};
}

std::size_t judged_reply::others_named() {
    if (others_named_) return *others_named_;
    const auto names = names_in(in.text);
    others_named_ = static_cast<std::size_t>(std::count_if(
        names.begin(), names.end(), [&](const auto& n) { return !is_contact(n, in.message.what.author); }));
    return *others_named_;
}

spoken check(const rules::mentions& r, judged_reply& j) {
    const auto others = j.others_named();
    return {others <= r.at_most, counted(others, r.at_most, "other people named"), {}};
}

spoken check(const rules::reply_says& r, judged_reply& j) {
    const auto* found = first_of_topics(j.in_reply(), r.topics);
    if (!found) return {true, "the reply is about none of these topics", {}};
    return {false, "the reply says '" + found->words + "' (" + found->topic + ")", {}};
}

}  // namespace kith
