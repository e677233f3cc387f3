/// What a person is mailed of the queue: facts and links, no word of a contact's. Pure.
#pragma once

#include "daemon/store/department_store.hpp"
#include "daemon/store/notify_store.hpp"

#include <string>
#include <utility>
#include <vector>

namespace kith {

/// What one mail tells.
struct notices {
    std::string house;
    std::string language;  ///< "de", else English
    std::string link;      ///< of the console
    std::vector<notification> news;
    /// Names of departments and what waits for each, where the day's summary is due.
    std::vector<std::pair<std::string, department_counts>> waiting;
};

struct notice_mail {
    std::string subject, text, html;
};

notice_mail write_notices(const notices& n);

}  // namespace kith
