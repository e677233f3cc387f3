/// Users, sessions and tokens as the API's JSON. No secret is in it, nor the hash of one.
#pragma once

#include "daemon/model/user.hpp"

#include <boost/json/object.hpp>

namespace kith::console {

/// What everybody may know: whom a suggestion can be given to.
boost::json::object brief(const user& u);
/// What admins see.
boost::json::object view(const user& u);
/// What the person sees of themselves, with where they stand on the way in.
/// `mails`: the house has a mail server.
boost::json::object session_view(const user& u, const user_session& s, bool mails);
boost::json::object view(const user_session& s, std::int64_t current);
boost::json::object view(const user_token& t);

}  // namespace kith::console
