/// A mail as the bytes of RFC 5322 and MIME. Pure.
#pragma once

#include "daemon/model/time.hpp"

#include <string>

namespace kith {

struct mail_parts {
    std::string from, to;
    std::string subject;  ///< any UTF-8, control characters are dropped
    std::string id;       ///< of the message, without its angle brackets: the same on each attempt
    std::string text, html;
    timestamp at{};
};

/// Lines end with CR LF and have at most 76 characters; both bodies are base64, so no word in them can end or
/// begin a part.
std::string mail_text(const mail_parts& m);

}  // namespace kith
