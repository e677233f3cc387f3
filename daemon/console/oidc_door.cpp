#include "daemon/console/oidc_door.hpp"

#include "daemon/model/sha256.hpp"

#include <spdlog/spdlog.h>

namespace kith::console {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view cookie_name = "kith-oidc";
constexpr std::size_t flow_digits = 52;  // 260 bits; RFC 7636, 4.1 wants 43 characters at least
constexpr std::size_t longest_code = 4'096;

/// For the page. Whatever is not the person's own doing has its reason in the log.
std::string_view word_for(const error& e) {
    switch (e.kind) {
        case errc::canceled:
            return "denied";
        case errc::transient:
            return "unavailable";
        default:
            return "failed";
    }
}

}  // namespace

oidc_door::oidc_door(oidc_provider& p, door& d, sessions& all, people& who, people_store& s,
                     const std::string& public_url)
    : provider_(p),
      door_(d),
      sessions_(all),
      people_(who),
      store_(s),
      public_url_(public_url),
      by_address_(throttle_bounds::of_addresses()) {}

awaitable<result<oidc_door::sent>> oidc_door::leave(net::server_request r, std::int64_t link) {
    const auto to = co_await provider_.endpoints();
    if (to.has_error()) co_return fail(errc::transient, name() + " cannot be asked now");
    const auto state = random_base32(flow_digits), browser = random_base32(flow_digits);
    oidc_flow f;
    f.browser = sha256_hex(browser);
    f.nonce = random_base32(flow_digits);
    f.verifier = random_base32(flow_digits);
    f.from = door_.address_of(r);
    f.link = link;
    if (const auto* s = sessions_.find(r)) f.session = s->id;
    f.began = now();
    sent out;
    out.url =
        provider_.authorization_url(*to, public_url_ + std::string(way_back), state, f.nonce, f.verifier);
    // Lax: the way back begins at another site, and Strict would not come along.
    out.cookie = sessions_.cookie(cookie_name, browser, oidc_flows::life, "Lax");
    flows_.put(state, std::move(f));
    co_return out;
}

oidc_door::arrived oidc_door::back_to(std::int64_t link, std::string_view word) const {
    arrived out;
    out.to = link == 0 ? "/console" : "/console/me";
    if (!word.empty()) out.to += "?oidc=" + std::string(word);
    return out;
}

/// `canceled`: the person, or the provider, said no.
awaitable<result<id_claims>> oidc_door::claims_of(net::server_request r, oidc_flow f) {
    const auto to = co_await provider_.endpoints();
    if (to.has_error()) co_return fail(errc::transient, to.error().what);
    const auto issuer = r.param("iss");
    if ((to->says_issuer || !issuer.empty()) && issuer != provider_.config().issuer)
        co_return fail(errc::refused, "the answer is of another issuer");
    const auto wrong = r.param("error");
    if (wrong == "access_denied") co_return fail(errc::canceled, "nobody agreed there");
    if (wrong == "temporarily_unavailable" || wrong == "server_error")
        co_return fail(errc::transient, "it says that it cannot serve now");
    if (!wrong.empty()) co_return fail(errc::refused, "it answered the browser with an error");
    auto code = r.param("code");
    if (code.empty() || code.size() > longest_code) co_return fail(errc::refused, "it gave no code");
    co_return co_await provider_.redeem(std::move(code), std::move(f.verifier), std::move(f.nonce),
                                        public_url_ + std::string(way_back));
}

/// The word for the page.
awaitable<std::string> oidc_door::linked(id_claims c, oidc_flow f) {
    // Whoever signed out, or was thrown out, meanwhile links nothing.
    const auto* s = sessions_.by_id(f.session);
    if (!s || s->user != f.link || s->second != second_factor::done) co_return "expired";
    auto by = people_.find(f.link)->login;
    auto done = co_await store_.link(f.link, f.session, provider_.config().issuer, std::move(c.subject),
                                     std::move(by));
    if (done.has_error()) {
        spdlog::warn("user {} could not be linked: {}", f.link, done.error().what);
        if (done.error().kind == errc::refused) co_return "expired";
        co_return done.error().kind == errc::conflict ? "taken" : "failed";
    }
    people_.keep(std::move(*done));
    spdlog::info("user {} is linked to {}", f.link, provider_.config().issuer);
    co_return "linked";
}

awaitable<oidc_door::arrived> oidc_door::come_back(net::server_request r) {
    const auto cookie = r.cookie(sessions_.full_name(cookie_name));
    const auto f = flows_.take(r.param("state"), cookie, now());
    if (!f) {
        spdlog::info("an answer of {} came back that nobody here waits for", provider_.config().issuer);
        co_return back_to(0, "expired");
    }
    const auto key = network_of(door_.address_of(r));
    if (by_address_.wait(key, now())) co_return back_to(f->link, "wait");
    by_address_.failed(key, now());
    auto said = co_await claims_of(r, *f);
    const auto gone = sessions_.cookie(cookie_name, "", std::chrono::seconds{0}, "Lax");
    if (said.has_error()) {
        const auto word = word_for(said.error());
        if (word != "failed") by_address_.spared(key);
        if (word != "denied")
            spdlog::warn("a sign-in by {} failed: {}", provider_.config().issuer, said.error().what);
        auto out = back_to(f->link, word);
        out.cookies.push_back(gone);
        co_return out;
    }
    auto out = back_to(0, "");
    if (f->link != 0) {
        by_address_.spared(key);
        const auto word = co_await linked(std::move(*said), *f);
        out = back_to(f->link, word);
    } else if (const auto* u = people_.by_subject(provider_.config().issuer, said->subject);
               !u || u->disabled) {
        spdlog::info("{} speaks of somebody who is linked to no user", provider_.config().issuer);
        out = back_to(0, "not-linked");
    } else {
        by_address_.spared(key);
        const auto user = u->id;
        const bool second = provider_.proves_second(*said);
        auto in = co_await door_.enter_by_provider(user, second, f->session, std::move(r));
        if (in.has_error()) {
            spdlog::warn("user {} could not be let in: {}", user, in.error().what);
            out = back_to(0, "failed");
        } else {
            out.cookies = std::move(in->cookies);
        }
    }
    out.cookies.push_back(gone);
    co_return out;
}

}  // namespace kith::console
