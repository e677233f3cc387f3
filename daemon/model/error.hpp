/// Expected failures, by value. Exceptions are for bugs and for start-up.
#pragma once

#include "daemon/model/time.hpp"

#include <boost/system/result.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace kith {

/// What kind of failure it is decides what happens next; the words beside it are for people.
enum class errc {
    transient,     ///< did not happen, or may be repeated at will: retry with backoff
    limited,       ///< too many requests: retry at `error::retry_at`
    unauthorised,  ///< credentials are refused: stop the account, tell the people
    refused,       ///< final: show why
    unknown,       ///< the request may have been carried out: never repeat blindly
    not_found,     ///< there is no such thing
    conflict,      ///< it changed meanwhile, or is not in a state that allows this
    invalid,       ///< the input is wrong; `what` says where and how to mend it
    canceled,      ///< we are stopping
    outdated,      ///< the caller named a version of it that is no longer the newest
    unversioned,   ///< the caller must name the version that it saw, and did not
};

std::string_view to_string(errc kind) noexcept;

/// One field of the input that is wrong, and how to mend it.
struct wrong_field {
    std::string field;
    std::string detail;
};

struct error {
    errc kind = errc::transient;
    std::string what;
    std::optional<timestamp> retry_at{};  ///< with `limited`: when the platform will listen again
    std::vector<wrong_field> fields{};    ///< with `invalid`: which, where it is known
};

/// `result::value()` on a failure throws this.
class failure : public std::runtime_error {
 public:
    explicit failure(error e) : std::runtime_error(e.what), error_(std::move(e)) {}
    const error& why() const noexcept { return error_; }

 private:
    error error_;
};

[[noreturn]] inline void throw_exception_from_error(const error& e, const boost::source_location&) {
    throw failure(e);
}

template <class T = void>
using result = boost::system::result<T, error>;

/// A failure as a value. Also what keeps braces out of `co_return` and `co_await` expressions.
inline error fail(errc kind, std::string what) {
    return error{kind, std::move(what), std::nullopt, {}};
}

/// The failure of one field: `detail` says how to mend it.
inline error fail_field(std::string field, std::string detail) {
    error e{errc::invalid, field + ": " + detail, std::nullopt, {}};
    e.fields.push_back({std::move(field), std::move(detail)});
    return e;
}

}  // namespace kith
