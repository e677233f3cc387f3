/// The object graph: built in the data's order, stopped in it, destroyed in reverse.
#pragma once

#include "daemon/async/task_group.hpp"
#include "daemon/config/config.hpp"
#include "daemon/console/api.hpp"
#include "daemon/deliver/outbox.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <deque>

namespace kith {

/// Everything wrong with the configuration, the accounts' options and the playbooks: `kithd --check`.
void check(const std::string& config_file, yaml::findings& out);

class app {
 public:
    /// Opens the store and the listeners. Throws kith::failure with what a person must mend.
    explicit app(config c);
    ~app();

    /// Serves until SIGTERM or SIGINT; gives the exit code.
    int run();

    /// Says the setup link on standard output too; otherwise it stands only in the state folder.
    void show_setup_link() noexcept { show_setup_link_ = true; }

 private:
    awaitable<void> main();
    void make_accounts();
    void start_accounts();
    awaitable<result<void>> read_canary_seed();
    void say_hello();
    awaitable<void> reload();
    awaitable<void> listen_to_signals();
    awaitable<void> feed_watchdog();
    awaitable<void> stop_all();
    void write_setup_link();

    config config_;
    asio::io_context io_{1};
    std::unique_ptr<kith::store> store_;
    rulebook rules_;
    kith::live live_;
    console::sessions sessions_;
    std::unique_ptr<net::http_server> server_;
    std::vector<std::unique_ptr<journal>> journals_;
    std::deque<account> accounts_;
    std::deque<outbox> outboxes_;
    console::api_context api_;
    task_group links_, judges_, senders_, rest_;
    asio::signal_set signals_;
    bell stopping_;
    std::string canary_seed_;
    int exit_code_ = 0;
    bool show_setup_link_ = false;
};

}  // namespace kith
