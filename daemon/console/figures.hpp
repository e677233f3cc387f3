/// The figures of the page of plots, each from the store's counts.
#pragma once

#include "daemon/console/api.hpp"
#include "daemon/console/figure.hpp"
#include "daemon/console/stats_query.hpp"

namespace kith::console {

/// A figure that anybody may ask for by its name.
struct figure_maker {
    std::string_view name;
    awaitable<result<figure>> (*make)(api_context&, stats_query, timestamp at);
};

std::span<const figure_maker> figures() noexcept;

/// How the accounts stood; what they are in now holds until this moment.
awaitable<result<std::vector<account_interval>>> account_intervals(api_context& c, stats_filter f);

/// The items of one step or row; `more` are the parameters beside figure and time.
std::string items_of(std::string_view figure, const stats_query& q, timestamp from, timestamp to,
                     std::vector<std::pair<std::string, std::string>> more);

}  // namespace kith::console
