#include "daemon/relations/zone.hpp"

#include <unicode/timezone.h>

#include <memory>

namespace kith {

bool is_time_zone(std::string_view name) {
    if (name.empty() || name.size() > 64) return false;
    const auto text =
        icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<int32_t>(name.size())));
    // "GMT+25" and its like are made up by ICU; the database's own names come back as they are.
    const std::unique_ptr<icu::TimeZone> made(icu::TimeZone::createTimeZone(text));
    icu::UnicodeString id;
    made->getID(id);
    return id == text && *made != icu::TimeZone::getUnknown() && !text.startsWith("GMT");
}

}  // namespace kith
