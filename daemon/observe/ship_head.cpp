#include "daemon/observe/ship_head.hpp"

#include "daemon/async/backoff.hpp"
#include "daemon/async/pool_call.hpp"
#include "daemon/async/sleep.hpp"
#include "daemon/observe/audit_json.hpp"

#include <boost/json/serialize.hpp>
#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <random>

namespace kith {

namespace json = boost::json;

namespace {

using namespace std::chrono_literals;

/// One write at the end of the file, on its disk when it is done.
result<void> append(const std::string& path, const std::string& line) {
    const auto failed = [&] {
        return fail(errc::transient, "cannot write to " + path + ": " + std::strerror(errno));
    };
    const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (file < 0) return failed();
    const auto written = ::write(file, line.data(), line.size());
    const bool whole = written == static_cast<ssize_t>(line.size());
    if (whole && ::fsync(file) == 0) {
        ::close(file);
        return {};
    }
    auto why = failed();
    ::close(file);
    return why;
}

}  // namespace

head_shipper::head_shipper(audit_store& record, ship_config to, asio::any_io_executor executor)
    : record_(record), to_(std::move(to)), http_(net::make_http_client(executor)) {}

awaitable<void> head_shipper::run() {
    if (!to_.wanted()) co_return;
    backoff wait(1s, 5min, std::random_device{}());
    for (;;) {
        const auto done = co_await ship();
        if (done.has_value()) {
            wait.reset();
            co_await sleep_for(to_.every);
        } else {
            const std::chrono::milliseconds pause = std::min(to_.every, 200ms + wait.next());
            co_await sleep_for(pause);
        }
    }
}

awaitable<result<void>> head_shipper::ship() {
    const auto head = co_await record_.head();
    result<void> done;
    if (head.has_error()) {
        done = head.error();
    } else {
        auto o = audit::to_json(*head);
        o["shipped_at"] = to_rfc3339(now());
        done = co_await send(json::serialize(o) + "\n");
    }
    if (done.has_error()) {
        ++status_.failures;
        if (status_.error != done.error().what)  // the same trouble is told once
            spdlog::error("the audit chain's head was not shipped: {}", done.error().what);
        status_.error = done.error().what;
        co_return done;
    }
    if (status_.failures > 0) spdlog::info("the audit chain's head is shipped again");
    status_ = {*head, now(), 0, {}};
    co_return done;
}

awaitable<result<void>> head_shipper::send(std::string line) {
    if (!to_.file.empty()) {
        auto work = [path = to_.file, line] { return append(path, line); };
        co_return co_await pool_call(pool_, std::move(work));
    }
    net::client_request q("POST", to_.url);
    q.headers.add("Content-Type", "application/json");
    q.body = std::move(line);
    q.most_bytes = 64 << 10;
    const auto answer = co_await http_->send(std::move(q));
    if (answer.has_error()) co_return answer.error();
    if (answer->status < 200 || answer->status > 299)
        co_return fail(errc::transient, "the server answered " + std::to_string(answer->status));
    co_return result<void>();
}

}  // namespace kith
