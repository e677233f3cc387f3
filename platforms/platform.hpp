/// The one interface between Kith and a platform. To add one, copy platforms/loopback/ (see CONTRIBUTING.md).
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/config/yaml.hpp"
#include "daemon/model/delivery.hpp"
#include "daemon/model/error.hpp"
#include "daemon/model/house.hpp"
#include "daemon/model/message.hpp"
#include "daemon/model/text_length.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kith::net {
class http_router;
}

namespace kith {

/// Where a platform puts what it hears. Completes once all of it that must be kept is stored, cursor included
/// (a firehose message that nothing matches is not kept), so a platform that awaits each call never
/// reads faster than we can remember. A failure means that nothing of the batch was stored: end `run` with
/// it.
class inbox {
 public:
    virtual ~inbox() = default;
    virtual awaitable<result<void>> accept(batch b) = 0;
};

/// How a platform keeps a repeated send from posting twice.
enum class idempotency {
    native,     ///< the same key posts once
    chosen_id,  ///< we choose the new message's id; an occupied id is never written again
    read_back,  ///< look for it, after the first request can no longer be under way
    none,       ///< nobody can know: a person is asked
};

/// What the policies and the console may rely on.
struct capabilities {
    bool edits = false;             ///< its messages can change after they were written
    bool deletes = false;           ///< deletions are reported
    bool threads = false;           ///< `fetch_thread` shows more than the target
    bool private_messages = false;  ///< only the contact and we see the thread
    bool profiling_allowed = true;  ///< the platform's rules let us follow a contact's stage
    kith::idempotency idempotency = idempotency::none;
    text_length (*length)(std::string_view text) = nullptr;
};

/// A durable, ordered journal that a platform may keep for an account (webchat's transcript is one).
/// Entries are never changed; an id stands in a journal at most once.
class journal {
 public:
    struct entry {
        std::int64_t number = 0;  ///< rises by at least one from entry to entry, across all topics
        std::string topic;        ///< what it belongs to: a webchat visitor
        std::string id;
        std::string body;
        timestamp at{};
    };
    virtual ~journal() = default;
    /// Durable when it completes. An id that is known already gives the entry that has it, unchanged.
    virtual awaitable<result<entry>> append(std::string topic, std::string id, std::string body) = 0;
    /// Entries after `number`, oldest first; of one topic, or of all where `topic` is empty.
    virtual awaitable<result<std::vector<entry>>> read(std::string topic, std::int64_t after,
                                                       std::size_t most) = 0;
    virtual awaitable<result<std::optional<entry>>> find(std::string id) = 0;
};

/// How much more a platform lets us do there.
struct budget_standing {
    std::string what;                  ///< "reads", "writes"
    std::optional<std::int64_t> left;  ///< in the platform's own points; nothing: it has not said
    std::optional<timestamp> full_at;  ///< when it is full again, or we are no longer held off
    bool held = false;                 ///< nothing of the kind goes out until then
};

/// Our link to one account. Lives on one executor; not thread-safe.
class platform {
 public:
    virtual ~platform() = default;
    virtual const capabilities& supports() const noexcept = 0;

    /// The path of a page of our own on which to try this account out; empty: there is none.
    virtual std::string_view demo_page() const noexcept { return {}; }

    /// Whether our account is marked as automated: asked at the start, and then every hour.
    virtual awaitable<result<automation_label>> profile() { co_return automation_label::unknown; }

    /// What is left of the platform's limits; none where it names none.
    virtual std::vector<budget_standing> budgets(timestamp) const { return {}; }

    /// Connects, resumes from `from`, reads until the link ends; completes with the reason. The supervisor
    /// calls it again, with backoff unless the reason is `unauthorised`. Cancelled (terminal) at shutdown:
    /// may then throw. Reports as a gap every interval that it cannot vouch for.
    virtual awaitable<error> run(cursor from, inbox& to) = 0;

    /// The thread of `target`: at suggestion time, and again right before a send.
    virtual awaitable<result<thread>> fetch_thread(const message& target) = 0;

    /// Fixes every byte of what will be sent, before the intent is stored. Posts nothing.
    virtual awaitable<result<prepared_reply>> prepare(const approved_reply& r,
                                                      const idempotency_key& key) = 0;

    /// Sends one approved reply. `key` and `r.prepared` are the same on each attempt. Never retries by
    /// itself.
    virtual awaitable<result<receipt>> deliver(const approved_reply& r, const idempotency_key& key) = 0;

    /// Was it posted? For an attempt whose outcome is unknown.
    virtual awaitable<result<std::optional<receipt>>> find_delivered(const approved_reply& r,
                                                                     const idempotency_key& key) = 0;
};

/// All that a platform is given. References outlive the platform.
struct platform_context {
    asio::any_io_executor executor;
    std::string account;         ///< its id in kith.yaml
    net::http_router& router;    ///< to be reached from outside: webchat, webhooks
    kith::journal& journal;      ///< this account's own
    std::string house_name;      ///< the company, as it calls itself
    std::string house_language;  ///< BCP 47
};

/// Reads an account's options (`reader` complains about each mistake at its place), then makes the link.
/// Called with `context == nullptr` by `kithd --check`: read and complain only, return null.
using platform_maker = std::unique_ptr<platform> (*)(yaml::map_reader& options,
                                                     const platform_context* context);

struct platform_entry {
    std::string_view name;  ///< as written in kith.yaml: `platform: bluesky`
    platform_maker make;
};

/// The one list: platforms/registry.cpp.
std::span<const platform_entry> platforms() noexcept;

}  // namespace kith
