#include "daemon/console/sealer.hpp"

#include "daemon/model/sha256.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

namespace kith::console {

namespace {

constexpr char context[crypto_kdf_CONTEXTBYTES] = {'k', 'i', 't', 'h', ' ', 'k', 'e', 'y'};
static_assert(sizeof(sealer::key) == crypto_kdf_KEYBYTES &&
              sizeof(sealer::key) == crypto_secretbox_KEYBYTES &&
              sizeof(sealer::key) == crypto_auth_KEYBYTES);

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string to_base64(const std::vector<unsigned char>& raw) {
    constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string out(sodium_base64_encoded_len(raw.size(), variant), '\0');
    sodium_bin2base64(out.data(), out.size(), raw.data(), raw.size(), variant);
    out.pop_back();
    return out;
}

std::vector<unsigned char> from_base64(std::string_view text) {
    if (text.empty()) return {};  // the library wants room to write to
    std::vector<unsigned char> out(text.size());
    std::size_t length = 0;
    if (sodium_base642bin(out.data(), out.size(), text.data(), text.size(), nullptr, &length, nullptr,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        length = 0;
    out.resize(length);
    return out;
}

sealer::key read_key(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    const std::string raw{std::istreambuf_iterator<char>(in), {}};
    sealer::key out{};
    if (raw.size() != out.size())
        throw failure(
            fail(errc::invalid, path + ": this is no key: it must have exactly 32 bytes, and be readable"));
    std::copy(raw.begin(), raw.end(), out.begin());
    return out;
}

/// Whole or not at all: a key that was cut short would lock everybody out.
void make_key(const std::string& path) {
    sealer::key made{};
    randombytes_buf(made.data(), made.size());
    const auto beside = path + ".new";
    const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const bool written =
        file >= 0 && ::write(file, made.data(), made.size()) == ssize_t{sizeof made} && ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    if (!written || std::rename(beside.c_str(), path.c_str()) != 0)
        throw failure(fail(errc::invalid, "cannot write " + path + ": is the state folder ours?"));
}

}  // namespace

sealer::sealer(const key& k) {
    crypto_kdf_derive_from_key(sealing_.data(), sealing_.size(), 1, context, k.data());
    crypto_kdf_derive_from_key(signing_.data(), signing_.size(), 2, context, k.data());
}

sealer sealer::from(const std::string& folder) {
    if (const char* credentials = std::getenv("CREDENTIALS_DIRECTORY")) {
        const auto path = std::string(credentials) + "/kith.key";
        if (std::filesystem::exists(path)) return sealer(read_key(path));
    }
    const auto path = folder + "/secrets.key";
    if (!std::filesystem::exists(path)) make_key(path);
    return sealer(read_key(path));
}

std::string sealer::seal(std::string_view secret, std::string_view about) const {
    const auto text = std::string(about) + '\n' + std::string(secret);
    std::vector<unsigned char> out(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + text.size());
    randombytes_buf(out.data(), crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(out.data() + crypto_secretbox_NONCEBYTES, bytes(text), text.size(), out.data(),
                          sealing_.data());
    return to_base64(out);
}

result<std::string> sealer::open(std::string_view sealed, std::string_view about) const {
    const auto raw = from_base64(sealed);
    auto wrong = fail(errc::refused, "this was not sealed with the key that we have");
    constexpr auto overhead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    if (raw.size() < overhead) return wrong;
    std::string text(raw.size() - overhead, '\0');
    if (crypto_secretbox_open_easy(
            reinterpret_cast<unsigned char*>(text.data()), raw.data() + crypto_secretbox_NONCEBYTES,
            raw.size() - crypto_secretbox_NONCEBYTES, raw.data(), sealing_.data()) != 0)
        return wrong;
    if (text.size() <= about.size() || !text.starts_with(about) || text[about.size()] != '\n') return wrong;
    return text.substr(about.size() + 1);
}

std::string sealer::sign(std::string_view text) const {
    std::vector<unsigned char> out(crypto_auth_BYTES);
    crypto_auth(out.data(), bytes(text), text.size(), signing_.data());
    return to_base64(out);
}

bool sealer::signed_by_us(std::string_view text, std::string_view signature) const {
    return equal_secrets(sign(text), signature);
}

}  // namespace kith::console
