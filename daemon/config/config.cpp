#include "daemon/config/config.hpp"

#include "daemon/config/read_trust.hpp"
#include "daemon/policy/zone.hpp"

#include <cctype>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <set>

namespace kith {

namespace {

/// Ids go into URLs, file names and SQL keys: a-z, 0-9, '-', '_', '.'; at most 64.
bool is_id(const std::string& id) {
    if (id.empty() || id.size() > 64 || !std::isalnum(static_cast<unsigned char>(id[0]))) return false;
    for (const char c : id)
        if (!(std::isdigit(static_cast<unsigned char>(c)) || (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
              c == '.'))
            return false;
    return true;
}

std::string beside(const std::string& file, const std::string& path) {
    if (path.empty()) return path;
    return (std::filesystem::absolute(file).parent_path() / path).lexically_normal().string();
}

std::string from_environment(const char* name, const char* rest, std::string otherwise) {
    const char* value = std::getenv(name);
    if (!value || !*value) return otherwise;
    const std::string_view all(value);  // systemd lists several with ':'
    return std::string(all.substr(0, all.find(':'))) + rest;
}

void read_listen(config& into, yaml::map_reader& top) {
    into.address = "127.0.0.1";
    into.port = 8420;
    const auto* node = top.take("listen");
    if (!node) return;
    yaml::map_reader listen(*node, into.file, "listen", top.out());
    into.address = listen.text("address", into.address);
    into.port = static_cast<std::uint16_t>(listen.number("port", into.port, 0, 65535));
    into.public_url = listen.text("public_url");
    if (!into.public_url.empty() && into.public_url.rfind("http://", 0) != 0 &&
        into.public_url.rfind("https://", 0) != 0)
        listen.complain(listen.at("public_url"), "public_url is no web address", "write https://host[:port]");
    while (!into.public_url.empty() && into.public_url.back() == '/') into.public_url.pop_back();
    listen.done();
}

void read_accounts(config& into, yaml::map_reader& top) {
    const auto* list = top.take("accounts");
    if (!list) return;
    if (list->is != yaml::node::kind::sequence) {
        top.complain(list->at, "accounts is not a list", "write '- id: ...' for each account");
        return;
    }
    std::set<std::string> ids;
    for (const auto& item : list->items) {
        yaml::map_reader reader(item, into.file, "account", top.out());
        account_config account;
        account.id = reader.need_text("id");
        account.platform = reader.need_text("platform");
        account.options = item;
        if (!account.id.empty() && !is_id(account.id))
            reader.complain(reader.at("id"), "'" + account.id + "' is no id",
                            "use a-z, 0-9, '-', '_' and '.', at most 64, starting with a letter or digit");
        if (!account.id.empty() && !ids.insert(account.id).second)
            reader.complain(reader.at("id"), "there are two accounts '" + account.id + "'",
                            "give each its own id");
        into.accounts.push_back(std::move(account));
    }
}

void read_reinforcement(config& into, yaml::map_reader& top) {
    const auto* node = top.take("reinforcement");
    if (!node) return;
    using namespace std::chrono_literals;
    yaml::map_reader from(*node, into.file, "reinforcement", top.out());
    auto& r = into.reinforcement;
    r.at_most = from.number("at_most", r.at_most, 0, 100);
    r.within = from.duration("within", r.within, 1h, 24h * 365);
    r.every = from.duration("every", r.every, 100ms, 24h);
    from.done();
}

/// "2%", "0.5%".
std::optional<double> percentage(const std::string& text) {
    double n = 0;
    const char* end = text.data() + text.size();
    const auto [at, ec] = std::from_chars(text.data(), end, n, std::chars_format::fixed);
    if (ec != std::errc{} || std::string_view(at, end) != "%" || !(n >= 0 && n <= 100)) return std::nullopt;
    return n / 100;
}

void read_canaries(config& into, yaml::map_reader& top) {
    const auto* node = top.take("canaries");
    if (!node) return;
    yaml::map_reader from(*node, into.file, "canaries", top.out());
    const auto written = from.text("rate", "0%");
    const auto rate = percentage(written);
    if (!rate)
        from.complain(from.at("rate"), "`rate` must be a percentage, but is '" + written.substr(0, 80) + "'",
                      "write a number from 0 to 100 and a percent sign, such as 2%");
    into.canaries.rate = rate.value_or(0);
    into.canaries.leads = from.texts("leads");
    from.done();
}

void read_queue(config& into, yaml::map_reader& top) {
    using namespace std::chrono_literals;
    const auto* node = top.take("queue");
    if (!node) return;
    yaml::map_reader from(*node, into.file, "queue", top.out());
    into.queue.undo = from.duration("undo", into.queue.undo, 0ms, 10min);
    from.done();
}

}  // namespace

account_reader::account_reader(const account_config& account, const std::string& file, yaml::findings& out)
    : map_reader(account.options, file, "account '" + account.id + "'", out) {
    take("id");
    take("platform");
}

config load_config(const std::string& path, yaml::findings& out) {
    config made;
    made.file = path;
    const auto before = out.all().size();
    const auto document = yaml::parse_file(path, out);
    if (out.all().size() != before) return made;
    yaml::map_reader top(document, path, "kith.yaml", out);
    made.state = beside(path, top.text("state", from_environment("STATE_DIRECTORY", "", "state")));
    made.socket = beside(path, top.text("socket", from_environment("RUNTIME_DIRECTORY", "/kith.sock",
                                                                   made.state + "/kith.sock")));
    made.playbooks = beside(path, top.text("playbooks", "playbooks"));
    made.policies = beside(path, top.text("policies", "policies"));
    if (const auto* node = top.need("house")) {
        yaml::map_reader house(*node, path, "house", out);
        made.house_name = house.need_text("name");
        made.house_language = house.text("language", "en");
        made.house_zone = house.text("zone", "UTC");
        if (!zone::find(made.house_zone))
            house.complain(house.at("zone"), "there is no time zone '" + made.house_zone.substr(0, 60) + "'",
                           "write a name such as Europe/Berlin");
        house.done();
    }
    read_listen(made, top);
    if (const auto* node = top.take("log")) {
        yaml::map_reader log(*node, path, "log", out);
        static constexpr std::string_view levels[] = {"debug", "info", "warning", "error"};
        made.log_level = levels[log.choice("level", {levels[0], levels[1], levels[2], levels[3]}, 1)];
        log.done();
    }
    made.stop_grace =
        top.duration("stop_grace", made.stop_grace, std::chrono::seconds{1}, std::chrono::minutes{5});
    read_brakes(made, top);
    read_audit(made, top);
    read_reinforcement(made, top);
    read_canaries(made, top);
    read_queue(made, top);
    read_accounts(made, top);
    const auto folder = std::filesystem::absolute(path).parent_path().string();
    made.departments = read_departments(top, made.state);
    made.mail = read_mail(top, folder);
    made.sign_in = read_sign_in(top, folder);
    check_mail(made.departments, made.mail, top);
    made.answer_within = read_goal(top);
    made.notify = read_notify(top, made.departments);
    if (const auto* node = top.take("answers")) {
        yaml::map_reader answers(*node, path, "answers", out);
        made.answer_notice = answers.duration("notice", made.answer_notice, std::chrono::hours{24},
                                              std::chrono::hours{366 * 24});
        answers.done();
    }
    top.done();
    if (made.socket.size() > 100)
        top.complain(top.at("socket"), "the socket's path is longer than 100 bytes", "choose a shorter one");
    return made;
}

}  // namespace kith
