#include "daemon/cli/arguments.hpp"

#include <CLI/CLI.hpp>

namespace kith::cli {

option option::required() {
    inner_->required();
    return *this;
}

option option::shows_default() {
    inner_->capture_default_str();
    return *this;
}

option option::once_each() {
    inner_->allow_extra_args(false);
    return *this;
}

option option::or_environment(const std::string& name) {
    inner_->envname(name);
    return *this;
}

option option::positive() {
    inner_->check(CLI::PositiveNumber);
    return *this;
}

option option::between(int least, int most) {
    inner_->check(CLI::Range(least, most));
    return *this;
}

option option::one_of(std::initializer_list<std::string> words) {
    inner_->check(CLI::IsMember(std::vector<std::string>(words)));
    return *this;
}

option option::check(std::function<std::string(const std::string&)> wrong) {
    inner_->check(std::move(wrong));
    return *this;
}

command command::add_command(const std::string& name, const std::string& about) {
    return command(*inner_->add_subcommand(name, about));
}

command command::needs_one() {
    inner_->require_subcommand(1);
    return *this;
}

option command::add_option(const std::string& name, std::string& value, const std::string& about) {
    return option(*inner_->add_option(name, value, about));
}

option command::add_option(const std::string& name, std::vector<std::string>& values,
                           const std::string& about) {
    return option(*inner_->add_option(name, values, about));
}

option command::add_option(const std::string& name, int& value, const std::string& about) {
    return option(*inner_->add_option(name, value, about));
}

option command::add_option(const std::string& name, std::int64_t& value, const std::string& about) {
    return option(*inner_->add_option(name, value, about));
}

option command::add_option(const std::string& name, std::size_t& value, const std::string& about) {
    return option(*inner_->add_option(name, value, about));
}

option command::add_flag(const std::string& name, bool& value, const std::string& about) {
    return option(*inner_->add_flag(name, value, about));
}

command command::on_named(std::function<void()> chosen) {
    inner_->callback(std::move(chosen));
    return *this;
}

void refuse(const std::string& why) {
    throw CLI::ValidationError(why);
}

arguments::arguments(const std::string& about, const std::string& version)
    : inner_(std::make_unique<CLI::App>(about)) {
    inner_->fallthrough();
    inner_->set_version_flag("--version", version);
}

arguments::~arguments() = default;

command arguments::top() {
    return command(*inner_);
}

bool arguments::parse(int argc, const char* const* argv, int& exit_code) {
    try {
        inner_->parse(argc, argv);
        return true;
    } catch (const CLI::ParseError& e) {
        exit_code = inner_->exit(e) == 0 ? 0 : 2;
        return false;
    }
}

}  // namespace kith::cli
