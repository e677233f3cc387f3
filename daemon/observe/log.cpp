#include "daemon/observe/log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>

namespace kith {

namespace {

/// The line with its control characters made visible.
class one_line final : public spdlog::custom_flag_formatter {
   public:
    void format(const spdlog::details::log_msg& m, const std::tm&, spdlog::memory_buf_t& out) override {
        for (const char c : m.payload) {
            const auto u = static_cast<unsigned char>(c);
            if (c == '\n') out.append(std::string_view("\n    "));  // several findings: shown below one another
            else out.push_back(u < 0x20 || u == 0x7f ? '?' : c);
        }
    }
    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<one_line>(); }
};

/// sd-daemon(3): the level in front of the line.
class syslog_level final : public spdlog::custom_flag_formatter {
   public:
    void format(const spdlog::details::log_msg& m, const std::tm&, spdlog::memory_buf_t& out) override {
        static constexpr std::string_view levels[] = {"<7>", "<7>", "<6>", "<4>", "<3>", "<2>", "<6>"};
        out.append(levels[m.level]);
    }
    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<syslog_level>(); }
};

}  // namespace

void set_up_log(const std::string& level) {
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto logger = std::make_shared<spdlog::logger>("kithd", sink);
    auto form = std::make_unique<spdlog::pattern_formatter>();
    form->add_flag<one_line>('*').add_flag<syslog_level>('~');
    form->set_pattern(std::getenv("JOURNAL_STREAM") ? "%~%*" : "%Y-%m-%dT%H:%M:%S.%e %-7l %*");
    logger->set_formatter(std::move(form));
    logger->set_level(spdlog::level::from_str(level));
    logger->flush_on(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
}

}  // namespace kith
