#include "daemon/digest/smtp.hpp"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

namespace kith {

namespace {

struct upload {
    const std::string& text;
    mail_stop& stop;
    std::size_t done = 0;
};

std::size_t give(char* into, std::size_t size, std::size_t n, void* from) {
    auto& u = *static_cast<upload*>(from);
    const auto most = std::min(size * n, u.text.size() - u.done);
    u.text.copy(into, most, u.done);
    u.done += most;
    return most;
}

int watch(void* from, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<upload*>(from)->stop.stopped() ? 1 : 0;
}

int on_open(void* from, curl_socket_t socket, curlsocktype) {
    static_cast<mail_stop*>(from)->opened(socket);
    return CURL_SOCKOPT_OK;
}

int on_close(void* from, curl_socket_t socket) {
    static_cast<mail_stop*>(from)->closing(socket);
    return ::close(socket);
}

std::string in_words(const std::string& server, CURLcode code, const char* detail, long status) {
    std::string out = "the mail server " + server;
    if (status >= 400) return out + " answered " + std::to_string(status) + ": " + detail;
    out += ": " + std::string(*detail ? detail : curl_easy_strerror(code));
    if (code == CURLE_PEER_FAILED_VERIFICATION)
        out +=
            " (its certificate is not trusted here or not for this name; mail.extra_ca_file names more"
            " authorities)";
    if (code == CURLE_USE_SSL_FAILED) out += " (it offers no TLS; use smtps://, or a server with STARTTLS)";
    return out;
}

error sorted(const std::string& server, CURLcode code, const char* detail, long status, const upload& u) {
    const auto words = in_words(server, code, detail, status);
    const bool all_given = u.done == u.text.size();
    if (u.stop.stopped()) return fail(all_given ? errc::unknown : errc::canceled, words);
    if (status >= 500 && status < 600) return fail(errc::refused, words);
    if (status >= 400 && status < 500) return fail(errc::transient, words);
    if (code == CURLE_LOGIN_DENIED || code == CURLE_URL_MALFORMAT || code == CURLE_SSL_CACERT_BADFILE)
        return fail(errc::refused, words);
    return fail(all_given ? errc::unknown : errc::transient, words);
}

}  // namespace

void mail_stop::stop() noexcept {
    const std::lock_guard hold(mutex_);
    stopped_ = true;
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
}

bool mail_stop::stopped() const noexcept {
    const std::lock_guard hold(mutex_);
    return stopped_;
}

void mail_stop::opened(int socket) {
    const std::lock_guard hold(mutex_);
    sockets_.push_back(socket);
}

void mail_stop::closing(int socket) noexcept {
    const std::lock_guard hold(mutex_);
    std::erase(sockets_, socket);
}

result<void> send_mail(const mail_config& server, const outgoing_mail& mail, mail_stop& stop,
                       std::chrono::milliseconds limit) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), curl_easy_cleanup);
    if (!curl) return fail(errc::transient, "not enough memory to send a mail");
    auto* c = curl.get();
    char detail[CURL_ERROR_SIZE] = "";
    upload from{mail.text, stop};
    const std::string sender = "<" + server.from + ">", to = "<" + mail.to + ">";
    const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> recipients(
        curl_slist_append(nullptr, to.c_str()), curl_slist_free_all);

    curl_easy_setopt(c, CURLOPT_URL, server.server.c_str());
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(c, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));  // STARTTLS or nothing
    curl_easy_setopt(c, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!server.extra_ca_file.empty()) curl_easy_setopt(c, CURLOPT_CAINFO, server.extra_ca_file.c_str());
    if (!server.user.empty()) {
        curl_easy_setopt(c, CURLOPT_USERNAME, server.user.c_str());
        curl_easy_setopt(c, CURLOPT_PASSWORD, server.password.c_str());
    }
    curl_easy_setopt(c, CURLOPT_MAIL_FROM, sender.c_str());
    curl_easy_setopt(c, CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(c, CURLOPT_READDATA, &from);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, watch);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, &from);
    curl_easy_setopt(c, CURLOPT_SOCKOPTFUNCTION, on_open);
    curl_easy_setopt(c, CURLOPT_SOCKOPTDATA, &stop);
    curl_easy_setopt(c, CURLOPT_CLOSESOCKETFUNCTION, on_close);
    curl_easy_setopt(c, CURLOPT_CLOSESOCKETDATA, &stop);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, detail);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L);  // a resolver that hangs does not hold up our own end
    curl_easy_setopt(c, CURLOPT_PROXY, "");       // the environment does not steer where a mail goes
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, static_cast<long>(limit.count()));
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limit.count() / 3));

    const auto code = curl_easy_perform(c);
    long status = 0;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_OK) return {};
    return sorted(server.server, code, detail, status, from);
}

}  // namespace kith
