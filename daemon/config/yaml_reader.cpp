#include "daemon/config/yaml.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace kith::yaml {

namespace {

std::string in_quotes(std::string_view text) {
    constexpr std::size_t most = 60;
    if (text.size() <= most) return "'" + std::string(text) + "'";
    std::size_t cut = most;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
    return "'" + std::string(text.substr(0, cut)) + "...'";
}

const char* kind_name(const node& n) {
    switch (n.is) {
        case node::kind::null:
            return "empty";
        case node::kind::scalar:
            return "a text";
        case node::kind::sequence:
            return "a list";
        case node::kind::map:
            return "a map";
    }
    return "";
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& w : words) out += (out.empty() ? "" : ", ") + w;
    return out;
}

struct unit {
    std::string_view name;
    std::int64_t ms;
};
constexpr std::array units{unit{"ms", 1}, unit{"s", 1000}, unit{"m", 60'000}, unit{"h", 3'600'000},
                           unit{"d", 86'400'000}};

/// In the largest unit that leaves a whole number.
std::string spell(std::chrono::milliseconds d) {
    const std::int64_t n = d.count();
    for (auto u = units.rbegin(); u != units.rend(); ++u)
        if (n != 0 && n % u->ms == 0) return std::to_string(n / u->ms) + std::string(u->name);
    return std::to_string(n) + "s";
}

/// Decimal digits only, no leading zero: 010 is neither 10 nor 8 to everybody.
bool read_number(std::string_view text, std::int64_t& into) {
    const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
    if (digits.empty() || (digits.size() > 1 && digits[0] == '0') || digits[0] == '-') return false;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), into);
    return ec == std::errc{} && end == text.data() + text.size();
}

}  // namespace

map_reader::map_reader(const node& map, std::string file, std::string what, findings& out)
    : map_(map), file_(std::move(file)), what_(std::move(what)), out_(out) {
    const bool failed_before = map_.is == node::kind::null && map_.at.line == 0;  // the parse has said why
    if (map_.is != node::kind::map && !failed_before)
        complain(map_.at, what_ + " must be a map, but is " + kind_name(map_),
                 "write it as lines of `key: value`");
}

bool map_reader::has(std::string_view key) const noexcept {
    return std::any_of(map_.entries.begin(), map_.entries.end(),
                       [&](const node::entry& e) { return e.key.scalar == key; });
}

place map_reader::at(std::string_view key) const noexcept {
    for (const node::entry& e : map_.entries)
        if (e.key.scalar == key) return e.value.is == node::kind::null ? e.key.at : e.value.at;
    return map_.at;
}

const node* map_reader::take(std::string_view key) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
    for (const node::entry& e : map_.entries)
        if (e.key.scalar == key) return &e.value;
    return nullptr;
}

const node* map_reader::need(std::string_view key) {
    const node* found = take(key);
    if (found == nullptr && map_.is == node::kind::map)
        complain(map_.at, what_ + " has no `" + std::string(key) + "`",
                 "add `" + std::string(key) + ": ...`");
    return found;
}

std::string map_reader::text(std::string_view key, std::string otherwise) {
    const node* n = take(key);
    if (n == nullptr) return otherwise;
    if (n->is == node::kind::scalar) return n->scalar;
    complain(at(key), "`" + std::string(key) + "` must be a text, but is " + kind_name(*n),
             n->is == node::kind::null ? "give it a text, or remove the key" : "write one text");
    return otherwise;
}

std::string map_reader::need_text(std::string_view key) {
    const node* n = need(key);
    if (n == nullptr) return {};
    if (n->is == node::kind::scalar && n->scalar.find_first_not_of(" \t\r\n") == std::string::npos) {
        complain(n->at, "`" + std::string(key) + "` is empty", "give it a text");
        return {};
    }
    return text(key);
}

bool map_reader::flag(std::string_view key, bool otherwise) {
    const node* n = take(key);
    if (n == nullptr) return otherwise;
    if (n->is == node::kind::scalar && !n->quoted) {
        if (n->scalar == "true") return true;
        if (n->scalar == "false") return false;
    }
    complain(at(key), "`" + std::string(key) + "` must be true or false",
             "write true or false, without quotes");
    return otherwise;
}

std::int64_t map_reader::number(std::string_view key, std::int64_t otherwise, std::int64_t least,
                                std::int64_t most) {
    const node* n = take(key);
    if (n == nullptr) return otherwise;
    const std::string range = "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    std::int64_t value = 0;
    if (n->is != node::kind::scalar || n->quoted || !read_number(n->scalar, value)) {
        complain(at(key),
                 "`" + std::string(key) + "` must be a number, but is " +
                     (n->is == node::kind::scalar ? in_quotes(n->scalar) : kind_name(*n)),
                 "write " + range + ", in decimal digits, without quotes or leading zeros");
        return otherwise;
    }
    if (value >= least && value <= most) return value;
    complain(n->at, "`" + std::string(key) + "` is " + n->scalar + ", which is out of range",
             "write " + range);
    return otherwise;
}

std::chrono::milliseconds map_reader::duration(std::string_view key, std::chrono::milliseconds otherwise,
                                               std::chrono::milliseconds least,
                                               std::chrono::milliseconds most) {
    const node* n = take(key);
    if (n == nullptr) return otherwise;
    const std::string range = "from " + spell(least) + " to " + spell(most);
    const std::string text = n->is == node::kind::scalar ? n->scalar : "";
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    std::int64_t count = 0;
    const unit* in = nullptr;
    for (const unit& u : units)
        if (text.substr(digits) == u.name) in = &u;
    if (in == nullptr || !read_number(text.substr(0, digits), count)) {
        complain(at(key),
                 "`" + std::string(key) + "` must be a duration, but is " +
                     (n->is == node::kind::scalar ? in_quotes(n->scalar) : kind_name(*n)),
                 "write a number and ms, s, m, h or d, such as 30s, " + range);
        return otherwise;
    }
    if (count <= most.count() / in->ms) {
        const std::chrono::milliseconds value{count * in->ms};
        if (value >= least && value <= most) return value;
    }
    complain(n->at, "`" + std::string(key) + "` is " + text + ", which is out of range",
             "write a duration " + range);
    return otherwise;
}

std::vector<std::string> map_reader::texts(std::string_view key, std::vector<std::string> otherwise) {
    const node* n = take(key);
    if (n == nullptr) return otherwise;
    if (n->is == node::kind::scalar) return {n->scalar};
    if (n->is != node::kind::sequence) {
        complain(at(key), "`" + std::string(key) + "` must be a list of texts, but is " + kind_name(*n),
                 "write it as [one, two]");
        return otherwise;
    }
    std::vector<std::string> out;
    for (const node& item : n->items) {
        if (item.is == node::kind::scalar)
            out.push_back(item.scalar);
        else
            complain(item.at,
                     "an item of `" + std::string(key) + "` must be a text, but is " + kind_name(item),
                     "write one text");
    }
    return out;
}

std::size_t map_reader::choice(std::string_view key, std::initializer_list<std::string_view> allowed,
                               std::size_t otherwise) {
    const node* n = take(key);
    if (n == nullptr) return otherwise;
    const std::vector<std::string> words(allowed.begin(), allowed.end());
    if (n->is != node::kind::scalar) {
        complain(at(key), "`" + std::string(key) + "` must be a text, but is " + kind_name(*n),
                 "write one of " + joined(words));
        return otherwise;
    }
    const auto found = std::find(words.begin(), words.end(), n->scalar);
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    const std::string near = nearest(n->scalar, words);
    complain(n->at, "`" + std::string(key) + "` cannot be " + in_quotes(n->scalar),
             (near.empty() ? "" : "did you mean '" + near + "'? ") + "write one of " + joined(words));
    return otherwise;
}

void map_reader::complain(place at, std::string what, std::string mend) {
    out_.add(file_, at, std::move(what), std::move(mend));
}

void map_reader::done() {
    for (const node::entry& e : map_.entries) {
        if (std::find(known_.begin(), known_.end(), e.key.scalar) != known_.end()) continue;
        const std::string near = nearest(e.key.scalar, known_);
        complain(e.key.at, "unknown key " + in_quotes(e.key.scalar) + " in " + what_,
                 near.empty() ? "known here: " + joined(known_) : "did you mean '" + near + "'?");
    }
}

}  // namespace kith::yaml
