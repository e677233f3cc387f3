/// Tells whoever listens that suggestions changed. Numbers rise by one, so that a listener sees what it missed.
#pragma once

#include <cstdint>
#include <functional>
#include <list>

#include "daemon/store/store.hpp"

namespace kith {

/// Lives on one executor; not thread-safe.
class live {
   public:
    struct news {
        std::uint64_t number = 0;
        change what;
    };
    using listener = std::function<void(const news&)>;

    void tell(const std::vector<change>& changes);
    std::uint64_t last() const noexcept { return last_; }

    /// Listens until it is destroyed. The listener must not block, and must not subscribe or unsubscribe.
    class subscription {
       public:
        subscription(live& of, listener l) : of_(of), at_(of.listeners_.insert(of.listeners_.end(), std::move(l))) {}
        ~subscription() { of_.listeners_.erase(at_); }
        subscription(const subscription&) = delete;
        subscription& operator=(const subscription&) = delete;

       private:
        live& of_;
        std::list<listener>::iterator at_;
    };

   private:
    std::uint64_t last_ = 0;
    std::list<listener> listeners_;
};

}  // namespace kith
