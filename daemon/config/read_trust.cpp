#include "daemon/config/read_trust.hpp"

#include "daemon/net/http.hpp"

#include <charconv>
#include <filesystem>

namespace kith {

namespace {

/// "50%": whole percents, 0 to 100.
std::optional<int> percent(const std::string& text) {
    int value = 0;
    const char* end = text.data() + text.size();
    const auto [at, ec] = std::from_chars(text.data(), end, value);
    if (ec != std::errc{} || at + 1 != end || *at != '%' || value < 0 || value > 100) return std::nullopt;
    return value;
}

void read_bound(bound& into, yaml::map_reader& brakes, std::string_view name, const std::string& file) {
    const auto* node = brakes.take(name);
    if (!node) return;
    yaml::map_reader r(*node, file, std::string(name), brakes.out());
    const auto over = r.text("over", std::to_string(into.percent) + "%");
    const auto value = percent(over);
    if (!value)
        r.complain(r.at("over"), "'" + over + "' is no share",
                   "write whole percents from 0% to 100%, as in 50%");
    into.percent = value.value_or(into.percent);
    into.of_last = r.number("of_last", into.of_last, 1, 1000);
    r.done();
}

bool is_web_address(const std::string& text) {
    const auto url = net::url::parse(text);
    return url.has_value() && (url->scheme == "https" || url->scheme == "http");
}

void read_target(config& into, yaml::map_reader& ship) {
    const auto* node = ship.need("to");
    if (!node) return;
    yaml::map_reader to(*node, into.file, "to", ship.out());
    into.ship.file = to.text("file");
    into.ship.url = to.text("url");
    to.done();
    if (into.ship.file.empty() == into.ship.url.empty())
        to.complain(to.at(), "the head is shipped to one place", "write either file: or url:");
    if (!into.ship.url.empty() && !is_web_address(into.ship.url))
        to.complain(to.at("url"), "'" + into.ship.url + "' is no web address", "write https://host/path");
    if (!into.ship.file.empty())
        into.ship.file =
            (std::filesystem::absolute(into.file).parent_path() / into.ship.file).lexically_normal().string();
}

}  // namespace

void read_brakes(config& into, yaml::map_reader& top) {
    const auto* node = top.take("brakes");
    if (!node) return;
    yaml::map_reader brakes(*node, into.file, "brakes", top.out());
    read_bound(into.brakes.rejections, brakes, "rejections", into.file);
    read_bound(into.brakes.complaints, brakes, "complaints", into.file);
    read_bound(into.brakes.opt_outs, brakes, "opt_outs", into.file);
    brakes.done();
}

void read_audit(config& into, yaml::map_reader& top) {
    const auto* node = top.take("audit");
    if (!node) return;
    yaml::map_reader audit(*node, into.file, "audit", top.out());
    if (const auto* shipping = audit.take("ship")) {
        yaml::map_reader ship(*shipping, into.file, "ship", top.out());
        into.ship.every =
            ship.duration("every", into.ship.every, std::chrono::seconds{1}, std::chrono::hours{24 * 7});
        read_target(into, ship);
        ship.done();
    }
    audit.done();
}

}  // namespace kith
