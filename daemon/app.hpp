/// The object graph: built in the data's order, stopped in it, destroyed in reverse.
#pragma once

#include "daemon/async/task_group.hpp"
#include "daemon/config/config.hpp"
#include "daemon/console/api.hpp"
#include "daemon/deliver/outbox.hpp"
#include "daemon/digest/round.hpp"
#include "daemon/match/words.hpp"
#include "daemon/notify/mailer.hpp"
#include "daemon/notify/notifier.hpp"
#include "daemon/relations/stage_book.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <deque>

namespace kith {

/// Everything wrong with the configuration, the accounts' options and the playbooks, and, apart from that,
/// with the packs: `kithd --check`. Without the former the daemon does not start; without a pack it does, and
/// denies.
void check(const std::string& config_file, yaml::findings& out, yaml::findings& packs_wrong);

class app {
 public:
    /// Opens the store and the listeners. Throws kith::failure with what a person must mend.
    app(config c, std::span<const console::page_file> console_page);
    ~app();

    /// Serves until SIGTERM or SIGINT; gives the exit code.
    int run();

    /// Says the setup link on standard output too; otherwise it stands only in the state folder.
    void show_setup_link() noexcept { show_setup_link_ = true; }

 private:
    awaitable<void> main();
    void make_accounts();
    std::shared_ptr<const word_lists> words_in_force() const;
    void start_accounts();
    void start_digests();
    void start_notifiers();
    awaitable<void> stop_digests();
    awaitable<result<void>> read_canary_seed();
    void say_hello();
    awaitable<void> tell_what_is_stopped();
    awaitable<result<void>> reload();
    awaitable<void> watch_packs();
    void tell_of_packs();
    awaitable<void> listen_to_signals();
    awaitable<void> feed_watchdog();
    awaitable<void> stop_all();
    void write_setup_link();

    config config_;
    asio::io_context io_{1};
    std::unique_ptr<kith::store> store_;
    house_facts house_;
    rulebook rules_;
    stage_book stages_;
    std::shared_ptr<const word_lists> built_in_ = built_in_words();
    kith::live live_;
    console::people people_;
    console::tokens tokens_;
    kith::claims claims_;
    console::event_feed events_;
    console::sessions sessions_;
    console::door door_;
    std::unique_ptr<console::oidc_provider> provider_;
    std::unique_ptr<console::oidc_door> oidc_;
    std::unique_ptr<net::http_server> server_;
    std::vector<std::unique_ptr<journal>> journals_;
    std::deque<account> accounts_;
    std::deque<outbox> outboxes_;
    head_shipper shipper_;
    department_desk desk_;
    std::unique_ptr<digest_sender> digest_sender_;
    std::deque<digest_round> rounds_;
    std::unique_ptr<net::http_client> webhooks_;
    std::deque<notifier> notifiers_;
    std::optional<mailer> mailer_;
    console::api_context api_;
    task_group links_, judges_, relations_, senders_, digests_, rest_;
    asio::signal_set signals_;
    bell stopping_;
    std::map<std::string, std::string> told_;  ///< platform → what was last said of its packs
    std::string canary_seed_;
    int exit_code_ = 0;
    bool show_setup_link_ = false;
};

}  // namespace kith
