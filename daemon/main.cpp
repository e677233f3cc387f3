/// kithd: arguments, configuration, app, exit code.
#include "daemon/app.hpp"
#include "daemon/cli/arguments.hpp"
#include "daemon/console/page_files.hpp"
#include "daemon/observe/log.hpp"

#include <sodium.h>
#include <sys/stat.h>

#include <cstdio>

int main(int argc, char** argv) {
    kith::cli::arguments arguments(
        "kithd listens to the places where a company is talked to and queues helpful replies for a person to "
        "approve",
        "kithd " KITH_VERSION);
    auto line = arguments.top();
    std::string file = "/etc/kith/kith.yaml";
    bool only_check = false, show_setup_link = false;
    line.add_option("--config", file, "the configuration").shows_default();
    line.add_flag("--check", only_check, "check the configuration, the playbooks and the packs, and exit");
    line.add_flag("--show-setup-link", show_setup_link, "print the link that sets the console's password");
    int exit_code = 0;
    if (!arguments.parse(argc, argv, exit_code)) return exit_code;

    if (sodium_init() < 0) return 1;
    ::umask(0077);  // what contacts wrote is nobody else's to read
    kith::yaml::findings wrong, packs_wrong;
    kith::check(file, wrong, packs_wrong);
    for (const auto* each : {&wrong, &packs_wrong})
        if (!each->empty()) std::fprintf(stderr, "%s\n", each->text().c_str());
    // Packs that are not in order keep every reply back; they do not keep Kith from listening.
    if (!wrong.empty() || (only_check && !packs_wrong.empty())) return 2;
    if (only_check) {
        std::printf("%s is in order\n", file.c_str());
        return 0;
    }
    try {
        auto config = kith::load_config(file, wrong);
        kith::set_up_log(config.log_level);
        kith::app app(std::move(config), kith::console::page_files());
        if (show_setup_link) app.show_setup_link();
        return app.run();
    } catch (const std::exception& e) {
        std::fprintf(stderr, "kithd: %s\n", e.what());
        return 1;
    }
}
