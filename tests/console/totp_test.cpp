#include "daemon/console/totp.hpp"

#include <gtest/gtest.h>

#include <set>

namespace kith::console {
namespace {

/// "12345678901234567890", the key of RFC 6238's appendix B.
constexpr std::string_view rfc_key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

timestamp at_second(std::int64_t s) {
    return timestamp{std::chrono::seconds{s}};
}

TEST(totp, gives_the_codes_of_rfc_6238) {
    const std::pair<std::int64_t, const char*> vectors[] = {{59, "94287082"},
                                                            {1'111'111'109, "07081804"},
                                                            {1'111'111'111, "14050471"},
                                                            {1'234'567'890, "89005924"},
                                                            {2'000'000'000, "69279037"},
                                                            {20'000'000'000, "65353130"}};
    for (const auto& [second, code] : vectors) {
        EXPECT_EQ(totp_code(rfc_key, at_second(second), 8), code);
        EXPECT_EQ(totp_code(rfc_key, at_second(second)), std::string(code).substr(2));
    }
}

TEST(totp, takes_the_code_of_now_and_of_the_steps_beside_it_and_no_other) {
    const auto now_is = at_second(3'000'000'015);
    const std::int64_t step = 100'000'000;
    for (int off = -3; off <= 3; ++off) {
        const auto code = totp_code(rfc_key, now_is + std::chrono::seconds{30 * off});
        const auto found = totp_step_of(rfc_key, code, now_is, 0);
        if (off < -1 || off > 1)
            EXPECT_FALSE(found) << off;
        else
            EXPECT_EQ(found, step + off);
    }
}

TEST(totp, takes_no_code_of_a_step_that_was_taken_or_lies_before_it) {
    const auto now_is = at_second(3'000'000'015);
    const std::int64_t step = 100'000'000;
    const auto code = totp_code(rfc_key, now_is);
    EXPECT_EQ(totp_step_of(rfc_key, code, now_is, step - 1), step);
    EXPECT_FALSE(totp_step_of(rfc_key, code, now_is, step));
    EXPECT_FALSE(totp_step_of(rfc_key, code, now_is, step + 1));
}

TEST(totp, takes_nothing_that_is_no_six_digits) {
    const auto now_is = at_second(59);
    for (const char* code : {"", "28708", "0287082", "94287082", "28708\0"})
        EXPECT_FALSE(totp_step_of(rfc_key, code, now_is, 0)) << code;
    EXPECT_FALSE(totp_step_of("", "287082", now_is, 0));
    EXPECT_FALSE(totp_step_of("1!", "287082", now_is, 0));
}

TEST(totp, tells_the_app_all_that_it_needs) {
    const auto secret = new_totp_secret();
    EXPECT_EQ(secret.size(), 32U);
    EXPECT_EQ(secret.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), std::string::npos);
    EXPECT_NE(secret, new_totp_secret());
    EXPECT_EQ(totp_uri("ABC", "A & B", "ann@b"),
              "otpauth://totp/Kith%20A%20%26%20B:ann%40b?secret=ABC&issuer=Kith%20A%20%26%20B"
              "&algorithm=SHA1&digits=6&period=30");
}

TEST(recovery_codes, are_ten_different_ones_that_may_be_typed_as_people_type) {
    const auto codes = new_recovery_codes();
    EXPECT_EQ(std::set<std::string>(codes.begin(), codes.end()).size(), 10U);
    for (const auto& c : codes) EXPECT_EQ(c.size(), 29U);
    EXPECT_EQ(recovery_hash("abcd-efgh-ijkl-mnop"), recovery_hash(" ABCDefgh ijkl-MNOP"));
    EXPECT_NE(recovery_hash("abcd-efgh-ijkl-mnop"), recovery_hash("abcd-efgh-ijkl-mnoq"));
}

}  // namespace
}  // namespace kith::console
