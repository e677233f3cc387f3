#include "daemon/queue/urgency.hpp"

#include <algorithm>

namespace kith {

using namespace std::chrono;

namespace {

std::string in_words(system_clock::duration left) {
    if (left < hours{1})
        return std::to_string(std::max<std::int64_t>(ceil<minutes>(left).count(), 1)) + " min";
    return std::to_string(ceil<hours>(left).count()) + " h";
}

}  // namespace

urgency urgency_of(std::optional<timestamp> expires_at, bool customer, bool complaint, timestamp at) {
    urgency out;
    if (expires_at) {
        const auto left = *expires_at - at;
        if (left <= hours{24}) out.level = 1;
        if (left <= expires_soon) out.level = 2;
        if (left <= hours{1}) out.level = 3;
        if (left <= seconds{0})
            out.because = "it has expired";
        else if (out.level > 0)
            out.because = "it expires within " + in_words(left);
    }
    const auto add = [&](const char* why) {
        out.because += (out.because.empty() ? "" : "; ") + std::string(why);
    };
    if (complaint) add("a complaint");
    if (customer) add("from a customer");
    if (complaint || customer) out.level = std::min(out.level + 1, 3);
    return out;
}

}  // namespace kith
