/// A figure: what a plot, a table or a CSV file is made of. Pure.
#pragma once

#include "daemon/model/time.hpp"

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace kith::console {

/// One value, and the query of GET /stats/items that lists what stands behind it (empty: nothing does).
struct figure_cell {
    boost::json::value value;
    std::string items;

    figure_cell(boost::json::value v, std::string i) : value(std::move(v)), items(std::move(i)) {}
    figure_cell(const std::string& text, std::string i)
        : value(boost::json::string(text)), items(std::move(i)) {}
    figure_cell(const char* text, std::string i) : value(boost::json::string(text)), items(std::move(i)) {}
    figure_cell(std::int64_t n, std::string i) : value(n), items(std::move(i)) {}
    figure_cell(int n, std::string i) : value(n), items(std::move(i)) {}
    figure_cell(double n, std::string i) : value(n), items(std::move(i)) {}
    figure_cell(std::nullptr_t, std::string i) : items(std::move(i)) {}
};

/// A table with a name: "steps", "departments", ...
struct figure_part {
    std::string name;
    std::vector<std::string> columns;
    std::vector<std::vector<figure_cell>> rows;  ///< each as long as `columns`
};

struct figure {
    std::string name, unit;
    std::vector<figure_part> parts;  ///< the first is the plot
    boost::json::object more;        ///< the goal, totals, ...
};

/// Each part as an array of objects, each with `items`: its columns' queries.
boost::json::object view(const figure& f);

/// RFC 4180 with a header line. A text that a spreadsheet would take for a formula gets a quote before it.
std::string to_csv(const figure_part& p);

/// "figure=NAME&from=...": percent-encoded, in order; those without a value are left out.
std::string items_query(const std::vector<std::pair<std::string, std::string>>& all);

}  // namespace kith::console
