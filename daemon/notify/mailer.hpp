/// Mails people what they want to hear of the queue: each thing once, gathered, and again with backoff until
/// the mail server takes it. A mail that may have arrived is not sent twice.
#pragma once

#include "daemon/async/bell.hpp"
#include "daemon/digest/send.hpp"
#include "daemon/ingest/account.hpp"
#include "daemon/model/user.hpp"
#include "daemon/notify/notice_mail.hpp"
#include "daemon/store/store.hpp"

#include <deque>
#include <functional>
#include <map>

namespace kith {

/// What a mailer is told of the house.
struct mailing_house {
    std::string name, language, zone;
    std::string console;  ///< "https://kith.example.com/console"
};

/// Lives on one executor; what it refers to outlives it.
class mailer {
 public:
    using people_source = std::function<std::vector<user>()>;
    using departments_source = std::function<std::vector<department_config>()>;

    mailer(asio::any_io_executor executor, mailing_house house, kith::store& s,
           const std::deque<account>& accounts, people_source people, departments_source departments,
           digest_sender& post);

    /// Notes what is new at `at`, and mails whoever has something due. A failure is the store's.
    awaitable<result<void>> step(timestamp at);
    /// Runs until `stop` or a cancellation.
    awaitable<void> run();
    void stop();

    /// So long after a mail the same person gets no other: what happens meanwhile goes together.
    static constexpr std::chrono::minutes pause{1};
    /// A day's summary is due then, where the house is.
    static constexpr std::chrono::hours summary_at{8};

 private:
    awaitable<result<void>> look(const user& u, timestamp at);
    awaitable<result<void>> mail(user u, timestamp at);
    awaitable<result<notices>> notices_for(const user& u, std::vector<notification> news);

    mailing_house house_;
    kith::store& store_;
    const std::deque<account>& accounts_;
    people_source people_;
    departments_source departments_;
    digest_sender& post_;
    std::map<std::int64_t, timestamp> quiet_until_;
    bell wake_;
    bool stopping_ = false;
};

/// What a mail server's answer means for what the mail told of.
notification_outcome mail_outcome(const result<void>& sent, int attempts, timestamp at);

}  // namespace kith
