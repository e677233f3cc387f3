#include "daemon/match/fold.hpp"
#include "daemon/suggest/placeholder.hpp"
#include "daemon/suggest/suggest.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace kith {

namespace {

constexpr std::size_t most_characters = 40;  // of a contact's name

/// Marks and joiners belong to the character before them.
bool joins(UChar32 c) noexcept {
    return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0 || c == 0x200D || c == 0x200C ||
           (c >= 0x1F3FB && c <= 0x1F3FF);
}

/// Controls, and what is invisible or turns the direction of the text around it.
bool unfit(UChar32 c) noexcept {
    if (c < 0 || c == 0x200D || c == 0x200C) return c < 0;
    return (U_GET_GC_MASK(c) &
            (U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CS_MASK | U_GC_CO_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK)) != 0;
}

/// "example.com" reads as a link wherever it stands; "Dr. Who" and "J.R. Hartley" do not.
bool names_a_host(std::string_view name) noexcept {
    const auto letter = [&](std::size_t i) {
        if (i >= name.size()) return false;
        const auto c = static_cast<unsigned char>(name[i]);
        return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    };
    for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1))
        if (dot > 0 && letter(dot - 1) && letter(dot + 1) && letter(dot + 2)) return true;
    return false;
}

/// What marks may not do in a name: build towers out of the line, hide a link or a command.
bool fit(std::string_view name) {
    constexpr int most_marks = 4;
    int marks = 0;
    for (int32_t i = 0; i < static_cast<int32_t>(name.size());) {
        UChar32 c = 0;
        U8_NEXT(name.data(), i, static_cast<int32_t>(name.size()), c);
        if (unfit(c)) return false;
        marks = (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0 ? marks + 1 : 0;
        if (marks > most_marks) return false;
    }
    const std::string plain = fold(name).text;  // fullwidth signs count as the signs they look like
    return !plain.empty() && plain.find_first_of("@{}<>") == std::string::npos &&
           plain.find("://") == std::string::npos && plain.find("www.") == std::string::npos &&
           !names_a_host(plain);
}

/// At most 40 characters, with the marks on the last one.
std::string_view shorten(std::string_view name) {
    std::size_t characters = 0;
    int32_t i = 0;
    while (i < static_cast<int32_t>(name.size())) {
        const int32_t before = i;
        UChar32 c = 0;
        U8_NEXT(name.data(), i, static_cast<int32_t>(name.size()), c);
        if (!joins(c) && ++characters > most_characters)
            return trim(name.substr(0, static_cast<std::size_t>(before)));
    }
    return name;
}

/// The name by which a contact may be addressed, or empty.
std::string contact_name(const message& m) {
    const std::string_view name = trim(m.author.display_name);
    return name.size() <= 1024 && fit(name) ? std::string(shorten(name)) : std::string();
}

std::string answer_text(const playbook_set& set, std::string_view id, const std::string& language) {
    const auto found = set.answers.find(std::string(id));
    if (found == set.answers.end()) return {};
    const answer& a = found->second;
    const auto text = a.text.find(language);
    if (text == a.text.end()) return {};
    std::string out(text->second);
    while (out.ends_with('\n') || out.ends_with(' ')) out.pop_back();
    if (!a.link.empty() && out.find(a.link) == std::string::npos) out += " " + a.link;
    return out;
}

}  // namespace

std::string render(const std::string& text, const message& m, const playbook_set& set,
                   const std::string& language) {
    std::string out;
    for (const piece& p : pieces(text)) {
        if (p.is == piece::kind::text) out += p.text;
        if (p.is != piece::kind::name) continue;
        if (p.text != "contact.name") {
            out += answer_text(set, answer_id(p.text), language);
            continue;
        }
        const std::string name = contact_name(m);
        if (!name.empty())
            out += name;
        else if (language == "en")
            out += "there";
        else if (out.ends_with(' '))
            out.pop_back();  // "Hallo {{ contact.name }}," becomes "Hallo,": "there" is no word of that
                             // language
    }
    while (out.ends_with('\n') || out.ends_with(' ')) out.pop_back();
    return out;
}

std::vector<std::string> unknown_placeholders(const std::string& text, const playbook_set& set) {
    std::vector<std::string> out;
    for (const piece& p : pieces(text)) {
        const bool known =
            p.is == piece::kind::text || p.text == "contact.name" ||
            (p.is == piece::kind::name && set.answers.contains(std::string(answer_id(p.text))));
        if (!known) out.emplace_back(p.text);
    }
    return out;
}

}  // namespace kith
