#include "daemon/store/sqlite/canary_store.hpp"
#include "daemon/store/sqlite/customer_store.hpp"
#include "daemon/store/sqlite/idempotency.hpp"
#include "daemon/store/sqlite/opt_outs.hpp"
#include "daemon/store/sqlite/sqlite_audit_store.hpp"
#include "daemon/store/sqlite/sqlite_brake_store.hpp"
#include "daemon/store/sqlite/sqlite_department_store.hpp"
#include "daemon/store/sqlite/sqlite_digest_store.hpp"
#include "daemon/store/sqlite/sqlite_link_store.hpp"
#include "daemon/store/sqlite/sqlite_notify_store.hpp"
#include "daemon/store/sqlite/sqlite_people_store.hpp"
#include "daemon/store/sqlite/sqlite_queue_store.hpp"
#include "daemon/store/sqlite/sqlite_relations_store.hpp"
#include "daemon/store/sqlite/sqlite_stats_store.hpp"
#include "daemon/store/sqlite/standing.hpp"
#include "daemon/store/sqlite/tables.hpp"
#include "daemon/store/sqlite/worker.hpp"
#include "daemon/store/store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>

namespace kith {

namespace sqlite {
namespace {

/// Held as long as the store is open: two daemons on one database would each send what the other sends.
class only_one {
 public:
    explicit only_one(const std::string& path)
        : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
        if (file_ < 0)
            throw failure(fail(errc::invalid, "cannot write " + path + ": is the state folder ours?"));
        if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
            ::close(file_);
            throw failure(
                fail(errc::conflict, "another kithd uses this state folder (" + path + " is locked)"));
        }
    }
    ~only_one() { ::close(file_); }
    only_one(const only_one&) = delete;
    only_one& operator=(const only_one&) = delete;

 private:
    int file_;
};

journal_entry read_entry(const rows& r) {
    return {r.number(0), r.text(1), r.text(2), r.text(3), r.time(4)};
}

std::optional<journal_entry> find_entry(database& db, const std::string& account, const std::string& id) {
    auto r =
        db.query("SELECT number, topic, id, body, at FROM journal WHERE account = ? AND id = ?", account, id);
    if (!r.next()) return std::nullopt;
    return read_entry(r);
}

class sqlite_store final : public store {
 public:
    sqlite_store(const std::string& folder)
        : lock_(folder + "/kith.lock"), worker_(open(folder + "/kith.db")), relations_(worker_) {}

    awaitable<result<accepted>> accept(std::string account, batch b) override {
        return worker_.call<accepted>([account = std::move(account), b = std::move(b)](database& db) {
            return sqlite::accept(db, account, b, now());
        });
    }
    awaitable<result<account_memory>> remembered(std::string account) override {
        return worker_.call<account_memory>(
            [account = std::move(account)](database& db) { return sqlite::remembered(db, account); });
    }
    awaitable<result<std::vector<stored_message>>> unjudged(std::string account, timestamp at,
                                                            std::size_t most) override {
        return worker_.call<std::vector<stored_message>>(
            [account = std::move(account), at, most](database& db) {
                return sqlite::unjudged(db, account, at, most);
            });
    }
    awaitable<result<>> put_off(std::int64_t id, timestamp at) override {
        return worker_.call<void>([id, at](database& db) { sqlite::put_off(db, id, at); });
    }
    awaitable<result<changes>> judge(judged_message j) override {
        return worker_.call<changes>(
            [j = std::move(j)](database& db) { return sqlite::judge(db, j, now()); });
    }
    awaitable<result<changes>> judge_again(std::string account, std::string mended) override {
        return worker_.call<changes>(
            [account = std::move(account), mended = std::move(mended)](database& db) {
                return sqlite::judge_again(db, account, mended, now());
            });
    }
    awaitable<result<changes>> rejudge(std::int64_t id, std::int64_t version, verdict v) override {
        return worker_.call<changes>([id, version, v = std::move(v)](database& db) {
            return sqlite::rejudge(db, id, version, v, now());
        });
    }
    awaitable<result<kith::standing>> standing(std::int64_t message_id, std::int64_t except,
                                               wanted_counts wanted, timestamp at) override {
        return worker_.call<kith::standing>(
            [message_id, except, wanted = std::move(wanted), at](database& db) {
                return standing_of(db, message_id, except, wanted, at);
            });
    }
    awaitable<result<std::vector<suggestion>>> open_beside(std::int64_t message_id) override {
        return worker_.call<std::vector<suggestion>>(
            [message_id](database& db) { return sqlite::open_beside(db, message_id); });
    }
    awaitable<result<changes>> rebind(std::int64_t id, std::string thread_tail,
                                      std::vector<thread_line> thread,
                                      std::optional<timestamp> until) override {
        return worker_.call<changes>(
            [id, thread_tail = std::move(thread_tail), thread = std::move(thread), until](database& db) {
                return sqlite::rebind(db, id, thread_tail, thread, until, now());
            });
    }
    awaitable<result<std::vector<suggestion>>> suggestions(suggestion_filter f) override {
        return worker_.call<std::vector<suggestion>>(
            [f = std::move(f)](database& db) { return sqlite::suggestions(db, f); });
    }
    awaitable<result<suggestion>> find_suggestion(std::int64_t id) override {
        return worker_.call<suggestion>([id](database& db) { return read_suggestion(db, id); });
    }
    awaitable<result<stored_message>> find_message(std::int64_t id) override {
        return worker_.call<stored_message>([id](database& db) { return read_message(db, id); });
    }
    awaitable<result<std::int64_t>> message_number(std::string name) override {
        return worker_.call<std::int64_t>(
            [name = std::move(name)](database& db) { return sqlite::message_number(db, name); });
    }
    awaitable<result<queue_counts>> counts() override {
        return worker_.call<queue_counts>([](database& db) { return sqlite::counts(db); });
    }
    awaitable<result<suggestion>> edit(std::int64_t id, std::int64_t version, std::string text, verdict v,
                                       std::string by) override {
        return worker_.call<suggestion>(
            [id, version, text = std::move(text), v = std::move(v), by = std::move(by)](database& db) {
                return sqlite::edit(db, id, version, text, v, by, now());
            });
    }
    awaitable<result<changes>> approve(std::int64_t id, std::string hash, std::string by) override {
        return worker_.call<changes>([id, hash = std::move(hash), by = std::move(by)](database& db) {
            return sqlite::approve(db, id, hash, by, now());
        });
    }
    awaitable<result<changes>> reject(std::int64_t id, std::int64_t version, std::string reason,
                                      std::string by) override {
        return worker_.call<changes>(
            [id, version, reason = std::move(reason), by = std::move(by)](database& db) {
                return sqlite::reject(db, id, version, reason, by, now());
            });
    }
    awaitable<result<changes>> settle(std::int64_t id, std::int64_t version, bool posted,
                                      std::string by) override {
        return worker_.call<changes>([id, version, posted, by = std::move(by)](database& db) {
            return sqlite::settle(db, id, version, posted, by, now());
        });
    }
    awaitable<result<std::vector<delivery>>> due_deliveries(std::string account, timestamp at,
                                                            std::size_t most) override {
        return worker_.call<std::vector<delivery>>([account = std::move(account), at, most](database& db) {
            return sqlite::due_deliveries(db, account, at, most);
        });
    }
    awaitable<result<changes>> give_back(std::int64_t id, approval_basis basis, verdict v,
                                         std::vector<thread_line> thread,
                                         std::vector<std::string> changed) override {
        return worker_.call<changes>([id, basis = std::move(basis), v = std::move(v),
                                      thread = std::move(thread),
                                      changed = std::move(changed)](database& db) {
            return sqlite::give_back(db, id, basis, v, thread, changed, now());
        });
    }
    awaitable<result<changes>> withdraw(std::int64_t id, std::string why) override {
        return worker_.call<changes>(
            [id, why = std::move(why)](database& db) { return sqlite::withdraw(db, id, why, now()); });
    }
    awaitable<result<changes>> begin_attempt(std::int64_t id, prepared_reply prepared,
                                             std::vector<room> under) override {
        return worker_.call<changes>(
            [id, prepared = std::move(prepared), under = std::move(under)](database& db) {
                return sqlite::begin_attempt(db, id, prepared, now(), under);
            });
    }
    awaitable<result<changes>> end_attempt(std::int64_t id, outcome o) override {
        return worker_.call<changes>(
            [id, o = std::move(o)](database& db) { return sqlite::end_attempt(db, id, o, now()); });
    }
    awaitable<result<>> postpone(std::int64_t id, timestamp at, std::string why) override {
        return worker_.call<void>(
            [id, at, why = std::move(why)](database& db) { sqlite::postpone(db, id, at, why); });
    }
    opt_out_store& opt_outs() override { return opt_outs_; }
    awaitable<result<message_history>> history(std::int64_t id) override {
        return worker_.call<message_history>([id](database& db) { return sqlite::history(db, id); });
    }
    audit_store& audit() override { return audit_; }
    brake_store& brakes() override { return brakes_; }
    awaitable<result<journal_entry>> journal_append(std::string account, std::string topic, std::string id,
                                                    std::string body) override {
        return worker_.call<journal_entry>([account = std::move(account), topic = std::move(topic),
                                            id = std::move(id), body = std::move(body)](database& db) {
            db.run(
                "INSERT INTO journal (account, topic, id, body, at) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (account, id) DO NOTHING",
                account, topic, id, body, now());
            return find_entry(db, account, id).value();
        });
    }
    awaitable<result<std::vector<journal_entry>>> journal_read(std::string account, std::string topic,
                                                               std::int64_t after,
                                                               std::size_t most) override {
        return worker_.call<std::vector<journal_entry>>(
            [account = std::move(account), topic = std::move(topic), after, most](database& db) {
                std::vector<journal_entry> out;
                const auto limit = static_cast<std::int64_t>(most);
                auto r = topic.empty()
                             ? db.query(
                                   "SELECT number, topic, id, body, at FROM journal WHERE account = ?"
                                   " AND number > ? ORDER BY number LIMIT ?",
                                   account, after, limit)
                             : db.query(
                                   "SELECT number, topic, id, body, at FROM journal WHERE account = ? AND"
                                   " number > ? AND topic = ? ORDER BY number LIMIT ?",
                                   account, after, topic, limit);
                while (r.next()) out.push_back(read_entry(r));
                return out;
            });
    }
    awaitable<result<std::optional<journal_entry>>> journal_find(std::string account,
                                                                 std::string id) override {
        return worker_.call<std::optional<journal_entry>>(
            [account = std::move(account), id = std::move(id)](database& db) {
                return find_entry(db, account, id);
            });
    }
    awaitable<result<std::string>> setting(std::string name) override {
        return worker_.call<std::string>([name = std::move(name)](database& db) {
            auto r = db.query("SELECT value FROM settings WHERE name = ?", name);
            return r.next() ? r.text(0) : std::string{};
        });
    }
    awaitable<result<>> set(std::string name, std::string value) override {
        return worker_.call<void>([name = std::move(name), value = std::move(value)](database& db) {
            db.run(
                "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = "
                "?2",
                name, value);
        });
    }
    relations_store& relations() override { return relations_; }
    department_store& departments() override { return departments_; }
    digest_store& digests() override { return digests_; }

    customer_store& customers() override { return customers_; }
    canary_store& canaries() override { return canaries_; }
    idempotency_store& idempotency() override { return idempotency_; }
    people_store& people() override { return people_; }
    stats_store& stats() override { return stats_; }
    link_store& links() override { return links_; }
    notify_store& notifications() override { return notifications_; }
    queue_store& queue() override { return queue_; }

 private:
    static std::unique_ptr<database> open(const std::string& path) {
        auto db = std::make_unique<database>(path);
        migrate(*db);
        give_up_running_writes(*db);
        return db;
    }

    only_one lock_;
    worker worker_;
    sqlite_relations_store relations_;
    sqlite_audit_store audit_{worker_};
    sqlite_brake_store brakes_{worker_};
    sqlite_department_store departments_{worker_};
    sqlite_digest_store digests_{worker_};
    sqlite_opt_out_store opt_outs_{worker_};
    sqlite_customer_store customers_{worker_};
    sqlite_canary_store canaries_{worker_};
    sqlite_idempotency_store idempotency_{worker_};
    sqlite_people_store people_{worker_};
    sqlite_stats_store stats_{worker_};
    sqlite_link_store links_{worker_};
    sqlite_notify_store notifications_{worker_};
    sqlite_queue_store queue_{worker_};
};

}  // namespace
}  // namespace sqlite

std::unique_ptr<store> open_sqlite(const std::string& folder) {
    std::error_code ec;
    std::filesystem::create_directories(folder, ec);
    if (ec)
        throw failure(fail(errc::invalid, "cannot make the state folder " + folder + ": " + ec.message()));
    return std::make_unique<sqlite::sqlite_store>(folder);
}

}  // namespace kith
