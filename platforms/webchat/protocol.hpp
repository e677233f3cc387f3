/// The widget's protocol "kith.webchat.1" and the transcript's entries, without sockets.
#pragma once

#include <variant>

#include "platforms/platform.hpp"

namespace kith::webchat {

struct hello {
    std::string visitor;     ///< the visitor's token from an earlier welcome; empty: a new visitor
    std::int64_t after = 0;  ///< the newest number that the page has
    std::string language;    ///< of the page, BCP 47
    std::string page;        ///< its address
};
struct say {
    std::string id;  ///< chosen by the widget; the same when it sends again
    std::string text;
};
using client_frame = std::variant<hello, say>;

/// `invalid` says what is wrong with the frame.
result<client_frame> parse_frame(std::string_view bytes);

/// One line of the transcript, as the journal keeps it.
struct line {
    bool from_staff = false;
    std::string text;
    std::string name;      ///< of who speaks for the house
    std::string language;  ///< the visitor's
    std::string page;
};
std::string to_body(const line& l);
line from_body(std::string_view body);

/// Frames to the widget.
std::string welcome_frame(const std::string& visitor, std::size_t text_limit, std::chrono::seconds quiet_after,
                          const std::string& quiet_text, const std::vector<journal::entry>& transcript);
std::string message_frame(const journal::entry& e);
std::string ack_frame(const std::string& id, std::int64_t number);
std::string error_frame(std::string_view code, std::string_view detail, const std::string& id);

/// Visitors are known by the hash of their token: who reads the database cannot take their place.
std::string visitor_of(const std::string& token);
bool is_token(std::string_view text) noexcept;

/// The entry as what a contact wrote.
message to_message(const journal::entry& e);

/// Code points of UTF-8.
std::size_t characters(std::string_view text) noexcept;
bool typed_by_a_person(std::string_view text) noexcept;

/// `n` at once, then one each `every`.
class rate_limit {
   public:
    rate_limit(int n, std::chrono::steady_clock::duration every) : most_(n), left_(n), every_(every) {}
    bool take(std::chrono::steady_clock::time_point at);

   private:
    int most_, left_;
    std::chrono::steady_clock::duration every_;
    std::chrono::steady_clock::time_point filled_{};
};

}  // namespace kith::webchat
