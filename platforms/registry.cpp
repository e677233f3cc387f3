#include "platforms/bluesky/bluesky.hpp"
#include "platforms/loopback/loopback.hpp"
#include "platforms/platform.hpp"
#include "platforms/webchat/webchat.hpp"

namespace kith {

namespace {

constexpr platform_entry known[] = {
    {"bluesky", bluesky::make},
    {"loopback", loopback::make},
    {"webchat", webchat::make},
};

}  // namespace

std::span<const platform_entry> platforms() noexcept { return known; }

}  // namespace kith
