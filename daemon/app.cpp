#include "daemon/app.hpp"

#include "daemon/async/sleep.hpp"
#include "daemon/async/with_timeout.hpp"
#include "daemon/decide.hpp"
#include "daemon/judging.hpp"
#include "daemon/match/scanner.hpp"
#include "daemon/model/sha256.hpp"
#include "daemon/reinforcing.hpp"
#include "daemon/relations/departments.hpp"
#include "daemon/relations/relations.hpp"
#include "platforms/platform.hpp"

#include <boost/asio/co_spawn.hpp>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace kith {

namespace {

/// A platform's journal, kept in the store under the account's name.
class stored_journal final : public journal {
 public:
    stored_journal(store& s, std::string account) : store_(s), account_(std::move(account)) {}

    awaitable<result<entry>> append(std::string topic, std::string id, std::string body) override {
        auto e = co_await store_.journal_append(account_, std::move(topic), std::move(id), std::move(body));
        if (e.has_error()) co_return e.error();
        co_return to_entry(std::move(*e));
    }
    awaitable<result<std::vector<entry>>> read(std::string topic, std::int64_t after,
                                               std::size_t most) override {
        auto all = co_await store_.journal_read(account_, std::move(topic), after, most);
        if (all.has_error()) co_return all.error();
        std::vector<entry> out;
        for (auto& e : *all) out.push_back(to_entry(std::move(e)));
        co_return out;
    }
    awaitable<result<std::optional<entry>>> find(std::string id) override {
        auto e = co_await store_.journal_find(account_, std::move(id));
        if (e.has_error()) co_return e.error();
        std::optional<entry> out;
        if (*e) out = to_entry(std::move(**e));
        co_return out;
    }

 private:
    static entry to_entry(journal_entry e) {
        return {e.number, std::move(e.topic), std::move(e.id), std::move(e.body), e.at};
    }
    store& store_;
    std::string account_;
};

const platform_entry* find_platform(const std::string& name) {
    for (const auto& p : platforms())
        if (p.name == name) return &p;
    return nullptr;
}

/// Has the platform read the account's options; null with findings, or where there is no context.
std::unique_ptr<platform> make_platform(const account_config& a, const std::string& file,
                                        const platform_context* context, yaml::findings& out) {
    account_reader options(a, file, out);
    const auto* entry = find_platform(a.platform);
    if (!entry) {
        std::string known;
        for (const auto& p : platforms()) known += (known.empty() ? "" : ", ") + std::string(p.name);
        options.complain(options.at("platform"), "there is no platform '" + a.platform + "'",
                         "use one of " + known);
        return nullptr;
    }
    auto made = entry->make(options, context);
    options.done();
    return made;
}

[[noreturn]] void refuse(const yaml::findings& f) {
    throw failure(fail(errc::invalid, f.text()));
}

std::string host_of(const config& c, std::uint16_t port) {
    const auto host = c.address.find(':') == std::string::npos ? c.address : "[" + c.address + "]";
    return "http://" + host + ":" + std::to_string(port);
}

/// A task of the daemon's core ended by an exception: that is a bug. Systemd starts us anew, and nothing is
/// lost.
task_group::failure_handler fatal(int& exit_code, bell& stop) {
    return [&exit_code, &stop](std::string_view name, std::string_view what) {
        spdlog::error("{} ended: {}", name, what);
        exit_code = 1;
        stop.ring();
    };
}

rule_sources sources_of(const config& c) {
    rule_sources out{c.playbooks, c.policies, {}, ids_of(c.departments), c.house_language};
    for (const auto& a : c.accounts) out.platforms.push_back(a.platform);
    return out;
}

house_facts facts_of(const config& c) {
    house_facts out;
    out.language = c.house_language;
    out.zone = c.house_zone;
    for (const auto& d : c.departments) out.departments.emplace(d.id, d.languages);
    return out;
}

/// Webhooks trust the authority that the mail server's certificate is from, as digests do.
std::unique_ptr<net::http_client> make_webhook_client(asio::any_io_executor executor,
                                                      const mail_config& mail) {
    net::client_options o;
    o.extra_ca_file = mail.extra_ca_file;
    return net::make_http_client(std::move(executor), std::move(o));
}

std::unique_ptr<console::oidc_provider> make_provider(asio::any_io_executor executor,
                                                      const std::optional<oidc_config>& c) {
    if (!c) return nullptr;
    net::client_options o;
    o.extra_ca_file = c->extra_ca_file;
    auto client = net::make_http_client(std::move(executor), std::move(o));
    return std::make_unique<console::oidc_provider>(*c, std::move(client));
}

/// What keeps every reply on this platform from being sent; empty: nothing does.
std::string packs_trouble(const pack_set& packs, const std::string& platform) {
    auto trouble = packs.trouble("house", now());
    if (trouble.empty()) trouble = packs.trouble(platform, now());
    return trouble;
}

}  // namespace

void check(const std::string& config_file, yaml::findings& out, yaml::findings& packs_wrong) {
    const auto c = load_config(config_file, out);
    for (const auto& a : c.accounts) make_platform(a, c.file, nullptr, out);
    if (c.policies.empty()) return;  // the file could not be read
    pack_set packs;
    load_rules(sources_of(c), packs, out, packs_wrong);
    complain_of_expired(packs, now(), packs_wrong);
    load_stage_rules(c.policies, out);
}

app::app(config c, std::span<const console::page_file> console_page)
    : config_(std::move(c)),
      store_(open_sqlite(config_.state)),
      house_(facts_of(config_)),
      rules_(sources_of(config_)),
      stages_(config_.policies),
      people_(store_->people()),
      tokens_(store_->people(), people_),
      events_(io_.get_executor(), *store_, live_, claims_),
      sessions_(store_->people(), people_, tokens_, config_.public_url.starts_with("https://")),
      door_(store_->people(), people_, sessions_, tokens_, console::sealer::from(config_.state),
            console::door::house{config_.house_name, !config_.public_url.empty()}),
      provider_(make_provider(io_.get_executor(), config_.sign_in.oidc)),
      oidc_(provider_ ? std::make_unique<console::oidc_door>(*provider_, door_, sessions_, people_,
                                                             store_->people(), config_.public_url)
                      : nullptr),
      server_(net::make_http_server(io_.get_executor())),
      shipper_(store_->audit(), config_.ship, io_.get_executor()),
      desk_(*store_, rules_, config_, [this] { return words_in_force(); }),
      digest_sender_(make_digest_sender(io_.get_executor(), config_.mail)),
      webhooks_(make_webhook_client(io_.get_executor(), config_.mail)),
      api_{*store_,
           live_,
           rules_,
           stages_,
           accounts_,
           sessions_,
           house_,
           shipper_,
           now(),
           desk_,
           *digest_sender_,
           config_.canaries,
           people_,
           tokens_,
           door_,
           config_.public_url,
           config_.answer_within,
           [this] { return reload(); },
           config_.queue,
           claims_,
           events_,
           oidc_.get(),
           !config_.mail.server.empty()},
      links_(io_.get_executor(), fatal(exit_code_, stopping_)),
      judges_(io_.get_executor(), fatal(exit_code_, stopping_)),
      relations_(io_.get_executor(), fatal(exit_code_, stopping_)),
      senders_(io_.get_executor(), fatal(exit_code_, stopping_)),
      digests_(io_.get_executor(), fatal(exit_code_, stopping_)),
      rest_(io_.get_executor(), fatal(exit_code_, stopping_)),
      signals_(io_),
      stopping_(io_.get_executor()) {
    make_accounts();
    console::add_api(*server_, api_);
    console::add_pages(*server_, console_page);
    const auto port = server_->listen_tcp(config_.address, config_.port);
    if (config_.public_url.empty()) config_.public_url = host_of(config_, port);
    server_->listen_unix(config_.socket, 0660);
}

app::~app() = default;

/// The house's own; or, while it has none that can be read, those that we were built with: whoever asks us to
/// stop is heard, whatever else is broken.
std::shared_ptr<const word_lists> app::words_in_force() const {
    const auto packs = rules_.packs();
    if (packs && packs->words && packs->words->knows("opt-out")) return packs->words;
    return built_in_;
}

void app::make_accounts() {
    yaml::findings out;
    for (const auto& a : config_.accounts) {
        journals_.push_back(std::make_unique<stored_journal>(*store_, a.id));
        const platform_context context{io_.get_executor(), a.id,
                                       *server_,           *journals_.back(),
                                       config_.house_name, config_.house_language};
        auto& made = accounts_.emplace_back(a, io_.get_executor());
        made.platform = make_platform(a, config_.file, &context, out);
        made.changed = [this, id = a.id] { events_.tell_status(id); };
        const auto wanted = [this, name = a.platform](const std::string& account, const message& m) {
            return kith::wanted(*rules_.current(), account, name, m);
        };
        const auto words = [this] { return words_in_force(); };
        made.inbox = std::make_unique<ingest>(a.id, *store_, live_, made.to_judge, wanted, words,
                                              !made.platform || made.platform->supports().profiling_allowed);
        outboxes_.emplace_back(made, *store_, live_, rules_, house_);
    }
    if (!out.empty()) refuse(out);
}

int app::run() {
    ::signal(SIGPIPE, SIG_IGN);
    rest_.spawn("main", main());
    io_.run();
    return exit_code_;
}

awaitable<void> app::main() {
    for (const int s : {SIGTERM, SIGINT, SIGHUP}) signals_.add(s);
    auto ready = co_await rules_.reload();
    if (ready.has_value()) ready = co_await stages_.reload();
    if (ready.has_value()) ready = co_await people_.start();
    if (ready.has_value()) ready = co_await tokens_.start();
    if (ready.has_value()) ready = co_await sessions_.start();
    if (ready.has_value()) ready = co_await door_.start();
    if (ready.has_value()) ready = co_await store_->brakes().set_bounds(config_.brakes);
    if (ready.has_value()) ready = co_await read_canary_seed();
    if (ready.has_error()) {
        spdlog::error("{}", ready.error().what);
        exit_code_ = 1;
        signals_.clear();
        co_return;
    }
    write_setup_link();
    start_accounts();
    start_digests();
    rest_.spawn("sessions", sessions_.keep_noting());
    start_notifiers();
    rest_.spawn("states", keep_telling_states(accounts_, *store_));
    rest_.spawn("server", server_->run());
    rest_.spawn("signals", listen_to_signals());
    rest_.spawn("watchdog", feed_watchdog());
    rest_.spawn("packs", watch_packs());
    rest_.spawn("events", events_.run());
    rest_.spawn("audit head", shipper_.run());
    co_await tell_what_is_stopped();
    say_hello();
    ::sd_notify(0, "READY=1");
    co_await stopping_.wait(std::chrono::hours{24 * 365 * 100});
    co_await stop_all();
}

/// Which messages get a canary must not be guessed by who has read this code.
awaitable<result<void>> app::read_canary_seed() {
    auto kept = co_await store_->setting("canary_seed");
    if (kept.has_error()) co_return kept.error();
    canary_seed_ = kept->empty() ? random_base32(26) : std::move(*kept);
    co_return co_await store_->set("canary_seed", canary_seed_);
}

void app::start_accounts() {
    std::size_t i = 0;
    for (auto& a : accounts_) {
        links_.spawn("link " + a.config.id, keep_running(a, *store_));
        judges_.spawn("judge " + a.config.id,
                      keep_judging(a, *store_, live_, rules_, house_, {config_.canaries.rate, canary_seed_}));
        judges_.spawn("label " + a.config.id, keep_asking_for_the_label(a, *store_, live_));
        senders_.spawn("outbox " + a.config.id, outboxes_[i++].run());
    }
    judges_.spawn("occasions",
                  keep_reinforcing(accounts_, *store_, live_, rules_, house_, config_.reinforcement));
    const auto words = [this] { return words_in_force(); };
    relations_.spawn("relations",
                     keep_relations(store_->relations(), accounts_, stages_, words, config_.house_name));
}

/// A stop outlives a restart: whoever restarts to get things going must read why they do not go.
awaitable<void> app::tell_what_is_stopped() {
    const auto on = co_await store_->brakes().brakes();
    if (on.has_error()) co_return;
    for (const auto& b : *on) spdlog::warn("{} is stopped, by {}: {}", b.scope, b.by, b.reason);
}

void app::start_digests() {
    for (const auto& d : config_.departments) {
        if (!d.digest) continue;
        auto facts = [this, id = d.id](timestamp since, timestamp until, timestamp at) {
            return desk_.facts(id, since, until, at);
        };
        auto& round = rounds_.emplace_back(io_.get_executor(), d.id, *d.digest, store_->digests(),
                                           *digest_sender_, std::move(facts));
        digests_.spawn("digest " + d.id, round.run());
    }
    rest_.spawn("owners", keep_telling_owners(desk_, *store_));
}

void app::start_notifiers() {
    for (const auto& c : config_.notify) {
        auto& n = notifiers_.emplace_back(io_.get_executor(), c, config_.public_url + "/console", *store_,
                                          live_, accounts_, *webhooks_);
        digests_.spawn("notify " + c.id, n.run());
    }
    if (config_.mail.server.empty()) return;
    auto everybody = [this] {
        std::vector<user> out;
        for (const auto& [id, u] : people_.all()) out.push_back(u);
        return out;
    };
    auto departments = [this] { return desk_.departments(); };
    mailing_house house{config_.house_name, config_.house_language, config_.house_zone,
                        config_.public_url + "/console"};
    mailer_.emplace(io_.get_executor(), std::move(house), *store_, accounts_, std::move(everybody),
                    std::move(departments), *digest_sender_);
    digests_.spawn("mails", mailer_->run());
}

/// A mail under way ends within a second, and what became of it is noted.
awaitable<void> app::stop_digests() {
    digest_sender_->stop();
    for (auto& r : rounds_) r.stop();
    for (auto& n : notifiers_) n.stop();
    if (mailer_) mailer_->stop();
    const auto in_time = co_await with_timeout(digests_.wait(), std::chrono::seconds{3});
    if (in_time.has_value()) co_return;
    digests_.emit();
    co_await digests_.wait();
}

void app::say_hello() {
    for (const auto& a : accounts_)
        if (const std::string page(a.platform->demo_page()); !page.empty())
            std::printf("demo page:  %s%s\n", config_.public_url.c_str(), page.c_str());
    std::string link = config_.public_url + "/console";
    if (show_setup_link_ && !door_.setup_token().empty()) link += "/setup#" + door_.setup_token();
    std::printf("console:    %s\n", link.c_str());
    std::printf("socket:     %s\n", config_.socket.c_str());
    std::fflush(stdout);
    if (!scanner_is_sound())
        spdlog::warn(
            "this build of Vectorscan loses matches on this processor: every trigger is tried one by one");
    spdlog::info("kithd {} is ready: {} accounts, {} playbooks", KITH_VERSION, accounts_.size(),
                 rules_.current()->set().playbooks.size());
}

void app::write_setup_link() {
    const auto path = config_.state + "/setup-link";
    if (door_.setup_token().empty()) {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
        return;
    }
    const auto mask = ::umask(0077);
    std::ofstream(path) << config_.public_url << "/console/setup#" << door_.setup_token() << '\n';
    ::umask(mask);
    spdlog::info("nobody can sign in yet: open the link in {}", path);
}

awaitable<result<void>> app::reload() {
    ::sd_notify(0, "RELOADING=1");
    const auto done = co_await rules_.reload();
    if (done.has_error())
        spdlog::error("the playbooks and packs were not reloaded, the old ones stay in force:\n{}",
                      done.error().what);
    else
        spdlog::info("reloaded: {} playbooks, {} packs", rules_.current()->set().playbooks.size(),
                     rules_.packs()->packs.size());
    tell_of_packs();
    events_.tell_status();
    const auto stages = co_await stages_.reload();
    if (stages.has_error())
        spdlog::error("the stages were not reloaded, the old ones stay in force:\n{}", stages.error().what);
    if (done.has_value())
        for (auto& a : accounts_)
            rest_.spawn("judge again " + a.config.id,
                        judge_again_with_packs(a, *store_, live_, rules_, house_));
    ::sd_notify(0, "READY=1");
    if (done.has_error()) co_return done.error();
    co_return stages;
}

/// Once, when it begins and when it ends: nothing is sent there.
void app::tell_of_packs() {
    for (const auto& a : accounts_) {
        auto trouble = packs_trouble(*rules_.packs(), a.config.platform);
        auto& told = told_[a.config.platform];
        if (told == trouble) continue;
        if (trouble.empty())
            spdlog::info("{}: its packs are in force again", a.config.platform);
        else
            spdlog::error("{}: nothing is sent: {}", a.config.platform, trouble);
        told = std::move(trouble);
    }
}

/// Packs expire while we run. And a start may find mended what denied before the stop.
awaitable<void> app::watch_packs() {
    for (auto& a : accounts_)
        rest_.spawn("judge again " + a.config.id, judge_again_with_packs(a, *store_, live_, rules_, house_));
    for (;;) {
        tell_of_packs();
        co_await sleep_for(std::chrono::minutes{1});
    }
}

awaitable<void> app::listen_to_signals() {
    for (;;) {
        const auto [ec, number] = co_await signals_.async_wait(as_tuple);
        if (ec) co_return;
        if (number == SIGHUP) {
            co_await reload();
            continue;
        }
        spdlog::info("stopping");
        signals_.clear();  // a second Ctrl-C ends the process the hard way
        ::signal(SIGINT, SIG_DFL);
        ::signal(SIGTERM, SIG_DFL);
        stopping_.ring();
        co_return;
    }
}

/// Fed only while both the I/O thread and the store's thread answer.
awaitable<void> app::feed_watchdog() {
    std::uint64_t micros = 0;
    if (::sd_watchdog_enabled(0, &micros) <= 0) co_return;
    for (;;) {
        co_await store_->setting("watchdog");  // an answer is life, also one that tells of a full disk
        ::sd_notify(0, "WATCHDOG=1");
        co_await sleep_for(std::chrono::microseconds(micros / 3));
    }
}

/// In the direction of the data: nothing new is heard, then nothing new judged, then the replies under way
/// end.
awaitable<void> app::stop_all() {
    ::sd_notify(0, "STOPPING=1");
    links_.emit();
    co_await links_.wait();
    std::vector<std::string> ids;
    for (const auto& a : accounts_) ids.push_back(a.config.id);
    co_await store_->stats().still(std::move(ids), now());
    judges_.emit();
    co_await judges_.wait();
    relations_.emit();
    co_await relations_.wait();
    for (auto& o : outboxes_) o.stop();
    const auto in_time = co_await with_timeout(senders_.wait(), config_.stop_grace);
    if (in_time.has_error()) {
        spdlog::warn("a reply under way has no outcome yet: it is looked up at the next start");
        senders_.emit();
        co_await senders_.wait();
    }
    co_await stop_digests();
    co_await server_->stop(std::chrono::seconds{2});
    rest_.emit();
    spdlog::info("stopped");
}

}  // namespace kith
