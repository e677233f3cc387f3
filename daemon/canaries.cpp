#include "daemon/canaries.hpp"

#include "daemon/model/sha256.hpp"
#include "daemon/queue/mutations.hpp"

#include <algorithm>
#include <charconv>

namespace kith {

namespace {

/// 52 bits of chance out of a seed and what it is for.
std::uint64_t chance(std::string_view seed, const stored_message& m, std::string_view what) {
    const auto digits = sha256_hex(std::string(seed) + " " + m.account + " " + m.what.native_id + " " +
                                   m.what.revision + " " + std::string(what));
    std::uint64_t out = 0;
    std::from_chars(digits.data(), digits.data() + 13, out, 16);
    return out;
}

constexpr auto chances = static_cast<double>(std::uint64_t{1} << 52U);

}  // namespace

std::optional<canary_draft> draft_canary(const decide_input& in, const suggestion& s, double rate,
                                         std::string_view seed) {
    if (s.purpose != purpose::answer || s.verdict.decision != decision::allow) return std::nullopt;
    if (static_cast<double>(chance(seed, in.message, "whether")) >= rate * chances) return std::nullopt;
    const mutation_input about{s, in.message.what, in.rules.set(), chance(seed, in.message, "how")};
    const auto all = mutations();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& one = all[(about.seed + i) % all.size()];
        auto made = one.make(about);
        if (!made || made->text == s.basis.text) continue;
        auto v = verdict_on(in, {made->text, s.kind, s.basis.playbook, s.department});
        if (v.decision != decision::allow) continue;
        return canary_draft{std::string(one.fault), std::move(made->wrong), std::move(made->text),
                            std::move(v)};
    }
    return std::nullopt;
}

}  // namespace kith
