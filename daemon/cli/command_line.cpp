#include "daemon/cli/command_line.hpp"

#include "daemon/cli/show.hpp"

#include <boost/json/serialize.hpp>

#include <cstdio>

namespace kith::cli {

namespace json = boost::json;

int print(const command_line& line, const result<json::value>& got, printer show) {
    if (got.has_error()) {
        if (line.as_json) {
            const json::object o{{"error", to_string(got.error().kind)}, {"detail", got.error().what}};
            std::printf("%s\n", json::serialize(o).c_str());
        }
        std::fprintf(stderr, "kith: %s\n", harmless(got.error().what).c_str());
        return 1;
    }
    std::printf("%s", line.as_json ? (json::serialize(*got) + "\n").c_str() : show(*got).c_str());
    return 0;
}

void add_list_options(command sub, list_options& wanted) {
    sub.add_option("--limit", wanted.limit, "at most so many").positive().shows_default();
    sub.add_flag("--all", wanted.all, "all there are");
}

int print_list(const command_line& line, const result<json::value>& got, printer show) {
    const auto code = print(line, got, show);
    if (got.has_value() && !got->at("next").is_null())
        std::fprintf(stderr, "There are more: --all, or a larger --limit.\n");
    return code;
}

}  // namespace kith::cli
