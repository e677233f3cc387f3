/// A database in memory with a clock of its own: what people decide on messages, call by call.
#pragma once

#include "daemon/store/sqlite/audit.hpp"
#include "daemon/store/sqlite/brakes.hpp"
#include "daemon/store/sqlite/tables.hpp"
#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

namespace kith::test {

class decisions : public ::testing::Test {
 protected:
    void SetUp() override { sqlite::migrate(db); }

    timestamp next() { return at += std::chrono::seconds{1}; }
    stored_message receive(const std::string& id, const std::string& author = "ann") {
        sqlite::accept(db, "acc", batch_of(message_seen{sample_message(id, "how do I?", author)}), next());
        return sqlite::read_message(db, sqlite::message_number(db, id));
    }
    /// The suggestion's number; 0 if none was made.
    std::int64_t suggest(const stored_message& m, decision says = decision::allow,
                         const std::string& playbook = "sign-in-trouble") {
        auto s = sample_suggestion(m);
        s.basis.playbook = playbook;
        s.verdict.decision = says;
        s.basis.verdict = s.verdict.digest();
        judged_message j;
        j.message_id = m.id;
        j.revision = m.what.revision;
        j.trace = "{}";
        j.suggestions = {std::move(s)};
        const auto made = sqlite::judge(db, j, next());
        return made.empty() ? 0 : made[0].suggestion_id;
    }
    std::int64_t suggest(const std::string& message) { return suggest(receive(message)); }
    suggestion find(std::int64_t id) { return sqlite::read_suggestion(db, id); }
    sqlite::changes approve(std::int64_t id, const std::string& by = "ann") {
        return sqlite::approve(db, id, find(id).hash, by, next());
    }
    void reject(std::int64_t id, const std::string& reason = "no") {
        sqlite::reject(db, id, find(id).version, reason, "ann", next());
    }
    std::vector<delivery> due() { return sqlite::due_deliveries(db, "acc", at + std::chrono::hours{1}, 10); }
    void begin(const delivery& d) { sqlite::begin_attempt(db, d.id, prepared_reply{"bytes", ""}, next()); }
    /// From the approval to the receipt.
    void post(std::int64_t id) {
        approve(id);
        const auto d = due().at(0);
        begin(d);
        outcome o;
        o.is = outcome::kind::delivered;
        o.receipt = receipt{"r" + std::to_string(id), "", at};
        sqlite::end_attempt(db, d.id, o, next());
    }
    std::vector<std::string> acts() {
        std::vector<std::string> out;
        for (const auto& e : sqlite::record_entries(db, 0, 1000, false)) out.push_back(e.actor + " " + e.act);
        return out;
    }
    /// What a failed call says; empty if it did not fail.
    template <class F>
    std::string said(F call) {
        try {
            call();
        } catch (const failure& e) {
            return e.what();
        }
        return {};
    }

    sqlite::database db{":memory:"};
    timestamp at = from_micros(1'790'000'000'000'000);
};

}  // namespace kith::test
