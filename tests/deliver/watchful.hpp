/// What the house may want, in the plainest words, and a platform that holds every post against it.
#pragma once

#include "daemon/model/time.hpp"
#include "platforms/platform.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace kith::test {

inline const timestamp noon = from_rfc3339("2026-11-23T12:00:00Z").value();

/// What the house may want at a time: written as a pack, and told here once more in the plainest way.
struct regime {
    std::string rules;
    std::string forbidden;  ///< a word that no reply may hold
    bool nothing = false;   ///< nobody may be answered
    bool by_day_only = false;
    const char* expires = "2026-12-31";

    bool lets(const std::string& text, timestamp at) const {
        const auto end = from_rfc3339(std::string(expires) + "T23:59:59.999999Z").value();
        const auto hour =
            std::chrono::duration_cast<std::chrono::hours>(at - std::chrono::floor<std::chrono::days>(at))
                .count();
        if (nothing || at > end) return false;
        if (!forbidden.empty() && text.find(forbidden) != std::string::npos) return false;
        return !by_day_only || (hour >= 8 && hour < 21);
    }
};

inline const std::string source = "    source: house\n    date: 2026-11-23\n    why: because\n";
inline const std::vector<regime> regimes = {
    {"", "", false, false},
    {"  - id: a\n    reply_says: {topics: promotion}\n" + source, "buy now", false, false},
    {"  - id: b\n    any_reply: {}\n    only: {kinds: [help]}\n" + source, "", true, false},
    {"  - id: c\n    quiet_hours: {from: '21:00', to: '08:00', zone: house}\n" + source, "", false, true},
    {"", "", false, false, "2026-11-23"},
};

/// Holds the messages, and what was posted in answer. Looks at each post as it comes.
class watchful final : public platform {
 public:
    std::map<std::string, message> messages;
    std::set<std::string> approved;             ///< target, its revision, text
    std::map<std::string, std::string> posted;  ///< key → text
    std::map<std::string, int> answers;         ///< target → how many
    regime now_in_force;
    bool silent = false;  ///< takes a post and never says so
    std::vector<std::string> wrong;

    static std::string yes(const std::string& target, const std::string& revision, const std::string& text) {
        return target + "@" + revision + ": " + text;
    }
    const capabilities& supports() const noexcept override {
        static const capabilities all = [] {
            capabilities c;
            c.idempotency = idempotency::native;
            c.length = [](std::string_view t) { return text_length{t.size(), 500, "bytes"}; };
            return c;
        }();
        return all;
    }
    awaitable<error> run(cursor, inbox&) override { co_return fail(errc::canceled, "not used"); }
    awaitable<result<thread>> fetch_thread(const message& target) override {
        thread t;
        if (const auto found = messages.find(target.native_id); found != messages.end()) {
            t.messages = {found->second};
            t.target_revision = found->second.revision;
            t.tail = target.native_id;
        }
        co_return t;
    }
    awaitable<result<prepared_reply>> prepare(const approved_reply& r, const idempotency_key&) override {
        prepared_reply p;
        p.bytes = r.text;
        co_return p;
    }
    awaitable<result<receipt>> deliver(const approved_reply& r, const idempotency_key& key) override {
        look_at(r);
        if (posted.emplace(key.value, r.prepared).second) ++answers[r.target.native_id];
        if (silent) co_return fail(errc::unknown, "no answer");
        co_return receipt{"r-" + key.value, "", now()};
    }
    awaitable<result<std::optional<receipt>>> find_delivered(const approved_reply&,
                                                             const idempotency_key& key) override {
        if (!posted.contains(key.value)) co_return std::optional<receipt>();
        co_return std::optional<receipt>(receipt{"r-" + key.value, "", now()});
    }

 private:
    void look_at(const approved_reply& r) {
        const auto found = messages.find(r.target.native_id);
        if (found == messages.end()) return wrong.push_back("to a message that is gone: " + r.prepared);
        if (!approved.contains(yes(r.target.native_id, found->second.revision, r.prepared)))
            wrong.push_back("not approved: " + r.prepared);
        if (!now_in_force.lets(r.prepared, now())) wrong.push_back("denied: " + r.prepared);
        if (answers[r.target.native_id] > 0 && !posted_for(r)) wrong.push_back("twice: " + r.prepared);
    }
    bool posted_for(const approved_reply& r) const {
        return std::any_of(posted.begin(), posted.end(),
                           [&](const auto& p) { return p.second == r.prepared; });
    }
};

}  // namespace kith::test
