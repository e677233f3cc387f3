/// What every platform in the registry must do, whoever wrote it. A new one is found here before it has tests
/// of its own.
#include "platforms/platform.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

namespace kith {
namespace {

class every_platform : public ::testing::TestWithParam<platform_entry> {
 protected:
    /// The findings of an account with these options, checked without making a link.
    std::string checked(const std::string& options) {
        yaml::findings found;
        const auto node = yaml::parse("id: one\n" + options, "kith.yaml", found);
        yaml::map_reader reader(node, "kith.yaml", "account", found);
        reader.take("id");
        EXPECT_EQ(GetParam().make(reader, nullptr), nullptr) << "without a context there is nothing to make";
        reader.done();
        for (const auto& f : found.all()) {
            EXPECT_EQ(f.file, "kith.yaml");
            EXPECT_FALSE(f.mend.empty()) << f.text();
        }
        return found.text();
    }
};

TEST_P(every_platform, complains_about_an_account_without_options) {
    EXPECT_NE(checked(""), "");
}

TEST_P(every_platform, complains_about_an_option_that_it_does_not_know) {
    const auto said = checked("no_such_option: 1\n");
    EXPECT_NE(said.find("kith.yaml:2:1: "), std::string::npos) << said;
    EXPECT_NE(said.find("no_such_option"), std::string::npos) << said;
}

TEST_P(every_platform, says_what_it_is_in_a_readme) {
    const auto folder = std::string(KITH_SOURCE_DIR) + "/platforms/" + std::string(GetParam().name);
    EXPECT_TRUE(std::filesystem::exists(folder + "/README.md")) << folder;
}

INSTANTIATE_TEST_SUITE_P(registry, every_platform,
                         ::testing::ValuesIn(platforms().begin(), platforms().end()),
                         [](const auto& about) { return std::string(about.param.name); });

TEST(registry, names_each_platform_once) {
    std::set<std::string_view> names;
    for (const auto& p : platforms()) EXPECT_TRUE(names.insert(p.name).second) << p.name;
    EXPECT_TRUE(names.contains("loopback"));
}

}  // namespace
}  // namespace kith
