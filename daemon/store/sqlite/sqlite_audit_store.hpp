/// The audit chain's part of the SQLite store.
#pragma once

#include "daemon/store/audit_store.hpp"
#include "daemon/store/sqlite/audit.hpp"
#include "daemon/store/sqlite/worker.hpp"

namespace kith::sqlite {

class sqlite_audit_store final : public audit_store {
 public:
    explicit sqlite_audit_store(worker& w) : worker_(w) {}

    awaitable<result<std::vector<audit::entry>>> entries(std::int64_t after, std::size_t most,
                                                         bool with_details) override {
        return worker_.call<std::vector<audit::entry>>([after, most, with_details](database& db) {
            return record_entries(db, after, most, with_details);
        });
    }
    awaitable<result<std::vector<audit::entry>>> find(audit_filter f) override {
        return worker_.call<std::vector<audit::entry>>(
            [f = std::move(f)](database& db) { return find_entries(db, f); });
    }
    awaitable<result<audit::head>> head() override {
        return worker_.call<audit::head>([](database& db) { return record_head(db); });
    }
    awaitable<result<>> shown(std::int64_t suggestion_id, std::int64_t version, std::string by) override {
        return worker_.call<void>([suggestion_id, version, by = std::move(by)](database& db) {
            note_shown(db, suggestion_id, version, by, now());
        });
    }

 private:
    worker& worker_;
};

}  // namespace kith::sqlite
