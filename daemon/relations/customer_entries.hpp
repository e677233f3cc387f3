/// Lists of customers from outside: a CSV file, or JSON. Pure. Everything that is wrong is a finding at its
/// place; what comes out is whole only if there is none.
#pragma once

#include "daemon/config/yaml.hpp"
#include "daemon/model/customer.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kith {

/// One row before it is understood: texts by the names of their columns, and where each stands.
struct customer_row {
    std::map<std::string, std::string> fields;
    std::map<std::string, yaml::place> at;
    yaml::place place;  ///< of the row

    std::string text(const std::string& field) const;
    yaml::place place_of(const std::string& field) const;
};

/// RFC 4180, in UTF-8, with a first line that names the columns: account; identity or handle; consent_how,
/// consent_at; and, where they are known, product, bought_at, zone. Semicolons instead of commas are
/// understood.
std::vector<customer_row> read_customers_csv(std::string_view text, const std::string& file,
                                             yaml::findings& out);

/// What a row says. `at`: the time, since nobody can have agreed in the future.
customer_entry to_entry(const customer_row& row, const std::string& file,
                        const std::vector<std::string>& accounts, timestamp at, yaml::findings& out);

/// Every field that a row may have.
const std::vector<std::string>& customer_fields();

/// "2026-11-20" (the beginning of that day, UTC) or RFC 3339.
std::optional<timestamp> read_day(std::string_view text);

}  // namespace kith
