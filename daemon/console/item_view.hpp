/// One item of the queue, whole: all that a person needs to decide on it.
#pragma once

#include "daemon/console/queue_view.hpp"
#include "daemon/console/routes.hpp"

namespace kith::console {

/// Whether it is theirs to see: it is their department's, or was given to it.
bool may(const identity& who, const queue_item& item);
/// The part of the queue that is theirs to see, for the store to narrow by.
visible_part visible_to(const identity& who);

/// The item that a person may see under this number; `not_found` for what is not theirs to see.
awaitable<result<queue_item>> item_for(api_context& c, std::int64_t id, identity who);

/// With message, thread, contact, candidates, verdict, questions and history. A canary that is decided tells
/// what it was.
shown whole_item(api_context& c, std::int64_t id, identity who);

/// The verdict on a text that a person wrote for this item, with the thread as it is now; and what is wrong
/// with it, where in the text that is known.
struct text_judged {
    kith::verdict verdict;
    text_length length;
    boost::json::array problems;
};
awaitable<result<text_judged>> judge_text(api_context& c, const queue_item& item, std::string text);

boost::json::object view(const text_length& l);

}  // namespace kith::console
