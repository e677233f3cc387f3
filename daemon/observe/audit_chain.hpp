/// The audit chain: each entry of the record is bound by a hash to all before it, so that one that is
/// changed, removed or moved is found and named. Pure; the same code checks the store's record and an
/// exported file.
///
/// An entry's hash covers its detail only by a commitment with a salt of its own. Salt and detail stand
/// elsewhere and can be erased: the chain still verifies, and nobody can guess what stood there.
#pragma once

#include "daemon/model/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kith::audit {

/// What the first entry has as its `previous`.
inline constexpr std::string_view beginning =
    "0000000000000000000000000000000000000000000000000000000000000000";

/// What stands beside an entry until it is erased.
struct erasable {
    std::string salt;
    std::string detail;
};

/// Hashes are SHA-256 as 64 hex digits.
struct entry {
    std::int64_t number = 0;  ///< from 1, without a hole
    timestamp at{};
    std::string actor;
    std::string act;
    std::int64_t message_id = 0;
    std::int64_t suggestion_id = 0;
    std::string commitment;  ///< to the detail; empty where there never was one
    std::string previous;    ///< the hash of the entry before
    std::string hash;
    std::optional<erasable> detail{};  ///< absent: erased, never there, or not shown
};

/// The end of the chain: kept elsewhere, it shows that nothing was cut off.
struct head {
    std::int64_t number = 0;  ///< 0: nothing is on record
    std::string hash{beginning};
    timestamp at{};
};

std::string random_salt();
std::string commit_to(const erasable& d);
/// Over all fields but the hash itself and the detail.
std::string hash_of(const entry& e);

/// The first thing that is wrong.
struct fault {
    std::int64_t number = 0;  ///< of the entry that it is about
    std::string what;
};

/// Is given all entries in their order, from the first.
class verifier {
 public:
    /// `known_head`: a hash that was kept elsewhere; empty: none was.
    explicit verifier(std::string known_head = {}) : known_head_(std::move(known_head)) {}

    void take(const entry& e);
    /// After the last entry.
    std::optional<fault> finish() const;

    std::int64_t entries() const noexcept { return entries_; }
    /// Entries whose detail is not there (any more), so only their hash could be checked.
    std::int64_t without_detail() const noexcept { return without_detail_; }
    const head& newest() const noexcept { return newest_; }

 private:
    std::optional<fault> wrong_with(const entry& e) const;

    std::string known_head_;
    bool known_head_seen_ = false;
    std::int64_t entries_ = 0, without_detail_ = 0;
    head newest_;
    std::optional<fault> first_;
    bool moved_ = false;  ///< the entry that belongs at the fault was found later
};

}  // namespace kith::audit
