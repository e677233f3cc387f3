#include "daemon/digest/send.hpp"
#include "daemon/model/sha256.hpp"
#include "tests/support/coroutine.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace kith {
namespace {

namespace fs = std::filesystem;

class digest_files : public ::testing::Test {
 protected:
    void SetUp() override { fs::create_directory(folder_); }
    void TearDown() override { fs::remove_all(folder_); }
    result<void> send(const fs::path& to) {
        asio::io_context io(1);
        const auto sender = make_digest_sender(io.get_executor(), {});
        digest_target target;
        target.where = to.string();
        digest_facts f;
        f.name = "Support";
        f.zone = "UTC";
        return test::run(io, sender->send(target, f, "key"));
    }
    fs::path folder_ = fs::temp_directory_path() / ("kith-files-" + random_base32(10));
};

TEST_F(digest_files, are_replaced_whole_and_leave_nothing_beside_them) {
    const auto path = folder_ / "deeper" / "support.txt";
    fs::create_directory(folder_ / "deeper");
    std::ofstream(path) << "old";
    ASSERT_TRUE(send(path).has_value());
    std::ifstream in(path);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(text.find("old"), std::string::npos);
    EXPECT_EQ(text.substr(0, 7), "Support");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "deeper"), fs::directory_iterator{}), 1);
}

TEST_F(digest_files, a_folder_that_is_missing_is_made) {
    ASSERT_TRUE(send(folder_ / "a" / "b.txt").has_value());
    EXPECT_TRUE(fs::exists(folder_ / "a" / "b.txt"));
}

TEST_F(digest_files, what_cannot_be_written_is_tried_again_later) {
    std::ofstream(folder_ / "in-the-way") << "x";
    const auto got = send(folder_ / "in-the-way" / "b.txt");
    ASSERT_TRUE(got.has_error());
    EXPECT_EQ(got.error().kind, errc::transient);
    EXPECT_NE(got.error().what.find("in-the-way"), std::string::npos);
}

}  // namespace
}  // namespace kith
