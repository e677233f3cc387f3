/// The parts of kith.yaml about departments: who they are, how they are told, and by which mail server.
#pragma once

#include "daemon/config/yaml.hpp"
#include "daemon/digest/schedule.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kith {

struct digest_target {
    enum class kind { file, email, webhook };
    kind is = kind::file;
    std::string where;   ///< a path (may hold {date}), an address, a URL
    std::string secret;  ///< of a webhook: what its signature is made with
};

/// What logs, the store and the API say of it: of a webhook its scheme and host only, since the rest may be a
/// secret.
std::string in_words(const digest_target& to);

struct digest_config {
    digest_schedule when;
    digest_target to;
};

struct department_config {
    std::string id;    ///< what `owner:` of playbooks and answers says
    std::string name;  ///< what people read; the id where none is given
    std::vector<std::string> languages;
    std::optional<digest_config> digest;
    yaml::place at;
};

struct mail_config {
    std::string server;  ///< smtps://host:port, or smtp://host:port with STARTTLS; empty: there is none
    std::string user;    ///< empty: the server wants no name
    std::string password;
    std::string from;
    std::string extra_ca_file;  ///< PEM, for a server whose certificate nobody else knows
};

/// Files of digests are relative to `state`, the one folder that the service may write to.
std::vector<department_config> read_departments(yaml::map_reader& top, const std::string& state);
mail_config read_mail(yaml::map_reader& top, const std::string& folder);
/// A digest by mail needs a mail server.
void check_mail(const std::vector<department_config>& departments, const mail_config& mail,
                yaml::map_reader& top);

}  // namespace kith
