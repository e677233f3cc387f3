#include "daemon/net/router.hpp"

#include "daemon/net/text.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace kith::net {

namespace {

std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> out;
    if (path.starts_with('/')) path.remove_prefix(1);
    for (;;) {
        const auto slash = path.find('/');
        out.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return out;
        path.remove_prefix(slash + 1);
    }
}

}  // namespace

route_pattern::route_pattern(std::string_view text) : text_(text) {
    const auto bad = [&] { return std::logic_error("not a route pattern: " + text_); };
    if (!text.starts_with('/')) throw bad();
    for (const auto segment : split(text)) {
        if (ranks_.ends_with('a')) throw bad();
        const bool braces = segment.starts_with('{') && segment.ends_with('}');
        if (!braces && segment.find_first_of("{}") != std::string_view::npos) throw bad();
        const bool rest = braces && segment.ends_with("...}");
        if (braces && segment.size() <= (rest ? 5u : 2u)) throw bad();
        ranks_ += rest ? 'a' : braces ? 'b' : 'l';
        segments_.emplace_back(braces ? std::string_view{} : segment);
    }
}

std::optional<std::vector<std::string>> route_pattern::match(const std::vector<std::string>& segments) const {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < ranks_.size(); ++i) {
        if (i >= segments.size()) return std::nullopt;
        if (ranks_[i] == 'l') {
            if (segments[i] != segments_[i]) return std::nullopt;
        } else if (ranks_[i] == 'b') {
            if (segments[i].empty()) return std::nullopt;
            parts.push_back(segments[i]);
        } else {
            std::string rest;
            const bool nothing = i + 1 == segments.size() && segments[i].empty();
            for (std::size_t k = i; k < segments.size() && !nothing; ++k) {
                if (segments[k].empty() || segments[k].find('/') != std::string::npos ||
                    segments[k].find('\0') != std::string::npos)
                    return std::nullopt;
                if (k > i) rest += '/';
                rest += segments[k];
            }
            parts.push_back(std::move(rest));
            return parts;
        }
    }
    if (segments.size() != ranks_.size()) return std::nullopt;
    return parts;
}

std::optional<std::vector<std::string>> split_path(std::string_view path) {
    std::vector<std::string> out;
    for (const auto segment : split(path)) {
        auto decoded = percent_decode(segment);
        if (!decoded || *decoded == "." || *decoded == "..") return std::nullopt;
        out.push_back(std::move(*decoded));
    }
    return out;
}

void route_table::add(plain r) {
    for (const auto& other : plains_)
        if (other.method == r.method && other.pattern.text() == r.pattern.text())
            throw std::logic_error("two handlers for " + r.method + " " + r.pattern.text());
    plains_.push_back(std::move(r));
}

void route_table::add(upgrade r) {
    for (const auto& other : upgrades_)
        if (other.pattern.text() == r.pattern.text())
            throw std::logic_error("two WebSocket handlers for " + r.pattern.text());
    upgrades_.push_back(std::move(r));
}

route_table::plain_match route_table::find(std::string_view method,
                                           const std::vector<std::string>& segments) const {
    plain_match best;
    std::set<std::string> methods;
    const auto consider = [&](const plain& r, std::vector<std::string>& parts) {
        const bool exact = r.method == method;
        if (!exact && !(method == "HEAD" && r.method == "GET")) return;
        if (best.route != nullptr) {
            const auto& old = *best.route;
            const bool better = r.pattern.goes_before(old.pattern) ||
                                (!old.pattern.goes_before(r.pattern) && exact && old.method != method);
            if (!better) return;
        }
        best.route = &r;
        best.parts = std::move(parts);
    };
    for (const auto& r : plains_) {
        auto parts = r.pattern.match(segments);
        if (!parts) continue;
        methods.insert(r.method);
        if (r.method == "GET") methods.insert("HEAD");
        consider(r, *parts);
    }
    for (const auto& m : methods) best.allow += (best.allow.empty() ? "" : ", ") + m;
    best.upgrade_only = methods.empty() && find_upgrade(segments).route != nullptr;
    return best;
}

route_table::upgrade_match route_table::find_upgrade(const std::vector<std::string>& segments) const {
    upgrade_match best;
    for (const auto& r : upgrades_) {
        auto parts = r.pattern.match(segments);
        if (!parts || (best.route != nullptr && !r.pattern.goes_before(best.route->pattern))) continue;
        best.route = &r;
        best.parts = std::move(*parts);
    }
    return best;
}

}  // namespace kith::net
