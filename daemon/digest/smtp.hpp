/// One mail to one mail server, over TLS or not at all. Blocking: call it on a pool.
#pragma once

#include "daemon/config/department_config.hpp"
#include "daemon/model/error.hpp"

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

namespace kith {

struct outgoing_mail {
    std::string to;
    std::string text;  ///< of mail_text()
};

/// Ends mails under way, from another thread. While it waits for a server's last word libcurl asks nobody
/// whether to go on, so the connection itself is cut.
class mail_stop {
 public:
    void stop() noexcept;
    bool stopped() const noexcept;
    /// A connection is open, or about to be closed. There may be two while IPv4 and IPv6 race.
    void opened(int socket);
    void closing(int socket) noexcept;

 private:
    mutable std::mutex mutex_;
    std::vector<int> sockets_;
    bool stopped_ = false;
};

/// Failures: `transient` (nothing was taken: not reached, a certificate that is not theirs, a 4xx),
/// `refused` (a 5xx, a wrong password), `unknown` (all of it was handed over, and no word came back),
/// `canceled` (it was stopped). One at a time for one `stop`.
result<void> send_mail(const mail_config& server, const outgoing_mail& mail, mail_stop& stop,
                       std::chrono::milliseconds limit = std::chrono::seconds{60});

}  // namespace kith
