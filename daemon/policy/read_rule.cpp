#include "daemon/policy/read_rule.hpp"

#include "daemon/match/fold.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace kith {

using namespace std::chrono;

namespace {

using reader = yaml::map_reader;

constexpr milliseconds least = seconds{1}, most = days{3650};

seconds read_while(reader& from, std::string_view key) {
    from.need(key);
    return duration_cast<seconds>(from.duration(key, seconds{1}, least, most));
}

std::size_t read_most(reader& from) {
    from.need("at_most");
    return static_cast<std::size_t>(from.number("at_most", 0, 0, 1'000'000));
}

std::vector<std::string> read_list(reader& from, std::string_view key,
                                   std::vector<std::string> otherwise = {}) {
    auto out = from.texts(key, otherwise);
    if (from.has(key) && (out.empty() || std::find(out.begin(), out.end(), "") != out.end()))
        from.complain(from.at(key), "`" + std::string(key) + "` holds nothing, or an empty text",
                      "name at least one");
    return out;
}

/// "21:00"; "24:00" is the end of the day.
minutes read_clock(reader& from, std::string_view key) {
    const auto text = from.need_text(key);
    const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100; };
    if (text.size() == 5 && text[2] == ':') {
        const int h = digit(0) * 10 + digit(1), m = digit(3) * 10 + digit(4);
        if ((h <= 23 && m <= 59) || (h == 24 && m == 0)) return hours{h} + minutes{m};
    }
    if (!text.empty())
        from.complain(from.at(key), "'" + text.substr(0, 40) + "' is no time of day",
                      "write hours and minutes, such as \"21:00\"");
    return minutes{0};
}

std::array<bool, 7> read_days(reader& from) {
    static const std::vector<std::string> names = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    std::array<bool, 7> out{};
    if (!from.has("days")) out.fill(true);
    for (const auto& day : read_words(from, "days", names))
        out[static_cast<std::size_t>(std::find(names.begin(), names.end(), day) - names.begin()) % 7] = true;
    return out;
}

rules::kind read_age(reader& from) {
    return rules::age{read_while(from, "at_most")};
}
rules::kind read_any_reply(reader&) {
    return rules::any_reply{};
}
rules::kind read_automation_label(reader&) {
    return rules::automation_label{};
}
rules::kind read_cap(reader& from) {
    static constexpr tally::of pers[] = {tally::of::contact, tally::of::thread, tally::of::account,
                                         tally::of::playbook, tally::of::community};
    rules::cap r;
    from.need("per");
    r.what.per = pers[from.choice("per", {"contact", "thread", "account", "playbook", "community"}, 0)];
    from.need("at_most");
    r.at_most = from.number("at_most", 1, 1, 1'000'000);
    r.what.within = read_while(from, "within");
    r.what.offers_only = from.choice("of", {"replies", "offers"}, 0) == 1;
    return r;
}
rules::kind read_disclosure(reader& from) {
    rules::disclosure r;
    from.need("any_of");
    for (const auto& text : read_list(from, "any_of")) r.any_of.push_back(fold(text).text);
    r.first_only = from.choice("when", {"always", "first"}, 0) == 1;
    if (r.any_of.empty()) r.any_of.emplace_back();
    return r;
}
rules::kind read_engaged_first(reader& from) {
    from.need("by");
    return rules::engaged_first{read_ways(from, "by")};
}
rules::kind read_hashtags(reader& from) {
    return rules::hashtags{read_most(from)};
}
rules::kind read_languages(reader&) {
    return rules::languages{};
}
rules::kind read_length(reader& from) {
    return rules::length{read_most(from)};
}
rules::kind read_links(reader& from) {
    rules::links r;
    from.need("hosts");
    for (auto host : from.texts("hosts")) {
        std::transform(host.begin(), host.end(), host.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
        if (host.empty() || host.find_first_of("/:@ ") != std::string::npos)
            from.complain(from.at("hosts"), "'" + host.substr(0, 80) + "' is no host",
                          "write example.com, or '*.example.com', without https://");
        r.hosts.push_back(std::move(host));
    }
    return r;
}
rules::kind read_mentions(reader& from) {
    return rules::mentions{read_most(from)};
}
rules::kind read_message_says(reader& from) {
    from.need("topics");
    return rules::message_says{read_list(from, "topics")};
}
rules::kind read_no_colleague(reader& from) {
    return rules::no_colleague{read_while(from, "within")};
}
rules::kind read_not_to_bots(reader&) {
    return rules::not_to_bots{};
}
rules::kind read_offer(reader& from) {
    rules::offer r;
    const auto name = from.need_text("from");
    const auto found = stage_from(name);
    if (!found && !name.empty())
        from.complain(from.at("from"), "'" + name.substr(0, 40) + "' is no stage",
                      "write attention, attraction, affinity, audience or advocate");
    r.from = found.value_or(stage::advocate);
    r.asked = read_list(from, "asked", {"asks-for-offer"});
    r.never_in = read_list(from, "never_in", {"complaint"});
    if (from.has("helpful_per_offer"))
        r.helpful_per_offer = from.number("helpful_per_offer", 100'000, 1, 100'000);
    return r;
}
rules::kind read_one_reply(reader&) {
    return rules::one_reply{};
}
rules::kind read_quiet_hours(reader& from) {
    rules::quiet_hours r;
    r.from = read_clock(from, "from");
    r.to = read_clock(from, "to");
    if (r.from == r.to && from.has("from") && from.has("to"))
        from.complain(from.at("to"), "the quiet hours begin when they end",
                      "write from: \"00:00\", to: \"24:00\" for the whole day");
    const auto whose = from.text("zone", "contact");
    if (whose == "house") {
        r.zone = rules::quiet_hours::whose::house;
    } else if (whose != "contact") {
        r.zone = rules::quiet_hours::whose::named;
        r.named = zone::find(whose);
        if (!r.named)
            from.complain(from.at("zone"), "there is no time zone '" + whose.substr(0, 60) + "'",
                          "write contact, house, or a name such as Europe/Berlin");
    }
    r.days = read_days(from);
    if (from.has("unless_wrote_within")) r.unless_wrote_within = read_while(from, "unless_wrote_within");
    return r;
}
rules::kind read_reply_says(reader& from) {
    from.need("topics");
    return rules::reply_says{read_list(from, "topics")};
}
rules::kind read_window(reader& from) {
    return rules::window{read_while(from, "within")};
}

constexpr std::array<rule_kind, 19> kinds = {{{"age", read_age},
                                              {"any_reply", read_any_reply},
                                              {"automation_label", read_automation_label},
                                              {"cap", read_cap, true},
                                              {"disclosure", read_disclosure},
                                              {"engaged_first", read_engaged_first},
                                              {"hashtags", read_hashtags},
                                              {"languages", read_languages},
                                              {"length", read_length},
                                              {"links", read_links},
                                              {"mentions", read_mentions},
                                              {"message_says", read_message_says},
                                              {"no_colleague", read_no_colleague, true},
                                              {"not_to_bots", read_not_to_bots},
                                              {"offer", read_offer},
                                              {"one_reply", read_one_reply},
                                              {"quiet_hours", read_quiet_hours, true},
                                              {"reply_says", read_reply_says},
                                              {"window", read_window}}};

}  // namespace

std::span<const rule_kind> rule_kinds() noexcept {
    return kinds;
}

year_month_day read_date(reader& from, std::string_view key) {
    const auto text = from.need_text(key);
    int y = 0;
    unsigned m = 0, d = 0;
    const auto part = [&](std::size_t at, std::size_t n, auto& into) {
        const auto [end, ec] = std::from_chars(text.data() + at, text.data() + at + n, into);
        return ec == std::errc{} && end == text.data() + at + n && text[at] != '-';
    };
    if (text.size() == 10 && text[4] == '-' && text[7] == '-' && part(0, 4, y) && part(5, 2, m) &&
        part(8, 2, d)) {
        const auto date = year{y} / month{m} / day{d};
        if (date.ok()) return date;
    }
    if (!text.empty())
        from.complain(from.at(key), "`" + std::string(key) + "` is not a day of the calendar",
                      "write year-month-day, such as 2027-11-30");
    return year{1970} / January / day{1};
}

std::vector<std::string> read_words(reader& from, std::string_view key,
                                    const std::vector<std::string>& known) {
    std::vector<std::string> out;
    for (auto& word : read_list(from, key)) {
        if (std::find(known.begin(), known.end(), word) != known.end()) {
            out.push_back(std::move(word));
            continue;
        }
        std::string all;
        for (const auto& k : known) all += (all.empty() ? "" : ", ") + k;
        from.complain(from.at(key), "'" + word.substr(0, 40) + "' is not known here", "use " + all);
    }
    return out;
}

std::vector<way> read_ways(reader& from, std::string_view key) {
    std::vector<way> out;
    for (const auto& word : read_words(from, key, {"mention", "reply", "quote", "direct", "comment"}))
        out.push_back(way_from(word).value_or(way::none));
    return out;
}

}  // namespace kith
