#include "daemon/queue/live.hpp"

namespace kith {

void live::tell(const std::vector<change>& changes) {
    for (const auto& c : changes) {
        const news n{++last_, c};
        for (const auto& l : listeners_) l(n);
    }
}

}  // namespace kith
