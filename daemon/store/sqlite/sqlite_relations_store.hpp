/// The ledger's interface over the store's one thread.
#pragma once

#include "daemon/store/relations_store.hpp"
#include "daemon/store/sqlite/worker.hpp"

namespace kith::sqlite {

class sqlite_relations_store final : public relations_store {
 public:
    explicit sqlite_relations_store(worker& w) : worker_(w) {}

    awaitable<result<std::vector<relation_news>>> unread(std::size_t most) override;
    awaitable<result<>> learn(std::vector<learned> what, rules_in_force rules) override;
    awaitable<result<std::int64_t>> decay(rules_in_force rules, std::size_t most) override;
    awaitable<result<>> rules_are(std::string revision) override;
    awaitable<result<>> stop_following(std::string account) override;
    awaitable<result<std::vector<known_contact>>> contacts(contact_filter f) override;
    awaitable<result<std::int64_t>> contact_number(std::string name,
                                                   std::vector<std::string> accounts = {}) override;
    awaitable<result<shown_path>> contact(std::int64_t number) override;
    awaitable<result<contact_export>> export_contact(std::int64_t number) override;
    awaitable<result<>> merge(std::int64_t into, std::int64_t other, std::string reason, std::string by,
                              rules_in_force rules) override;
    awaitable<result<>> split(std::int64_t identity, std::string reason, std::string by,
                              rules_in_force rules) override;
    awaitable<result<>> set_zone(std::int64_t number, std::string zone, std::string by) override;
    awaitable<result<forgotten_contact>> forget(std::int64_t number, std::string by) override;
    awaitable<result<bool>> scrub() override;

 private:
    worker& worker_;
};

}  // namespace kith::sqlite
