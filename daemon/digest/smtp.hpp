/// One mail to one mail server, over TLS or not at all. Blocking: call it on a pool.
#pragma once

#include "daemon/config/department_config.hpp"
#include "daemon/model/error.hpp"

#include <atomic>
#include <chrono>
#include <string>

namespace kith {

struct outgoing_mail {
    std::string to;
    std::string text;  ///< of mail_text()
};

/// Failures: `transient` (nothing was taken: not reached, a certificate that is not theirs, a 4xx),
/// `refused` (a 5xx, a wrong password), `unknown` (all of it was handed over, and no word came back),
/// `canceled` (`stop` was set).
result<void> send_mail(const mail_config& server, const outgoing_mail& mail, const std::atomic<bool>& stop,
                       std::chrono::milliseconds limit = std::chrono::seconds{60});

}  // namespace kith
