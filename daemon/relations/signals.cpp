#include "daemon/relations/signals.hpp"

#include "daemon/match/fold.hpp"

#include <algorithm>
#include <array>

namespace kith {

namespace {

constexpr std::array<std::string_view, 11> names = {
    "spoke_of_us",   "spoke_to_us", "answered_us", "thanked",     "came_back",     "reacted_well",
    "reacted_badly", "followed",    "unfollowed",  "recommended", "helped_another"};

bool is_heard(const std::vector<heard>& topics, std::string_view topic) {
    return std::any_of(topics.begin(), topics.end(), [&](const heard& h) { return h.topic == topic; });
}

/// As whole words: "Acme" is not in "acmeist".
bool names_house(std::string_view text, std::string_view name) {
    if (name.empty()) return false;
    const auto padded = [](std::string_view t) { return " " + fold(t).text + " "; };
    std::string in = padded(text);
    std::replace_if(
        in.begin(), in.end(),
        [](char c) { return std::string_view(".,;:!?()\"'@#/").find(c) != std::string_view::npos; }, ' ');
    std::string wanted = padded(name);
    std::replace_if(
        wanted.begin(), wanted.end(),
        [](char c) { return std::string_view(".,;:!?()\"'@#/").find(c) != std::string_view::npos; }, ' ');
    while (wanted.size() > 2 && wanted[wanted.size() - 2] == ' ') wanted.pop_back();
    return wanted.size() > 2 && in.find(wanted) != std::string::npos;
}

bool is_back(const stored_message& m, const signal_context& about, const signal_options& options) {
    const auto& before = options.one_thread ? about.last_before : about.last_elsewhere;
    if (!m.what.addressed || !before) return false;
    if (!options.one_thread && !about.first_in_thread) return false;
    return m.received_at - *before >= options.came_back_after;
}

}  // namespace

std::string_view to_string(contact_signal s) noexcept {
    return names[static_cast<std::size_t>(s)];
}

std::optional<contact_signal> signal_from(std::string_view text) noexcept {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == text) return static_cast<contact_signal>(i);
    return std::nullopt;
}

std::vector<contact_signal> signals_of(const stored_message& m, const signal_context& about,
                                       const word_lists* words, const signal_options& options) {
    using enum contact_signal;
    std::vector<contact_signal> out;
    if (m.what.author.bot || m.what.ours || m.deleted_at) return out;
    const auto topics = words ? words->find(m.what.text) : std::vector<heard>{};
    // "Thanks for nothing": who complains speaks to us, and neither thanks, recommends nor helps.
    const bool content = !is_heard(topics, "complaint");
    const bool to_us = m.what.addressed || about.answers_us;
    if (!to_us && about.matched && !about.answers_question) out.push_back(spoke_of_us);
    if (m.what.addressed && !about.answers_us) out.push_back(spoke_to_us);
    if (about.answers_us) out.push_back(answered_us);
    // "How do I ...? Thanks!" before we said a word is politeness.
    if (content && to_us && about.was_helped && is_heard(topics, "thanks")) out.push_back(thanked);
    if (is_back(m, about, options)) out.push_back(came_back);
    if (content && is_heard(topics, "recommends") &&
        (m.what.addressed || names_house(m.what.text, options.house_name)))
        out.push_back(recommended);
    if (content && !m.what.addressed && about.answers_question) out.push_back(helped_another);
    return out;
}

}  // namespace kith
