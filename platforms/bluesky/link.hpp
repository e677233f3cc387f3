/// The link to one account: everything of this folder, put together.
#pragma once

#include "platforms/bluesky/firehose.hpp"
#include "platforms/bluesky/notifications.hpp"
#include "platforms/bluesky/options.hpp"
#include "platforms/bluesky/post.hpp"

namespace kith::bluesky {

/// What the link reaches the world through; tests put their own in.
struct outside {
    asio::any_io_executor executor;
    std::unique_ptr<net::http_client> http;
    connector connect;
    std::string house_language;
};

class link final : public platform {
 public:
    link(options o, outside through);

    const capabilities& supports() const noexcept override;
    awaitable<result<automation_label>> profile() override;
    std::vector<budget_standing> budgets(timestamp at) const override { return xrpc_.budgets(at); }
    awaitable<error> run(cursor from, inbox& to) override;
    awaitable<result<thread>> fetch_thread(const message& target) override;
    awaitable<result<prepared_reply>> prepare(const approved_reply& r, const idempotency_key& key) override;
    awaitable<result<receipt>> deliver(const approved_reply& r, const idempotency_key& key) override;
    awaitable<result<std::optional<receipt>>> find_delivered(const approved_reply& r,
                                                             const idempotency_key& key) override;

 private:
    viewpoint we() const { return {session_.did(), options_.web}; }
    awaitable<error> follow(firehose& stream, notifications& polled, reporter& out);
    awaitable<result<std::optional<std::string>>> resolve(std::string handle);
    receipt receipt_for(const planned_post& post) const;

    options options_;
    outside outside_;
    wire wire_;
    session session_;
    xrpc xrpc_;
    profiles profiles_;
    recent recent_;  ///< of the run that goes on, or of the last one
};

}  // namespace kith::bluesky
