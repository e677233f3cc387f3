/// Opt-outs as plain functions over one connection, inside a transaction that the caller began. `opted_out`
/// is the one place that knows whether a contact asked us to stop.
#pragma once

#include "daemon/store/opt_out_store.hpp"
#include "daemon/store/sqlite/tables.hpp"
#include "daemon/store/sqlite/worker.hpp"

namespace kith::sqlite {

/// Did this contact ask us to stop, and has not asked otherwise since?
bool opted_out(database& db, std::int64_t contact);

/// How, for people: "the contact asked us to stop", "the contact blocked us"; empty if nothing is in force.
std::string why_opted_out(database& db, std::int64_t contact);

/// All of the contact that this identity belongs to: whoever asks on one platform asks everywhere.
std::vector<std::int64_t> identities_of(database& db, std::int64_t identity);

/// How a contact asked.
struct asked {
    std::string_view how;
    timestamp at{};
    std::int64_t message_id = 0;  ///< 0: not in a message
    std::string words{};          ///< for the trace of the message
    std::string language{};
    std::string by = "kith";
    std::string reason{};
};

/// Notes it, and withdraws all that waits for the contact. A second block or report while the first is in
/// force is not noted again.
void opt_out_contact(database& db, std::int64_t contact, const asked& how, timestamp at, changes& out);

/// Before a contact is forgotten: what is in force for one of their identities, and so for the person, is
/// noted for each. Afterwards nothing says that they were one.
void keep_opted_out(database& db, std::int64_t contact, timestamp at);

/// The contact says that we may write again: lifts what they asked for before `asked_at`.
void opt_in_contact(database& db, std::int64_t contact, std::int64_t message_id, timestamp asked_at,
                    timestamp at);

std::vector<opt_out> list_opt_outs(database& db, const opt_out_filter& f);
opt_out read_opt_out(database& db, std::int64_t id);
opt_out_done add_opt_out(database& db, const std::string& account, const std::string& contact,
                         const std::string& reason, const std::string& by, timestamp at);
opt_out lift_opt_out(database& db, std::int64_t id, const std::string& reason, const std::string& by,
                     timestamp at);

class sqlite_opt_out_store final : public opt_out_store {
 public:
    explicit sqlite_opt_out_store(worker& w) : worker_(w) {}
    awaitable<result<std::vector<opt_out>>> list(opt_out_filter f) override;
    awaitable<result<opt_out>> find(std::int64_t id) override;
    awaitable<result<opt_out_done>> add(std::string account, std::string contact, std::string reason,
                                        std::string by) override;
    awaitable<result<opt_out>> lift(std::int64_t id, std::string reason, std::string by) override;

 private:
    worker& worker_;
};

}  // namespace kith::sqlite
