#include "daemon/model/canary.hpp"

#include "daemon/model/sha256.hpp"

namespace kith {

std::string_view to_string(canary_state s) noexcept {
    switch (s) {
        case canary_state::open:
            return "open";
        case canary_state::caught:
            return "caught";
        case canary_state::missed:
            return "missed";
    }
    return "open";
}

std::string canary::hash(const suggestion& in_place_of) const {
    return sha256_hex("canary " + token + " " + in_place_of.hash);
}

}  // namespace kith
