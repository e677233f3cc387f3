/// Sends the head of the audit chain off this host, so that somebody who rules over the host cannot cut off
/// the chain's end unseen.
#pragma once

#include "daemon/net/http_client.hpp"
#include "daemon/observe/ship_config.hpp"
#include "daemon/store/audit_store.hpp"

#include <boost/asio/thread_pool.hpp>

#include <memory>
#include <optional>
#include <string>

namespace kith {

/// What `kith status` tells.
struct shipping {
    audit::head last;
    std::optional<timestamp> shipped_at;
    std::int64_t failures = 0;  ///< since the last that succeeded
    std::string error;          ///< of the last failure; empty after a success
};

class head_shipper {
 public:
    head_shipper(audit_store& record, ship_config to, asio::any_io_executor executor);

    /// At the start and then every so often until cancelled; after a failure sooner. Ends at once where
    /// nothing is to be shipped.
    awaitable<void> run();
    /// Once, now.
    awaitable<result<void>> ship();

    const shipping& status() const noexcept { return status_; }
    const ship_config& to() const noexcept { return to_; }

 private:
    awaitable<result<void>> send(std::string line);

    audit_store& record_;
    ship_config to_;
    shipping status_;
    std::unique_ptr<net::http_client> http_;
    asio::thread_pool pool_{1};  ///< for the file: a share may hang
};

}  // namespace kith
