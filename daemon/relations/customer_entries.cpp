#include "daemon/relations/customer_entries.hpp"

#include "daemon/model/local_time.hpp"

#include <algorithm>

namespace kith {

namespace {

constexpr std::size_t longest_field = 500;  // characters, roughly: bytes

/// Reads the fields of one row, and complains at their places.
class reader {
 public:
    reader(const customer_row& row, const std::string& file, yaml::findings& out)
        : row_(row), file_(file), out_(out) {}

    void complain(const std::string& field, std::string what, std::string mend) const {
        out_.add(file_, row_.place_of(field), std::move(what), std::move(mend));
    }

    std::string text(const std::string& field) const {
        auto value = row_.text(field);
        const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
        if (value.size() > longest_field)
            complain(field, field + " is longer than " + std::to_string(longest_field) + " bytes",
                     "shorten it");
        else if (std::any_of(value.begin(), value.end(), control))
            complain(field, field + " has a line break or another control character in it", "remove it");
        return value;
    }

    std::string need(const std::string& field, const std::string& mend) const {
        auto value = text(field);
        if (value.empty()) complain(field, field + " is empty", mend);
        return value;
    }

    std::optional<timestamp> time(const std::string& field, timestamp now) const {
        const auto value = text(field);
        if (value.empty()) return std::nullopt;
        const auto read = read_day(value);
        if (!read)
            complain(field, field + " is no date: '" + value.substr(0, 40) + "'",
                     "write it as 2026-11-20, or as 2026-11-20T10:15:00Z");
        else if (*read > now)
            complain(field, field + " lies in the future: " + value.substr(0, 40),
                     "give the day on which it was");
        return read;
    }

 private:
    const customer_row& row_;
    const std::string& file_;
    yaml::findings& out_;
};

void read_whom(const reader& from, const customer_row& row, const std::vector<std::string>& accounts,
               customer_entry& e) {
    e.account = from.need("account", "name the account of kith.yaml on which they write to us");
    if (!e.account.empty() && std::find(accounts.begin(), accounts.end(), e.account) == accounts.end()) {
        const auto near = yaml::nearest(e.account, accounts);
        from.complain(
            "account", "there is no account '" + e.account.substr(0, 80) + "'",
            near.empty() ? "use the id of an account in kith.yaml" : "did you mean '" + near + "'?");
    }
    e.identity = from.text("identity");
    e.handle = from.text("handle");
    if (e.identity.empty() && e.handle.empty())
        from.complain(row.fields.contains("identity") ? "identity" : "handle",
                      "neither identity nor handle says who it is",
                      "give the platform's own id of them, or the handle under which they wrote to us");
}

}  // namespace

std::string customer_row::text(const std::string& field) const {
    const auto found = fields.find(field);
    return found == fields.end() ? std::string{} : found->second;
}

yaml::place customer_row::place_of(const std::string& field) const {
    const auto found = at.find(field);
    return found == at.end() ? place : found->second;
}

const std::vector<std::string>& customer_fields() {
    static const std::vector<std::string> all = {"account",   "identity",    "handle",     "product",
                                                 "bought_at", "consent_how", "consent_at", "zone"};
    return all;
}

std::optional<timestamp> read_day(std::string_view text) {
    if (text.size() == 10) return from_rfc3339(std::string(text) + "T00:00:00Z");
    return from_rfc3339(text);
}

customer_entry to_entry(const customer_row& row, const std::string& file,
                        const std::vector<std::string>& accounts, timestamp at, yaml::findings& out) {
    const reader from(row, file, out);
    customer_entry e;
    e.line = row.place.line;
    read_whom(from, row, accounts, e);
    e.product = from.text("product");
    e.bought_at = from.time("bought_at", at);
    if (!e.product.empty() && row.text("bought_at").empty())
        from.complain("bought_at", "it does not say when they bought " + e.product, "add the date");
    if (e.product.empty() && e.bought_at)
        from.complain("product", "it does not say what they bought", "name the product");
    e.consent.how =
        from.need("consent_how", "say how they agreed: without a consent nobody is a customer here");
    if (from.need("consent_at", "say when they agreed, as 2026-11-20").empty()) return e;
    e.consent.at = from.time("consent_at", at).value_or(timestamp{});
    e.zone = from.text("zone");
    if (!e.zone.empty() && !is_zone(e.zone))
        from.complain("zone", "'" + e.zone.substr(0, 80) + "' is no time zone", "write it as Europe/Berlin");
    return e;
}

}  // namespace kith
