/// The part of kith.yaml about signing in by somebody else's word: one OpenID provider.
#pragma once

#include "daemon/config/yaml.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kith {

struct oidc_config {
    std::string name;    ///< as the button says it
    std::string issuer;  ///< as the provider itself says it, to the letter
    std::string client_id;
    std::string client_secret;  ///< empty: a public client, which PKCE alone protects
    std::vector<std::string> scopes;
    std::string extra_ca_file;  ///< PEM, for a provider whose certificate nobody else knows
    /// What of the provider's `amr` or `acr` proves a second factor. Both empty: Kith asks for its own.
    std::vector<std::string> amr, acr;
};

struct sign_in_config {
    std::optional<oidc_config> oidc;
};

/// `folder`: that of the file, to which paths are relative.
sign_in_config read_sign_in(yaml::map_reader& top, const std::string& folder);

}  // namespace kith
