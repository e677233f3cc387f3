#include "daemon/match/scanner.hpp"

#include <cstdlib>
#include <stdexcept>

namespace kith {

namespace {

unsigned flags_of(const scanner::item& i) noexcept {
    // Phrases are folded already, and looked for as bytes.
    return HS_FLAG_SINGLEMATCH | (i.regex ? HS_FLAG_UTF8 | HS_FLAG_UCP | HS_FLAG_CASELESS : 0U);
}

/// The engine's own words, and free them.
std::string take(hs_compile_error_t* e) {
    if (e == nullptr) return "no reason given";
    std::string why = e->message == nullptr ? "no reason given" : e->message;
    hs_free_compile_error(e);
    while (why.ends_with('.')) why.pop_back();
    return why;
}

/// Why this one cannot be part of a database, or empty.
std::string fault(const scanner::item& i) {
    hs_expr_info_t* info = nullptr;
    hs_compile_error_t* e = nullptr;
    if (hs_expression_info(i.expression.c_str(), flags_of(i), &info, &e) != HS_SUCCESS) return take(e);
    const bool nothing = info->min_width == 0;
    std::free(info);  // NOLINT: allocated by the library with malloc
    return nothing ? "it matches the empty text" : "";
}

int note(unsigned id, unsigned long long, unsigned long long to, unsigned, void* into) {
    static_cast<std::vector<scanner::hit>*>(into)->push_back({id, static_cast<std::size_t>(to)});
    return 0;
}

/// Plants what a regex finds at each place of texts of several lengths, as they end within a vector and at
/// its edge.
bool finds_everywhere(const char* regex, const std::string& planted) {
    hs_database_t* made = nullptr;
    hs_scratch_t* room = nullptr;
    hs_compile_error_t* e = nullptr;
    if (hs_compile(regex, flags_of({regex, true}), HS_MODE_BLOCK, nullptr, &made, &e) != HS_SUCCESS) {
        take(e);
        return false;
    }
    bool all = hs_alloc_scratch(made, &room) == HS_SUCCESS;
    for (const std::size_t length : {5, 31, 64, 70, 100, 120, 128, 200, 260})
        for (std::size_t at = 0; all && at + planted.size() <= length; ++at) {
            std::string text(length, '-');
            text.replace(at, planted.size(), planted);
            std::vector<scanner::hit> hits;
            all = hs_scan(made, text.data(), static_cast<unsigned>(length), 0, room, note, &hits) ==
                      HS_SUCCESS &&
                  hits.size() == 1;
        }
    hs_free_scratch(room);
    hs_free_database(made);
    return all;
}

}  // namespace

bool scanner_is_sound() {
    static const bool sound = finds_everywhere("p", "p") && finds_everywhere("p.?", "p") &&
                              finds_everywhere("p[a-z]", "pa") && finds_everywhere("p\\w[^a]?", "p1") &&
                              finds_everywhere("p.{0,10}q", "p--q") && finds_everywhere("down", "down") &&
                              finds_everywhere("[abc]+p?", "b");
    return sound;
}

std::vector<scanner::refusal> scanner::compile(const std::vector<item>& items) {
    items_ = items.size();
    std::vector<refusal> refused;
    std::vector<const char*> expressions;
    std::vector<unsigned> flags, ids;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].regex)
            if (std::string why = fault(items[i]); !why.empty()) refused.push_back({i, std::move(why)});
        expressions.push_back(items[i].expression.c_str());
        flags.push_back(flags_of(items[i]));
        ids.push_back(static_cast<unsigned>(i));
    }
    if (items.empty() || !refused.empty()) return refused;
    hs_database_t* made = nullptr;
    hs_compile_error_t* e = nullptr;
    if (hs_compile_multi(expressions.data(), flags.data(), ids.data(), static_cast<unsigned>(items.size()),
                         HS_MODE_BLOCK, nullptr, &made, &e) != HS_SUCCESS) {
        const int which = e != nullptr ? e->expression : -1;
        refused.push_back({which < 0 ? 0 : static_cast<std::size_t>(which), take(e)});
        return refused;
    }
    database_.reset(made);
    hs_scratch_t* room = nullptr;
    if (hs_alloc_scratch(made, &room) != HS_SUCCESS) throw std::bad_alloc();
    scratch_.reset(room);
    return refused;
}

void scanner::scan(std::string_view text, std::vector<hit>& into) const {
    if (!database_) return;
    if (!scanner_is_sound()) {
        for (std::size_t i = 0; i < items_; ++i) into.push_back({i, 0});
        return;
    }
    const hs_error_t rc = hs_scan(database_.get(), text.data(), static_cast<unsigned>(text.size()), 0,
                                  scratch_.get(), note, &into);
    if (rc != HS_SUCCESS) throw std::logic_error("Vectorscan cannot scan: " + std::to_string(rc));
}

}  // namespace kith
