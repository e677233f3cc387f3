/// Moments in a query: RFC 3339, or a day in somebody's time zone.
#pragma once

#include "daemon/model/error.hpp"
#include "daemon/model/time.hpp"

#include <string>

namespace kith::console {

/// `ends`: a day stands for its end. An empty text is `otherwise`; what is neither names the field.
result<timestamp> moment_in(const std::string& field, const std::string& text, const std::string& zone,
                            bool ends, timestamp otherwise);

}  // namespace kith::console
