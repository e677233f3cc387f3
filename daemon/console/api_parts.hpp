/// The parts of the API, each in a file of its name.
#pragma once

#include "daemon/console/api.hpp"

namespace kith::console {

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

}  // namespace kith::console
