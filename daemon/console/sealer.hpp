/// Keeps secrets in the database that a copy of the database alone does not give away.
#pragma once

#include "daemon/model/error.hpp"

#include <array>
#include <string>
#include <string_view>

namespace kith::console {

/// One key of 256 bits, from which those for each use are derived.
class sealer {
 public:
    using key = std::array<unsigned char, 32>;

    explicit sealer(const key& k);
    /// The systemd credential `kith.key` where there is one; else `folder`/secrets.key, made if absent.
    /// Throws kith::failure if it cannot be had.
    static sealer from(const std::string& folder);

    /// Encrypted and authenticated, as text. `about` must be the same to open it: what belongs to one user
    /// does not open for another.
    std::string seal(std::string_view secret, std::string_view about) const;
    /// `refused` for what this key did not seal, or for something else.
    result<std::string> open(std::string_view sealed, std::string_view about) const;
    /// A signature over a text that somebody else keeps for us.
    std::string sign(std::string_view text) const;
    bool signed_by_us(std::string_view text, std::string_view signature) const;

 private:
    key sealing_{}, signing_{};
};

}  // namespace kith::console
