#include "daemon/digest/send.hpp"

#include "daemon/async/pool_call.hpp"
#include "daemon/digest/mail_text.hpp"
#include "daemon/digest/render.hpp"
#include "daemon/digest/smtp.hpp"
#include "daemon/model/local_time.hpp"
#include "daemon/net/http_client.hpp"

#include <boost/json/serialize.hpp>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

namespace kith {

namespace {

error disk(const std::string& doing, const std::string& path) {
    return fail(errc::transient, "cannot " + doing + " " + path + ": " + std::strerror(errno));
}

/// Whole or not at all: readers see the old file or the new one.
result<void> write_file(const std::string& path, const std::string& text) {
    std::error_code ec;
    const auto folder = std::filesystem::path(path).parent_path();
    std::filesystem::create_directories(folder, ec);
    if (ec) return fail(errc::transient, "cannot make " + folder.string() + ": " + ec.message());
    const auto beside = path + ".new";
    const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (file < 0) return disk("write", beside);
    std::size_t done = 0;
    while (done < text.size()) {
        const auto n = ::write(file, text.data() + done, text.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) break;
        done += static_cast<std::size_t>(n);
    }
    const bool whole = done == text.size() && ::fsync(file) == 0;
    auto why = disk("write", beside);
    if (::close(file) != 0 || !whole) return why;
    if (::rename(beside.c_str(), path.c_str()) != 0) return disk("put into place", path);
    return {};
}

result<void> sorted(const std::string& where, const result<net::client_response>& got) {
    if (got.has_error()) {
        const auto& e = got.error();
        return fail(e.kind == errc::invalid ? errc::refused : e.kind, "the webhook " + where + ": " + e.what);
    }
    if (got->status >= 200 && got->status < 300) return {};
    const auto words = "the webhook " + where + " answered " + std::to_string(got->status);
    const bool later = got->status >= 500 || got->status == 408 || got->status == 429;
    return fail(later ? errc::transient : errc::refused, words);
}

class sender final : public digest_sender {
 public:
    sender(asio::any_io_executor executor, mail_config mail)
        : mail_(std::move(mail)), http_(net::make_http_client(executor, with_authorities(mail_))) {}

    awaitable<result<void>> send(digest_target to, digest_facts what, std::string key) override {
        if (stopping_) co_return fail(errc::canceled, "we are stopping");
        switch (to.is) {
            case digest_target::kind::file:
                co_return co_await to_file(std::move(to), std::move(what));
            case digest_target::kind::email:
                co_return co_await to_mail(std::move(to), std::move(what), std::move(key));
            case digest_target::kind::webhook:
                co_return co_await to_webhook(std::move(to), std::move(what), std::move(key));
        }
        co_return fail(errc::invalid, "a digest to nowhere");
    }

    awaitable<result<void>> mail(mail_parts parts) override {
        if (stopping_) co_return fail(errc::canceled, "we are stopping");
        if (mail_.server.empty()) co_return fail(errc::refused, "there is no mail server in kith.yaml");
        parts.from = mail_.from;
        parts.id += mail_.from.substr(mail_.from.find('@'));
        outgoing_mail out{parts.to, mail_text(parts)};
        auto work = [this, out = std::move(out)] { return send_mail(mail_, out, stop_mail_); };
        co_return co_await pool_call(pool_, std::move(work));
    }

    void stop() noexcept override {
        stopping_ = true;
        stop_mail_.stop();
    }

 private:
    static net::client_options with_authorities(const mail_config& mail) {
        net::client_options o;
        o.extra_ca_file = mail.extra_ca_file;
        return o;
    }

    awaitable<result<void>> to_file(digest_target to, digest_facts what) {
        const auto path = file_of(to, what);
        auto work = [path, text = file_text(path, what)] { return write_file(path, text); };
        co_return co_await pool_call(pool_, std::move(work));
    }

    awaitable<result<void>> to_mail(digest_target to, digest_facts what, std::string key) {
        mail_parts parts;
        parts.to = to.where;
        parts.subject = digest_subject(what);
        parts.id = std::move(key);
        parts.text = digest_text(what);
        parts.html = digest_html(what);
        parts.at = what.at;
        co_return co_await mail(std::move(parts));
    }

    awaitable<result<void>> to_webhook(digest_target to, digest_facts what, std::string key) {
        net::client_request q("POST", to.where);
        q.body = boost::json::serialize(digest_json(what));
        q.headers.add("Content-Type", "application/json");
        q.headers.add("Kith-Digest", std::move(key));
        q.headers.add("Kith-Signature", signature_of(to.secret, q.body));
        const auto got = co_await http_->send(std::move(q));
        co_return sorted(in_words(to), got);
    }

    mail_config mail_;
    std::unique_ptr<net::http_client> http_;
    bool stopping_ = false;
    mail_stop stop_mail_;
    asio::thread_pool pool_{1};  ///< libcurl and disks block; its end waits for what is under way
};

}  // namespace

std::unique_ptr<digest_sender> make_digest_sender(asio::any_io_executor executor, mail_config mail) {
    return std::make_unique<sender>(std::move(executor), std::move(mail));
}

std::string file_of(const digest_target& to, const digest_facts& what) {
    auto path = to.where;
    const std::string mark = "{date}", day = spell(local_day(what.zone, what.until));
    for (auto at = path.find(mark); at != std::string::npos; at = path.find(mark, at + day.size()))
        path.replace(at, mark.size(), day);
    return path;
}

std::string file_text(const std::string& path, const digest_facts& what) {
    if (path.ends_with(".html")) return digest_html(what);
    if (path.ends_with(".json")) return boost::json::serialize(digest_json(what)) + "\n";
    return digest_text(what);
}

std::string signature_of(const std::string& secret, const std::string& body) {
    crypto_auth_hmacsha256_state state;
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
    crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(secret.data()), secret.size());
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(body.data()), body.size());
    crypto_auth_hmacsha256_final(&state, mac.data());
    std::string hex(mac.size() * 2 + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), mac.data(), mac.size());
    hex.pop_back();
    return "sha256=" + hex;
}

}  // namespace kith
