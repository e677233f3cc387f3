/// The way in by an OpenID provider's word.
///
/// It is one more way to show who one is, and never a way to become somebody: a user is made by an admin's
/// invitation alone. Whom the provider's word is for is kept as (issuer, subject), and that link is made by
/// the person: signed in here, with a second factor shown just now, they go to the provider and come back. An
/// address or a name at the provider, which others may be able to change there, decides nothing. The person
/// and admins can undo it; a reset and disabling do.
#pragma once

#include "daemon/console/door.hpp"
#include "daemon/console/oidc_flows.hpp"
#include "daemon/console/oidc_provider.hpp"

namespace kith::console {

class oidc_door {
 public:
    /// `public_url`: as browsers reach us; the provider sends them back there.
    oidc_door(oidc_provider& p, door& d, sessions& all, people& who, people_store& s,
              const std::string& public_url);

    /// Where the provider sends browsers back to, below `public_url`.
    static constexpr std::string_view way_back = "/api/v1/session/oidc/callback";
    static constexpr std::string_view way_there = "/api/v1/session/oidc/start";

    struct sent {
        std::string url;     ///< the provider's, for the browser
        std::string cookie;  ///< that binds the way back to this browser
    };
    /// `link`: the user who wants to link; 0: somebody signs in. `transient` if the provider cannot be asked.
    awaitable<result<sent>> leave(net::server_request r, std::int64_t link);

    struct arrived {
        std::string to;  ///< a page of ours; its query has `oidc=WORD` where there is something to say
        std::vector<std::string> cookies;
    };
    /// What went wrong is one of a few words for the page, and a line in the log. No text of the provider's,
    /// nor of the address, is in either.
    awaitable<arrived> come_back(net::server_request r);

    const std::string& name() const noexcept { return provider_.config().name; }

 private:
    awaitable<result<id_claims>> claims_of(net::server_request r, oidc_flow f);
    awaitable<std::string> linked(id_claims c, oidc_flow f);
    arrived back_to(std::int64_t link, std::string_view word) const;

    oidc_provider& provider_;
    door& door_;
    sessions& sessions_;
    people& people_;
    people_store& store_;
    const std::string& public_url_;
    oidc_flows flows_;
    throttle by_address_;
};

}  // namespace kith::console
