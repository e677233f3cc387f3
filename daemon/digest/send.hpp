/// How a digest leaves the house: as a file, a mail or a call to a webhook.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/config/department_config.hpp"
#include "daemon/digest/facts.hpp"
#include "daemon/digest/mail_text.hpp"

#include <memory>

namespace kith {

class digest_sender {
 public:
    virtual ~digest_sender() = default;

    /// `key` names this digest, the same on each attempt. Failures: `transient` (it did not arrive: again
    /// later), `refused` (final), `unknown` (it may have arrived), `canceled` (we are stopping).
    virtual awaitable<result<void>> send(digest_target to, digest_facts what, std::string key) = 0;

    /// A mail of other content, through the same server; `from` and the end of the id are filled in. The same
    /// failures.
    virtual awaitable<result<void>> mail(mail_parts what) = 0;

    /// Ends what is under way, and sends nothing more. A mail under way ends within a second.
    virtual void stop() noexcept = 0;
};

/// Whether the same digest may be given twice: a file is replaced by its like, and a webhook is told the key.
/// A mail would be read twice.
constexpr bool may_repeat(digest_target::kind k) noexcept {
    return k != digest_target::kind::email;
}

/// `extra_ca_file` (PEM) for webhooks is the mail server's.
std::unique_ptr<digest_sender> make_digest_sender(asio::any_io_executor executor, mail_config mail);

// ---- the pure parts of it

/// The path with {date} filled in: the day on which the digest was due, where the department is.
std::string file_of(const digest_target& to, const digest_facts& what);
/// By the ending: .html, .json, else plain text.
std::string file_text(const std::string& path, const digest_facts& what);
/// "sha256=" and the HMAC-SHA256 of the body in hex: the value of Kith-Signature.
std::string signature_of(const std::string& secret, const std::string& body);

}  // namespace kith
