#include "platforms/bluesky/frame.hpp"

#include "platforms/bluesky/base_n.hpp"
#include "platforms/bluesky/car.hpp"
#include "platforms/bluesky/cbor.hpp"
#include "tests/platforms/bluesky/cbor_writer.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

namespace kith::bluesky {
namespace {

std::string fixture(const std::string& name) {
    std::ifstream in(std::string(KITH_SOURCE_DIR) + "/tests/platforms/bluesky/fixtures/" + name,
                     std::ios::binary);
    std::ostringstream all;
    all << in.rdbuf();
    return all.str();
}

/// All that the firehose does with a frame, short of acting on it.
std::size_t walk(std::string_view bytes) {
    const auto f = read_frame(bytes);
    if (f.has_error()) return 0;
    const auto* c = std::get_if<commit_frame>(&*f);
    if (c == nullptr) return 0;
    const auto archive = read_car(c->archive);
    if (archive.has_error()) return 0;
    std::size_t records = 0;
    for (const auto& [cid, block] : *archive) {
        std::string_view rest = block;
        const auto v = cbor::take(rest);
        if (v && is_content_of(cid, block)) records += json::serialize(cbor::to_json(*v)).empty() ? 0 : 1;
    }
    return records;
}

TEST(bluesky_frame, reads_a_commit_recorded_from_a_real_server) {
    const std::string bytes = fixture("commit.bin");
    ASSERT_FALSE(bytes.empty());
    const auto f = read_frame(bytes);
    ASSERT_TRUE(f.has_value()) << f.error().what;
    const auto& c = std::get<commit_frame>(*f);
    EXPECT_GT(c.seq, 0);
    EXPECT_TRUE(c.did.starts_with("did:plc:"));
    ASSERT_EQ(c.ops.size(), 1U);
    EXPECT_EQ(c.ops[0].is, repo_op::action::create);
    EXPECT_TRUE(c.ops[0].path.starts_with("app.bsky.feed.post/"));
    const auto archive = read_car(c.archive);
    ASSERT_TRUE(archive.has_value()) << archive.error().what;
    const auto block = archive->find(c.ops[0].cid);
    ASSERT_NE(block, archive->end());
    EXPECT_TRUE(is_content_of(block->first, block->second));
    std::string_view rest = block->second;
    const auto record = cbor::take(rest);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->text("$type"), "app.bsky.feed.post");
}

TEST(bluesky_frame, reads_each_kind) {
    const std::string removal = test::commit(7, "did:plc:a", {{"delete", "app.bsky.feed.post/x", ""}});
    const auto c = read_frame(removal);
    ASSERT_TRUE(c.has_value());
    EXPECT_EQ(std::get<commit_frame>(*c).ops.at(0).is, repo_op::action::remove);

    const auto e = read_frame(test::error_frame("FutureCursor"));
    ASSERT_TRUE(e.has_value());
    EXPECT_EQ(std::get<error_frame>(*e).name, "FutureCursor");

    const auto i = read_frame(test::info_frame("OutdatedCursor"));
    ASSERT_TRUE(i.has_value());
    EXPECT_EQ(std::get<info_frame>(*i).name, "OutdatedCursor");

    const std::string later = test::map({{"t", test::text("#invented")}, {"op", test::number(1)}}) +
                              test::map({{"seq", test::number(9)}});
    const auto o = read_frame(later);
    ASSERT_TRUE(o.has_value());
    EXPECT_EQ(std::get<other_frame>(*o).seq, 9);
}

TEST(bluesky_frame, refuses_what_is_no_frame) {
    const std::string good =
        test::commit(7, "did:plc:a", {{"create", "app.bsky.feed.post/x", test::post("hi")}});
    ASSERT_TRUE(read_frame(good).has_value());
    EXPECT_TRUE(read_frame("").has_error());
    EXPECT_TRUE(read_frame(good + "\x01").has_error());
    EXPECT_TRUE(read_frame(good.substr(0, good.size() - 1)).has_error());
    EXPECT_TRUE(read_frame("<html></html>").has_error());
}

TEST(bluesky_frame, knows_a_block_that_is_not_what_its_id_says) {
    EXPECT_TRUE(is_content_of(test::cid_of("a"), "a"));
    EXPECT_FALSE(is_content_of(test::cid_of("a"), "b"));
    EXPECT_FALSE(is_content_of("", "a"));
}

/// Bytes flipped, cut out, doubled and put in: whatever comes, no crash (and under the sanitizers, no bad
/// read).
TEST(bluesky_frame, survives_any_mutation) {
    const std::vector<std::string> seeds{
        fixture("commit.bin"),
        test::commit(7, "did:plc:a",
                     {{"create", "app.bsky.feed.post/x", test::post("hi", "did:plc:b")},
                      {"delete", "app.bsky.feed.post/y", ""}}),
        test::error_frame("ConsumerTooSlow"), test::info_frame("OutdatedCursor")};
    ASSERT_GT(walk(seeds[0]), 0U);
    ASSERT_GT(walk(seeds[1]), 0U);
    std::mt19937_64 random(20261123);
    const auto below = [&](std::size_t n) {
        return static_cast<std::size_t>(random() % std::max<std::size_t>(n, 1));
    };
    std::size_t changed = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes = seeds[below(seeds.size())];
        const std::string before = bytes;
        for (std::size_t n = 1 + below(4); n > 0 && !bytes.empty(); --n) {
            const std::size_t at = below(bytes.size());
            switch (below(4)) {
                case 0:
                    bytes[at] = static_cast<char>(random());
                    break;
                case 1:
                    bytes.erase(at, 1 + below(8));
                    break;
                case 2:
                    bytes.insert(at, bytes.substr(below(bytes.size()), 1 + below(32)));
                    break;
                default:
                    bytes.resize(at);
                    break;
            }
        }
        if (bytes == before) continue;
        ++changed;
        walk(bytes);
    }
    EXPECT_GT(changed, 15'000U);
}

}  // namespace
}  // namespace kith::bluesky
