/// The words on the command line: commands, commands below them, and their options. CLI11 behind a door: its
/// headers take a compiler six seconds, which arguments.cpp pays for both programs.
///
/// Handles are small and may be copied; what they stand for lives as long as its `arguments`. Variables that
/// options write to must live until it has parsed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

// NOLINTBEGIN(readability-identifier-naming): CLI11's own names
namespace CLI {
class App;
class Option;
}  // namespace CLI
// NOLINTEND(readability-identifier-naming)

namespace kith::cli {

class option {
 public:
    explicit option(CLI::Option& wrapped) : inner_(&wrapped) {}

    option required();
    option shows_default();                          ///< in the help: what the variable holds now
    option once_each();                              ///< repeated to give several, not followed by several
    option or_environment(const std::string& name);  ///< used if the line does not say
    option positive();
    option between(int least, int most);
    option one_of(std::initializer_list<std::string> words);
    /// `wrong` says what is wrong with a value, or nothing.
    option check(std::function<std::string(const std::string&)> wrong);

 private:
    CLI::Option* inner_;
};

class command {
 public:
    explicit command(CLI::App& wrapped) : inner_(&wrapped) {}

    command add_command(const std::string& name, const std::string& about);
    command needs_one();  ///< one of the commands below it must be named
    /// "--name", or "name" for one that is known by its place.
    option add_option(const std::string& name, std::string& value, const std::string& about);
    option add_option(const std::string& name, std::vector<std::string>& values, const std::string& about);
    option add_option(const std::string& name, int& value, const std::string& about);
    option add_option(const std::string& name, std::int64_t& value, const std::string& about);
    option add_option(const std::string& name, std::size_t& value, const std::string& about);
    option add_flag(const std::string& name, bool& value, const std::string& about);
    /// Called by `parse` if the line names this command, after its options have their values.
    command on_named(std::function<void()> chosen);

 private:
    CLI::App* inner_;
};

/// For `on_named`: the line cannot be done as it stands. `parse` prints `why`.
[[noreturn]] void refuse(const std::string& why);

/// All that one program understands.
class arguments {
 public:
    arguments(const std::string& about, const std::string& version);
    ~arguments();
    arguments(const arguments&) = delete;
    arguments& operator=(const arguments&) = delete;

    command top();
    /// True if the line was understood. If not, or if only help or the version was asked for, that is
    /// printed, and `exit_code` says how the program ends: 0 or 2.
    bool parse(int argc, const char* const* argv, int& exit_code);

 private:
    std::unique_ptr<CLI::App> inner_;
};

}  // namespace kith::cli
