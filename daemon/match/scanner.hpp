/// All phrases and regexes in one pass: Hyperscan, or Vectorscan, which is a fork of it with the same
/// interface.
///
/// Debian 12's Vectorscan 5.4.9 loses matches on processors with AVX-512
/// (github.com/VectorCamp/vectorscan/issues/317 and others): a single character in the last 64 bytes of a
/// text, and more. Hyperscan 5.4.0 does not. So the engine is put to a test once; if it fails, every phrase
/// and regex counts as possible, and is then verified one by one: slower, but nothing is missed.
#pragma once

#include <hs.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kith {

/// Does the engine find what it should on this processor? Tested at the first call.
bool scanner_is_sound();

/// One database and its scratch. Not thread-safe.
class scanner {
 public:
    struct item {
        std::string expression;
        bool regex = false;  ///< false: escaped literal bytes
    };
    struct refusal {
        std::size_t item = 0;
        std::string why;
    };
    struct hit {
        std::size_t item = 0;
        std::size_t end = 0;  ///< of the match that ends first
    };

    /// Returns all that the engine refuses; the scanner can be used only if that is nothing.
    std::vector<refusal> compile(const std::vector<item>& items);

    /// Every item that is in the text, once, in no order; all items where the engine is not sound. The text
    /// must be valid UTF-8.
    void scan(std::string_view text, std::vector<hit>& into) const;

 private:
    template <auto Free>
    struct freer {
        template <class T>
        void operator()(T* what) const {
            Free(what);
        }
    };
    std::size_t items_ = 0;
    std::unique_ptr<hs_database_t, freer<hs_free_database>> database_;
    std::unique_ptr<hs_scratch_t, freer<hs_free_scratch>> scratch_;
};

}  // namespace kith
