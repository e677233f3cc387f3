#include "daemon/console/sealer.hpp"

#include "daemon/model/sha256.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace kith::console {
namespace {

sealer::key key_of(unsigned char first) {
    sealer::key k{};
    k[0] = first;
    return k;
}

TEST(sealing, opens_for_whom_it_was_sealed_and_for_nobody_else) {
    const sealer ours(key_of(1)), others(key_of(2));
    const auto sealed = ours.seal("a secret", "ann");
    EXPECT_EQ(sealed.find("secret"), std::string::npos);
    EXPECT_EQ(ours.open(sealed, "ann").value(), "a secret");
    EXPECT_NE(sealed, ours.seal("a secret", "ann")) << "each with a nonce of its own";
    EXPECT_TRUE(ours.open(sealed, "bob").has_error());
    EXPECT_TRUE(ours.open(sealed, "an").has_error());
    EXPECT_TRUE(others.open(sealed, "ann").has_error());
}

TEST(sealing, opens_nothing_that_was_changed_cut_or_is_no_seal) {
    const sealer ours(key_of(1));
    const auto sealed = ours.seal("a secret", "ann");
    for (std::size_t i = 0; i + 1 < sealed.size(); ++i) {
        auto changed = sealed;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_TRUE(ours.open(changed, "ann").has_error()) << i;
        EXPECT_TRUE(ours.open(sealed.substr(0, i), "ann").has_error()) << i;
    }
    EXPECT_TRUE(ours.open("no base64 at all!", "ann").has_error());
}

TEST(sealing, a_signature_is_of_one_text_and_one_key) {
    const sealer ours(key_of(1)), others(key_of(2));
    const auto s = ours.sign("1.abc");
    EXPECT_TRUE(ours.signed_by_us("1.abc", s));
    EXPECT_FALSE(ours.signed_by_us("2.abc", s));
    EXPECT_FALSE(others.signed_by_us("1.abc", s));
    EXPECT_FALSE(ours.signed_by_us("1.abc", ""));
}

TEST(sealing, the_key_is_made_once_for_its_owner_alone_and_a_broken_one_is_refused) {
    const auto folder = std::filesystem::temp_directory_path() / ("kith-seal-" + random_base32(10));
    std::filesystem::create_directories(folder);
    const auto sealed = sealer::from(folder.string()).seal("a secret", "ann");
    EXPECT_EQ(sealer::from(folder.string()).open(sealed, "ann").value(), "a secret");
    const auto file = folder / "secrets.key";
    EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms{0600});
    std::ofstream(file) << "short";
    EXPECT_THROW(sealer::from(folder.string()), failure);
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace kith::console
