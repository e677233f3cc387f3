/// The link store over the one thread that touches the database.
#pragma once

#include "daemon/store/sqlite/links.hpp"
#include "daemon/store/sqlite/worker.hpp"

namespace kith::sqlite {

class sqlite_link_store final : public link_store {
 public:
    explicit sqlite_link_store(worker& w) : worker_(w) {}

    awaitable<result<>> make(std::string token_hash, approval_link l) override {
        return worker_.call<void>([token_hash = std::move(token_hash), l = std::move(l)](database& db) {
            make_link(db, token_hash, l);
        });
    }
    awaitable<result<approval_link>> find(std::string token_hash, timestamp at) override {
        return worker_.call<approval_link>(
            [token_hash = std::move(token_hash), at](database& db) { return find_link(db, token_hash, at); });
    }
    awaitable<result<approval_link>> use(std::string token_hash, timestamp at) override {
        return worker_.call<approval_link>(
            [token_hash = std::move(token_hash), at](database& db) { return use_link(db, token_hash, at); });
    }
    awaitable<result<>> give_back(std::string token_hash) override {
        return worker_.call<void>(
            [token_hash = std::move(token_hash)](database& db) { give_back_link(db, token_hash); });
    }

 private:
    worker& worker_;
};

}  // namespace kith::sqlite
