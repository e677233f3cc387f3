/// All phrases and regexes in one pass: Vectorscan.
#pragma once

#include <hs.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kith {

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

    /// Every item that is in the text, once, in no order. The text must be valid UTF-8.
    void scan(std::string_view text, std::vector<hit>& into) const;

 private:
    template <auto Free>
    struct freer {
        template <class T>
        void operator()(T* what) const {
            Free(what);
        }
    };
    std::unique_ptr<hs_database_t, freer<hs_free_database>> database_;
    std::unique_ptr<hs_scratch_t, freer<hs_free_scratch>> scratch_;
};

}  // namespace kith
