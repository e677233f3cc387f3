/// Lists in parts: `?limit=` says how many, `?cursor=` where the part before ended.
#pragma once

#include "daemon/net/http_server.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace kith::console {

/// Which part of a list is asked for. A cursor holds the key of the last item of the part before, and belongs
/// to one list with its filters: another's is refused.
class wanted_part {
 public:
    /// `invalid` for a limit that is none and for a cursor that is not this list's.
    static result<wanted_part> of(const net::server_request& r);

    std::size_t limit = 50;  ///< 1 to 200
    std::string after{};     ///< the key; empty: from the beginning
    /// The key as a number, of lists whose keys are numbers; 0: from the beginning.
    std::int64_t after_number() const;

    /// {"items": [...], "next": a cursor or null}. `last` is the key of the last item; `more`: something
    /// follows.
    boost::json::object answer(boost::json::array items, const std::string& last, bool more) const;

 private:
    std::string list_{};  ///< a digest of the path and the filters
};

/// Of rows from the store, asked for with one more than the limit: those to show. Says whether more follow.
template <class T>
bool cut(std::vector<T>& rows, const wanted_part& part) {
    if (rows.size() <= part.limit) return false;
    rows.resize(part.limit);
    return true;
}

/// An item of a list that is made whole each time. The list is shown in the order of the keys.
struct keyed_item {
    std::string key;
    boost::json::value item;
};
boost::json::object part_of(std::vector<keyed_item> all, const wanted_part& part);

/// A number as a key that sorts like it.
std::string sortable(std::int64_t n);

}  // namespace kith::console
