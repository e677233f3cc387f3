/// The few names of Asio that the rest of Kith uses.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace kith {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

template <class T = void>
using awaitable = asio::awaitable<T>;

/// Completion token: `auto [ec, n] = co_await op(..., as_tuple)`. Failures come by value, never by exception.
inline constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

}  // namespace kith
