/// The parts of the API, each in a file of its name.
#pragma once

#include "daemon/console/api.hpp"
#include "daemon/console/routes.hpp"

#include <set>

namespace kith::console {

/// Null if there is none.
const user* user_in(api_context& context, const std::string& number_or_login);

/// The address in the field `email`; empty: none.
result<std::string> email_in(const body& b);

/// A playbook is its department's; of one that is not in use any more only who sees all departments is told.
bool may_see_playbook(const api_context& context, const std::string& id, const identity& by);

/// A line of a message's record: not of suggestions that are `hidden` from this person, nor of canaries where
/// any is, nor of another department's playbook.
bool may_see_line(const api_context& context, const record_line& line, const std::set<std::int64_t>& hidden,
                  const identity& by);

/// What came of a message (decide.hpp's trace), without what other departments' playbooks had to do with it.
boost::json::value trace_for(const api_context& context, const std::string& trace, const identity& by);

/// Whether what is stopped is this person's to see, and those that are.
bool may_see_brake(const api_context& context, const std::string& scope, const identity& by);
std::vector<brake> theirs(const api_context& context, std::vector<brake> on, const identity& by);

void add_session_api(net::http_router& router, api_context& context);
void add_suggestion_api(net::http_router& router, api_context& context);
void add_opt_out_api(net::http_router& router, api_context& context);
void add_status_api(net::http_router& router, api_context& context);
void add_contact_api(net::http_router& router, api_context& context);
void add_brake_api(net::http_router& router, api_context& context);
void add_audit_api(net::http_router& router, api_context& context);
void add_question_api(net::http_router& router, api_context& context);
void add_department_api(net::http_router& router, api_context& context);
void add_customer_api(net::http_router& router, api_context& context);
void add_queue_api(net::http_router& router, api_context& context);
void add_view_api(net::http_router& router, api_context& context);
void add_event_api(net::http_router& router, api_context& context);
void add_canary_api(net::http_router& router, api_context& context);
void add_document_api(net::http_router& router);
void add_user_api(net::http_router& router, api_context& context);
void add_me_api(net::http_router& router, api_context& context);
void add_stats_api(net::http_router& router, api_context& context);
void add_account_api(net::http_router& router, api_context& context);
void add_oidc_api(net::http_router& router, api_context& context);
void add_link_api(net::http_router& router, api_context& context);
void add_playbook_api(net::http_router& router, api_context& context);

}  // namespace kith::console
