#include "daemon/policy/wording.hpp"

#include <algorithm>
#include <array>

namespace kith {

namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_word(char c) {
    return is_letter(c) || is_digit(c) || c == '_';
}
bool is_name(char c) {
    return is_word(c) || c == '.' || c == '-';
}
bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

/// "https://user@Example.com:8443/x" from behind "//": "example.com".
std::string host_of(std::string_view authority) {
    authority = authority.substr(0, authority.find_first_of("/?#\\ \t\r\n\"'<>()[]{}|^`,;"));
    if (const auto user = authority.rfind('@'); user != std::string_view::npos)
        authority.remove_prefix(user + 1);
    authority = authority.substr(0, authority.find(':'));
    while (!authority.empty() && (authority.back() == '.' || authority.back() == '!'))
        authority.remove_suffix(1);
    return lower(authority);
}

constexpr std::array<std::string_view, 34> endings = {
    "com",    "net",  "org",    "info",   "biz",     "app",   "dev",  "shop",    "store",
    "online", "site", "xyz",    "link",   "page",    "gov",   "edu",  "club",    "blog",
    "news",   "live", "tech",   "cloud",  "website", "space", "life", "support", "help",
    "email",  "chat", "social", "agency", "studio",  "world", "today"};
/// Countries' endings that a file or an abbreviation has more often than a host.
constexpr std::array<std::string_view, 11> files = {"md", "rs", "py", "sh", "js", "ts",
                                                    "cc", "pl", "hs", "go", "so"};

/// Is a bare "shop.example.com" one that platforms make a link of?
bool is_bare_host(std::string_view word) {
    const auto dot = word.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || word.find("..") != std::string_view::npos) return false;
    if (lower(word.substr(0, 4)) == "www.") return true;
    const auto last = word.substr(dot + 1);
    if (last.size() == 2)
        return std::all_of(last.begin(), last.end(), [](char c) { return c >= 'a' && c <= 'z'; }) &&
               std::find(files.begin(), files.end(), last) == files.end() && word.find('.') >= 2;
    return std::find(endings.begin(), endings.end(), lower(last)) != endings.end();
}

}  // namespace

std::vector<std::string> hosts_in(std::string_view text) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < text.size();) {
        if (text.substr(i, 3) == "://") {
            out.push_back(host_of(text.substr(i + 3)));
            i += 3;
            while (i < text.size() && !is_space(text[i])) ++i;  // the rest of it belongs to this link
            continue;
        }
        const bool begins = is_word(text[i]) && (i == 0 || (!is_name(text[i - 1]) && text[i - 1] != '@'));
        if (!begins) {
            ++i;
            continue;
        }
        std::size_t end = i;
        while (end < text.size() && is_name(text[end])) ++end;
        auto word = text.substr(i, end - i);
        while (!word.empty() && (word.back() == '.' || word.back() == '-')) word.remove_suffix(1);
        const bool address = end < text.size() && text[end] == '@';  // of a mailbox: what follows is no link
        if (!address && is_bare_host(word) && text.substr(end, 3) != "://") out.push_back(lower(word));
        i = end;
    }
    return out;
}

bool is_allowed_host(std::string_view host, const std::vector<std::string>& allowed) {
    return std::any_of(allowed.begin(), allowed.end(), [&](std::string_view a) {
        if (a == "*") return true;
        if (!a.starts_with("*.")) return host == a;
        const auto suffix = a.substr(1);
        return host.size() > suffix.size() && host.ends_with(suffix);
    });
}

std::vector<std::string> names_in(std::string_view text) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        if (text[i] != '@' || !is_word(text[i + 1]) ||
            (i > 0 && (is_name(text[i - 1]) || text[i - 1] == '/')))
            continue;
        std::size_t end = i + 1;
        while (end < text.size() && (is_name(text[end]) || text[end] == '@')) ++end;
        auto name = text.substr(i + 1, end - i - 1);
        while (!name.empty() && !is_word(name.back())) name.remove_suffix(1);
        out.emplace_back(name);
        i = end - 1;
    }
    return out;
}

std::size_t hashtags_in(std::string_view text) {
    std::size_t n = 0;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        if (text[i] != '#' || (i > 0 && !is_space(text[i - 1]) && text[i - 1] != '(')) continue;
        std::size_t end = i + 1;
        bool letter = false;
        for (; end < text.size() && is_word(text[end]); ++end) letter = letter || is_letter(text[end]);
        n += letter ? 1 : 0;  // "#4711" is a number, not a tag
    }
    return n;
}

}  // namespace kith
