#include "daemon/console/api_parts.hpp"

namespace kith::console {

account* find_account(api_context& context, const std::string& id) {
    for (auto& a : context.accounts)
        if (a.config.id == id) return &a;
    return nullptr;
}

void add_api(net::http_router& router, api_context& context) {
    add_session_api(router, context);
    add_suggestion_api(router, context);
    add_opt_out_api(router, context);
    add_status_api(router, context);
    add_contact_api(router, context);
    add_brake_api(router, context);
    add_audit_api(router, context);
    add_question_api(router, context);
    add_department_api(router, context);
    add_customer_api(router, context);
    add_canary_api(router, context);
    add_document_api(router);
    add_user_api(router, context);
    add_me_api(router, context);
    add_stats_api(router, context);
    add_account_api(router, context);
    add_oidc_api(router, context);
    add_link_api(router, context);
    add_playbook_api(router, context);
    add_queue_api(router, context);
    add_view_api(router, context);
    add_event_api(router, context);
}

}  // namespace kith::console
