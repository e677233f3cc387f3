/// Our line to one OpenID provider: what it says of itself, its keys, and the exchange of a code for whom it
/// speaks of (OpenID Connect Core 1.0, the code flow; RFC 7636).
#pragma once

#include "daemon/config/sign_in_config.hpp"
#include "daemon/console/id_token.hpp"
#include "daemon/net/http_client.hpp"

#include <optional>

namespace kith::console {

/// From the discovery document; every address is https, or http to this very machine.
struct oidc_endpoints {
    std::string authorization, token, keys;
    bool says_issuer = false;     ///< its answers name it (RFC 9207)
    bool secret_in_body = false;  ///< it does not take the client's secret as HTTP Basic
};

/// `invalid` with what is wrong with a discovery document.
result<oidc_endpoints> read_discovery(std::string_view json, const std::string& issuer);

/// Lives on one executor.
class oidc_provider {
 public:
    oidc_provider(const oidc_config& c, std::unique_ptr<net::http_client> client);

    /// Kept for an hour; what was kept goes on to be used while the provider cannot be asked. Where that
    /// failed, it is not asked again for two seconds.
    awaitable<result<oidc_endpoints>> endpoints();
    /// Where the browser is sent.
    std::string authorization_url(const oidc_endpoints& e, const std::string& redirect_uri,
                                  const std::string& state, const std::string& nonce,
                                  const std::string& verifier) const;
    /// `transient` if the provider cannot be asked, `refused` if its answer is not to be believed.
    awaitable<result<id_claims>> redeem(std::string code, std::string verifier, std::string nonce,
                                        std::string redirect_uri);

    /// Whether this proves a second factor, by what kith.yaml takes.
    bool proves_second(const id_claims& c) const;
    const oidc_config& config() const noexcept { return config_; }

 private:
    awaitable<result<std::string>> fetch(std::string url);
    awaitable<result<void>> fetch_keys(std::string url);
    awaitable<result<id_claims>> check(std::string id_token, id_token_terms terms, std::string keys_url);

    const oidc_config& config_;
    std::unique_ptr<net::http_client> client_;
    std::optional<oidc_endpoints> endpoints_;
    timestamp endpoints_at_{}, failed_at_{};
    signing_keys keys_;
    timestamp keys_at_{}, looked_again_at_{};
};

}  // namespace kith::console
