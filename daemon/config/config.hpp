/// kith.yaml as a value. One documented example: kith.example.yaml.
#pragma once

#include "daemon/config/department_config.hpp"
#include "daemon/config/notify_config.hpp"
#include "daemon/config/sign_in_config.hpp"
#include "daemon/config/yaml.hpp"
#include "daemon/observe/ship_config.hpp"
#include "daemon/policy/brakes.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace kith {

struct account_config {
    std::string id;        ///< stable: history hangs on it
    std::string platform;  ///< a name of platforms/registry.cpp
    yaml::node options;    ///< the whole account map; the platform reads its own keys
};

/// How often a customer may be written to because of an occasion, and how often occasions are looked for.
struct reinforcement_config {
    std::int64_t at_most = 1;  ///< 0: never
    std::chrono::milliseconds within{std::chrono::hours{24 * 30}};
    std::chrono::milliseconds every{std::chrono::minutes{1}};
};

/// Drafts that are wrong on purpose.
struct canaries_config {
    double rate = 0;                 ///< of the messages with a suggestion: 0 to 1
    std::vector<std::string> leads;  ///< who may see who caught them; empty: whoever may look
};

/// What people do in the queue.
struct queue_config {
    std::chrono::milliseconds undo{10'000};  ///< an approval can be taken back for so long; 0: not at all
};

struct config {
    std::string file;
    std::string state;       ///< folder of the database; made if absent
    std::string socket;      ///< Unix socket of the API, for the kith command
    std::string playbooks;   ///< folder
    std::string policies;    ///< folder
    std::string address;     ///< of the TCP listener
    std::uint16_t port = 0;  ///< 0: the system picks
    std::string public_url;  ///< how a browser reaches us; empty: http://address:port
    std::string house_name;
    std::string house_language = "en";
    std::string house_zone = "UTC";  ///< IANA
    std::string log_level = "info";
    sign_in_config sign_in;
    std::chrono::milliseconds stop_grace{10'000};  ///< for replies in flight at shutdown
    brake_bounds brakes;
    ship_config ship;  ///< where the audit chain's head goes
    reinforcement_config reinforcement;
    canaries_config canaries;
    queue_config queue;
    std::vector<account_config> accounts;
    std::vector<department_config> departments;  ///< none: the owners of playbooks and answers are
    mail_config mail;
    std::vector<notify_config> notify;
    std::chrono::milliseconds answer_within{0};  ///< the goal for answers; zero: there is none
    std::chrono::milliseconds answer_notice = std::chrono::hours{14 * 24};  ///< before an answer's review_by
};

/// Reads and checks the file, accounts included (each platform checks its own options). Relative paths are
/// relative to the file's folder. The result is whole only if `out` stayed empty.
config load_config(const std::string& path, yaml::findings& out);

/// Where `load_config` has an account's platform read its options; `options` without the common keys.
class account_reader : public yaml::map_reader {
 public:
    account_reader(const account_config& account, const std::string& file, yaml::findings& out);
};

}  // namespace kith
