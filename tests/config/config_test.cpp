#include "daemon/config/config.hpp"

#include "daemon/config/secret.hpp"
#include "daemon/model/sha256.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace kith {
namespace {

class configuration : public ::testing::Test {
 protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() / ("kith-config-" + random_base32(10));
        std::filesystem::create_directory(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string write(const std::string& name, const std::string& text, mode_t mode = 0600) {
        const auto path = (folder_ / name).string();
        std::ofstream(path) << text;
        ::chmod(path.c_str(), mode);
        return path;
    }
    config load(const std::string& text) { return load_config(write("kith.yaml", text), found_); }
    /// The findings without the folder's name.
    std::string said() const {
        auto text = found_.text();
        for (std::size_t at; (at = text.find(folder_.string() + "/")) != std::string::npos;)
            text.erase(at, folder_.string().size() + 1);
        return text;
    }
    std::filesystem::path folder_;
    yaml::findings found_;
};

TEST_F(configuration, needs_little_and_has_defaults_for_the_rest) {
    const auto c = load("house: {name: Example Ltd}\n");
    EXPECT_TRUE(found_.empty()) << said();
    EXPECT_EQ(c.house_name, "Example Ltd");
    EXPECT_EQ(c.house_language, "en");
    EXPECT_EQ(c.address, "127.0.0.1");
    EXPECT_EQ(c.port, 8420);
    EXPECT_EQ(c.state, (folder_ / "state").string());
    EXPECT_EQ(c.socket, (folder_ / "state/kith.sock").string());
    EXPECT_EQ(c.playbooks, (folder_ / "playbooks").string());
}

TEST_F(configuration, says_how_often_customers_are_written_to) {
    auto c = load("house: {name: X}\n");
    EXPECT_EQ(c.reinforcement.at_most, 1);
    EXPECT_EQ(c.reinforcement.within, std::chrono::hours{24 * 30});
    c = load("house: {name: X}\nreinforcement: {at_most: 0, within: 7d, every: 5m}\n");
    EXPECT_TRUE(found_.empty()) << said();
    EXPECT_EQ(c.reinforcement.at_most, 0);
    EXPECT_EQ(c.reinforcement.within, std::chrono::hours{24 * 7});
    EXPECT_EQ(c.reinforcement.every, std::chrono::minutes{5});
    load("house: {name: X}\nreinforcement: {at_most: -1, often: 1d}\n");
    EXPECT_NE(said().find("kith.yaml:2:26: `at_most` is -1, which is out of range"), std::string::npos)
        << said();
    EXPECT_NE(said().find("unknown key 'often'"), std::string::npos) << said();
}

TEST_F(configuration, has_no_canaries_unless_the_house_sets_a_rate) {
    EXPECT_EQ(load("house: {name: X}\n").canaries.rate, 0);
    EXPECT_DOUBLE_EQ(load("house: {name: X}\ncanaries: {rate: 2.5%}\n").canaries.rate, 0.025);
    EXPECT_DOUBLE_EQ(load("house: {name: X}\ncanaries: {rate: 100%, leads: ann}\n").canaries.rate, 1);
    EXPECT_TRUE(found_.empty()) << said();
    for (const char* wrong : {"101%", "-1%", "2", "two%", "1e1%", "%", "nan%"}) {
        found_ = {};
        EXPECT_EQ(
            load(std::string("house: {name: X}\ncanaries: {rate: ") + (*wrong == '%' ? "'%'" : wrong) + "}\n")
                .canaries.rate,
            0)
            << wrong;
        EXPECT_NE(said().find("kith.yaml:2:18: `rate` must be a percentage"), std::string::npos)
            << wrong << said();
    }
}

TEST_F(configuration, under_systemd_lives_where_the_unit_says) {
    ::setenv("STATE_DIRECTORY", "/var/lib/kith:/var/lib/other", 1);
    ::setenv("RUNTIME_DIRECTORY", "/run/kith", 1);
    const auto c = load("house: {name: X}\n");
    ::unsetenv("STATE_DIRECTORY");
    ::unsetenv("RUNTIME_DIRECTORY");
    EXPECT_EQ(c.state, "/var/lib/kith");
    EXPECT_EQ(c.socket, "/run/kith/kith.sock");
}

TEST_F(configuration, tells_every_mistake_at_its_place_and_how_to_mend_it) {
    load(
        "house: {nam: X}\n"
        "listen: {port: 70000}\n"
        "acounts: []\n"
        "accounts:\n"
        "  - id: One\n"
        "    platform: webchat\n"
        "  - id: two\n"
        "  - id: two\n"
        "    platform: webchat\n"
        "log: {level: loud}\n");
    ASSERT_FALSE(found_.empty());
    for (const auto& f : found_.all()) {
        EXPECT_GT(f.at.line, 0U) << f.text();
        EXPECT_FALSE(f.mend.empty()) << f.text();
    }
    const auto all = said();
    for (const char* part : {"kith.yaml:1:9: ", "'nam'", "kith.yaml:2:16: ", "kith.yaml:3:1: ", "'acounts'",
                             "accounts", "kith.yaml:5:9: 'One' is no id", "kith.yaml:7:5: ",
                             "kith.yaml:8:9: there are two accounts 'two'", "kith.yaml:10:14: "})
        EXPECT_NE(all.find(part), std::string::npos) << part << "\nis not in\n" << all;
}

TEST_F(configuration, a_file_that_is_not_there_is_a_finding) {
    load_config((folder_ / "none.yaml").string(), found_);
    EXPECT_FALSE(found_.empty());
}

// ---- secrets

class secrets : public configuration {
 protected:
    std::string read(const std::string& value) {
        const auto document = yaml::parse("password: '" + value + "'\n", "kith.yaml", found_);
        yaml::map_reader reader(document, "kith.yaml", "account", found_);
        return need_secret(reader, "password");
    }
};

TEST_F(secrets, come_from_a_file_the_environment_or_a_credential) {
    EXPECT_EQ(read("file:" + write("one", "hush\n")), "hush");
    ::setenv("KITH_TEST_SECRET", "hush2", 1);
    EXPECT_EQ(read("env:KITH_TEST_SECRET"), "hush2");
    ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
    EXPECT_EQ(read("credential:one"), "hush");
    ::unsetenv("CREDENTIALS_DIRECTORY");
    EXPECT_TRUE(found_.empty()) << said();
}

TEST_F(secrets, in_the_file_itself_are_refused_and_not_repeated) {
    EXPECT_EQ(read("hunter2"), "");
    EXPECT_NE(said().find("kith.yaml:1:11: password: a secret must not stand in this file"),
              std::string::npos)
        << said();
    EXPECT_EQ(said().find("hunter2"), std::string::npos);
}

TEST_F(secrets, that_everybody_may_read_are_refused) {
    read("file:" + write("open", "hush", 0644));
    EXPECT_NE(said().find("may be read by everybody"), std::string::npos) << said();
    EXPECT_EQ(said().find("hush"), std::string::npos);
}

TEST_F(secrets, that_are_missing_or_empty_are_findings) {
    for (const auto& value : {std::string("file:/nonexistent"), std::string("env:KITH_NO_SUCH"),
                              std::string("credential:x"), "file:" + write("empty", "\n")}) {
        found_ = {};
        EXPECT_EQ(read(value), "");
        EXPECT_FALSE(found_.empty()) << value;
    }
}

}  // namespace
}  // namespace kith
