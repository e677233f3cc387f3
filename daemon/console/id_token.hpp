/// What an OpenID provider says of who signed in, believed only after the checks of OpenID Connect Core 1.0,
/// 3.1.3.7. Pure: the keys and the time are given.
#pragma once

#include "daemon/model/error.hpp"

#include <boost/json/object.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kith::console {

/// The keys that a provider signs with (RFC 7517). Those that are not for our algorithms are passed over:
/// RS256, PS256 with 2048 bits at least, ES256 on P-256.
class signing_keys {
 public:
    signing_keys();
    ~signing_keys();
    signing_keys(signing_keys&&) noexcept;
    signing_keys& operator=(signing_keys&&) noexcept;

    /// `invalid` if it is no set of keys.
    static result<signing_keys> parse(std::string_view json);
    bool empty() const noexcept { return all_.empty(); }

 private:
    friend class token_check;
    struct key;
    std::vector<key> all_;
};

/// What a token must say to be ours and of now.
struct id_token_terms {
    std::string issuer;
    std::string client_id;
    std::string nonce;
    std::string access_token;  ///< that came with it, for `at_hash`
    timestamp at{};
};

/// Of whom it speaks, and how they proved it.
struct id_claims {
    std::string subject;
    std::vector<std::string> amr;
    std::string acr;
};

/// `refused` with what is wrong; `not_found` if its key is not among these: newer ones may have it. No word
/// of the token is in either.
result<id_claims> check_id_token(const std::string& token, const signing_keys& keys,
                                 const id_token_terms& terms);

/// The same for what the signature covers.
result<id_claims> check_claims(const boost::json::object& said, const id_token_terms& terms);

/// Base64 for URLs, without padding (RFC 7515, 2).
std::string base64url(std::string_view bytes);
/// SHA-256, as bytes.
std::string sha256_bytes(std::string_view bytes);

}  // namespace kith::console
