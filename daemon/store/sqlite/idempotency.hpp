/// Keys of writes as plain functions over one connection; manners as in tables.hpp.
#pragma once

#include "daemon/store/idempotency_store.hpp"
#include "daemon/store/sqlite/worker.hpp"

namespace kith::sqlite {

/// What an earlier process began and did not end: nobody knows what became of it.
void give_up_running_writes(database& db);
/// Answers may hold a contact's words: those of all that was done, or is being done, go.
void forget_kept_answers(database& db);

class sqlite_idempotency_store final : public idempotency_store {
 public:
    explicit sqlite_idempotency_store(worker& w) : worker_(w) {}
    awaitable<result<begun_write>> begin(std::string person, std::string key, std::string request,
                                         timestamp at) override;
    awaitable<result<>> end(std::string person, std::string key, kept_answer answer) override;
    awaitable<result<>> end_without_answer(std::string person, std::string key) override;
    awaitable<result<>> take_back(std::string person, std::string key) override;

 private:
    worker& worker_;
};

}  // namespace kith::sqlite
