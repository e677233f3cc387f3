// Comma-separated values (RFC 4180), with places.
#include "daemon/config/yaml_text.hpp"
#include "daemon/relations/customer_entries.hpp"

#include <algorithm>
#include <set>

namespace kith {

namespace {

struct cell {
    std::string text;
    std::size_t at = 0;  ///< byte
};

/// Takes the text apart, one row after the other.
class splitter {
 public:
    splitter(std::string_view text, char between) : text_(text), between_(between) {}

    bool done() const noexcept { return at_ >= text_.size(); }

    /// The next row; `broken` gets the byte of what is wrong with it.
    std::vector<cell> row(std::optional<std::size_t>& broken) {
        std::vector<cell> out;
        for (;;) {
            out.push_back(one(broken));
            if (broken || done()) return out;
            if (text_[at_] == between_) {
                ++at_;
                continue;
            }
            if (text_[at_] == '\r') ++at_;
            if (!done() && text_[at_] == '\n') ++at_;
            return out;
        }
    }

 private:
    bool ends_cell() const noexcept {
        return done() || text_[at_] == between_ || text_[at_] == '\n' || text_[at_] == '\r';
    }

    cell one(std::optional<std::size_t>& broken) {
        cell c;
        c.at = at_;
        if (done() || text_[at_] != '"') {
            while (!ends_cell()) c.text += text_[at_++];
            const auto first = std::min(c.text.find_first_not_of(" \t"), c.text.size());
            c.at += first;
            c.text.erase(0, first);
            while (!c.text.empty() && (c.text.back() == ' ' || c.text.back() == '\t')) c.text.pop_back();
            return c;
        }
        for (++at_; !done(); ++at_) {
            if (text_[at_] != '"') {
                c.text += text_[at_];
            } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
                c.text += text_[at_++];
            } else {
                ++at_;
                if (!ends_cell()) broken = at_;
                return c;
            }
        }
        broken = c.at;  // the quote never ends
        return c;
    }

    std::string_view text_;
    char between_;
    std::size_t at_ = 0;
};

bool is_blank(const std::vector<cell>& row) {
    return row.size() == 1 && row[0].text.empty();
}

void check_header(const std::vector<std::string>& names, const std::vector<cell>& header, yaml::locator place,
                  const std::string& file, yaml::findings& out) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto& known = customer_fields();
        const auto where = place(header[i].at);
        if (std::find(known.begin(), known.end(), names[i]) == known.end()) {
            const auto near = yaml::nearest(names[i], known);
            out.add(file, where, "unknown column '" + names[i].substr(0, 80) + "'",
                    near.empty() ? "known: account, identity, handle, product, bought_at, consent_how, "
                                   "consent_at, zone"
                                 : "did you mean '" + near + "'?");
        } else if (!seen.insert(names[i]).second) {
            out.add(file, where, "a second column '" + names[i] + "'", "keep one of them");
        }
    }
    for (const char* need : {"account", "consent_how", "consent_at"})
        if (!seen.contains(need))
            out.add(file, {1, 1}, std::string("there is no column '") + need + "'", "add it");
    if (!seen.contains("identity") && !seen.contains("handle"))
        out.add(file, {1, 1}, "there is neither a column 'identity' nor 'handle'", "add one of them");
}

}  // namespace

std::vector<customer_row> read_customers_csv(std::string_view text, const std::string& file,
                                             yaml::findings& out) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    yaml::locator place(text);
    if (const auto fault = yaml::check_bytes(text)) {
        out.add(file, place(fault->offset), fault->what, fault->mend);
        return {};
    }
    const auto first = text.substr(0, text.find('\n'));
    const bool semicolons = first.find(',') == std::string_view::npos && first.find(';') != first.npos;
    splitter rows(text, semicolons ? ';' : ',');
    std::optional<std::size_t> broken;
    const auto header = rows.row(broken);
    std::vector<std::string> names;
    for (const auto& c : header) names.push_back(c.text);
    check_header(names, header, place, file, out);
    std::vector<customer_row> found;
    while (!rows.done() && !broken) {
        const auto cells = rows.row(broken);
        if (is_blank(cells)) continue;
        customer_row row;
        row.place = place(cells[0].at);
        if (cells.size() != names.size() && !broken)
            out.add(file, row.place,
                    "this line has " + std::to_string(cells.size()) + " fields, the first line has " +
                        std::to_string(names.size()),
                    "give each line as many, and put quotes around a field with a separator in it");
        for (std::size_t i = 0; i < std::min(cells.size(), names.size()); ++i) {
            row.fields[names[i]] = cells[i].text;
            row.at[names[i]] = place(cells[i].at);
        }
        found.push_back(std::move(row));
    }
    if (broken)
        out.add(file, place(*broken), "a quote is not closed, or something follows it within its field",
                "close it before the separator; a quote within quotes is written twice");
    return found;
}

}  // namespace kith
