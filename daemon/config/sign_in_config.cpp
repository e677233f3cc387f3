#include "daemon/config/sign_in_config.hpp"

#include "daemon/config/department_config.hpp"
#include "daemon/config/secret.hpp"

#include <algorithm>
#include <filesystem>

namespace kith {

namespace {

constexpr std::size_t longest_name = 60;

/// OpenID Connect Discovery 1.0, 2: no query and no fragment.
bool is_issuer(const std::string& text) {
    return is_safe_web_address(text) && text.find_first_of("?#") == std::string::npos;
}

/// Printable, and no blank: it stands in a list that blanks part.
bool is_word(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

std::vector<std::string> words(yaml::map_reader& from, std::string_view key) {
    auto all = from.texts(key);
    for (const auto& one : all)
        if (!is_word(one))
            from.complain(from.at(key), "`" + std::string(key) + "` has a value that is no word",
                          "write a list of words without blanks");
    return all;
}

/// `second_factor: {provider: {amr: [...], acr: [...]}}`; without it Kith asks for its own.
void read_second_factor(oidc_config& into, yaml::map_reader& above) {
    const auto* node = above.take("second_factor");
    if (!node) return;
    yaml::map_reader from(*node, above.file(), "second_factor", above.out());
    if (const auto* given = from.need("provider")) {
        yaml::map_reader proof(*given, above.file(), "provider", above.out());
        into.amr = words(proof, "amr");
        into.acr = words(proof, "acr");
        if (into.amr.empty() && into.acr.empty())
            proof.complain(proof.at(), "nothing says what proves a second factor",
                           "write `amr: [mfa]` or `acr: [...]`, as your provider has them, or remove"
                           " `second_factor`: then Kith asks for its own");
        proof.done();
    }
    from.done();
}

oidc_config read_oidc(const yaml::node& node, yaml::map_reader& above, const std::string& folder) {
    yaml::map_reader from(node, above.file(), "oidc", above.out());
    oidc_config out;
    out.name = from.need_text("name");
    const auto control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    if (out.name.size() > longest_name || std::any_of(out.name.begin(), out.name.end(), control))
        from.complain(from.at("name"), "`name` does not fit on a button", "write at most 60 characters");
    out.issuer = from.need_text("issuer");
    if (!out.issuer.empty() && !is_issuer(out.issuer))
        from.complain(from.at("issuer"), "`issuer` is no safe web address",
                      "write https://... as the provider says it, without query; http:// only for this very"
                      " machine");
    out.client_id = from.need_text("client_id");
    if (from.has("client_secret")) out.client_secret = need_secret(from, "client_secret");
    out.scopes = from.has("scopes") ? words(from, "scopes") : std::vector<std::string>{"openid"};
    if (std::find(out.scopes.begin(), out.scopes.end(), "openid") == out.scopes.end())
        from.complain(from.at("scopes"), "`scopes` is without openid", "add it: nothing else says who it is");
    if (const auto file = from.text("extra_ca_file"); !file.empty())
        out.extra_ca_file = (std::filesystem::path(folder) / file).lexically_normal().string();
    read_second_factor(out, from);
    from.done();
    return out;
}

}  // namespace

sign_in_config read_sign_in(yaml::map_reader& top, const std::string& folder) {
    sign_in_config out;
    const auto* node = top.take("sign_in");
    if (!node) return out;
    yaml::map_reader from(*node, top.file(), "sign_in", top.out());
    if (const auto* oidc = from.need("oidc")) out.oidc = read_oidc(*oidc, from, folder);
    from.done();
    return out;
}

}  // namespace kith
