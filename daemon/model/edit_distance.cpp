#include "daemon/model/edit_distance.hpp"

#include <algorithm>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace kith {

namespace {

constexpr std::size_t most_cells = 4'000'000;

/// The bytes of each character, as one number; bytes that are no UTF-8 count one each.
std::vector<std::uint32_t> characters(std::string_view text) {
    std::vector<std::uint32_t> out;
    out.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xc0U) == 0x80U && !out.empty())
            out.back() = out.back() << 8U | byte;
        else
            out.push_back(byte);
    }
    return out;
}

std::int64_t count(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
    std::vector<std::int64_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto diagonal = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const auto replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

}  // namespace

std::int64_t edit_distance(std::string_view left, std::string_view right) {
    const auto all_a = characters(left), all_b = characters(right);
    std::span<const std::uint32_t> a(all_a), b(all_b);
    while (!a.empty() && !b.empty() && a.front() == b.front()) {
        a = a.subspan(1);
        b = b.subspan(1);
    }
    while (!a.empty() && !b.empty() && a.back() == b.back()) {
        a = a.first(a.size() - 1);
        b = b.first(b.size() - 1);
    }
    if (a.size() * b.size() > most_cells) return static_cast<std::int64_t>(std::max(a.size(), b.size()));
    return count(a, b);
}

}  // namespace kith
