#include "daemon/ingest/ingest.hpp"

#include "daemon/observe/kill_point.hpp"

#include <spdlog/spdlog.h>

namespace kith {

namespace {

/// What says nothing but where a contact stands.
bool is_of_relations(const event& e) {
    return std::holds_alternative<contact_followed>(e) || std::holds_alternative<contact_unfollowed>(e) ||
           std::holds_alternative<contact_reacted>(e);
}

}  // namespace

ingest::ingest(std::string account, store& s, live& l, bell& work, wanted_check wanted, words_in_force words,
               bool follows)
    : account_(std::move(account)),
      store_(s),
      live_(l),
      work_(work),
      wanted_(std::move(wanted)),
      words_(std::move(words)),
      follows_(follows) {}

awaitable<result<void>> ingest::accept(batch b) {
    std::erase_if(b.events, [this](const event& e) {
        const auto* m = std::get_if<message_seen>(&e);
        return (m && m->what.ours) || (!follows_ && is_of_relations(e));
    });
    for (auto& e : b.events) {
        if (std::holds_alternative<gap_noted>(e)) ++counts_.gaps;
        auto* m = std::get_if<message_seen>(&e);
        if (!m) continue;
        ++counts_.seen;
        last_event_at_ = now();
        // Not to us and wanted by no playbook: kept only if it is an edit of what we have, which may take our
        // name out; or if it answers another contact's question for us.
        m->only_if_known = !m->what.addressed && !wanted_(account_, m->what);
        m->or_if_answer = follows_;
        if (m->only_if_known) ++counts_.unwanted;
    }
    if (const auto words = words_()) b.events = with_wishes(*words, std::move(b.events));
    for (const auto& e : b.events) {
        if (std::holds_alternative<contact_opted_out>(e)) ++counts_.opted_out;
        if (const auto* g = std::get_if<gap_noted>(&e))
            spdlog::warn("{}: gap from {} to {}: {}", account_, to_rfc3339(g->from, 0), to_rfc3339(g->to, 0),
                         g->cause);
    }
    kill_point("ingest.before_store");
    auto done = co_await store_.accept(account_, std::move(b));
    if (done.has_error()) co_return done.error();
    kill_point("ingest.after_store");
    counts_.stored += done->fresh;
    counts_.known += done->known;
    live_.tell(done->changes);
    if (done->fresh > 0) work_.ring();
    co_return result<void>();
}

}  // namespace kith
