/// What a reply points at: links, names, hashtags. Pure, linear in the text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kith {

/// The hosts of everything that a platform would make a link of, in lower case: https://..., www...., and
/// bare names such as shop.example.com. Rather one too many than one too few.
std::vector<std::string> hosts_in(std::string_view text);

/// Whether `host` is one of `allowed`: itself, below a "*.example.com", or anything where "*" stands.
bool is_allowed_host(std::string_view host, const std::vector<std::string>& allowed);

/// The @names, without the @, as written.
std::vector<std::string> names_in(std::string_view text);

std::size_t hashtags_in(std::string_view text);

}  // namespace kith
