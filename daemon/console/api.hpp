/// The HTTP API, /api/v1: what the kith command and the console use. Errors are problem details (RFC 9457).
#pragma once

#include "daemon/console/door.hpp"
#include "daemon/console/event_feed.hpp"
#include "daemon/console/oidc_door.hpp"
#include "daemon/console/page_files.hpp"
#include "daemon/digest/desk.hpp"
#include "daemon/digest/send.hpp"
#include "daemon/ingest/account.hpp"
#include "daemon/observe/ship_head.hpp"
#include "daemon/relations/stage_book.hpp"
#include "daemon/rulebook.hpp"

#include <deque>
#include <functional>

namespace kith::console {

/// What the API shows and acts on. References outlive the router.
struct api_context {
    kith::store& store;
    kith::live& live;
    const rulebook& rules;
    const stage_book& stages;
    std::deque<account>& accounts;
    console::sessions& sessions;
    const house_facts& house;
    const head_shipper& shipper;
    timestamp started_at{};
    const department_desk& desk;
    digest_sender& digests;
    const canaries_config& canaries;
    console::people& people;
    console::tokens& tokens;
    console::door& door;
    const std::string& public_url;                    ///< with which links begin
    std::chrono::milliseconds answer_within;          ///< the house's goal; zero: it has none
    std::function<awaitable<result<void>>()> reload;  ///< of playbooks, packs and stages
    const queue_config& queue;
    kith::claims& claims;
    event_feed& events;
    oidc_door* oidc;     ///< null: kith.yaml names no provider
    bool mails = false;  ///< there is a mail server
};

/// Adds the routes.
void add_api(net::http_router& router, api_context& context);

/// Adds the console's page and its files, which live as long as the router. Every address of a page below
/// /console gives index.html: the page itself knows them apart.
void add_pages(net::http_router& router, std::span<const page_file> files);

account* find_account(api_context& context, const std::string& id);

}  // namespace kith::console
