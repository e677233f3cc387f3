#include "daemon/store/sqlite/sqlite_relations_store.hpp"

#include "daemon/store/sqlite/relations.hpp"

namespace kith::sqlite {

awaitable<result<std::vector<relation_news>>> sqlite_relations_store::unread(std::size_t most) {
    return worker_.call<std::vector<relation_news>>(
        [most](database& db) { return sqlite::unread(db, most); });
}

awaitable<result<>> sqlite_relations_store::learn(std::vector<learned> what, rules_in_force rules) {
    return worker_.call<void>([what = std::move(what), rules = std::move(rules)](database& db) {
        sqlite::learn(db, what, *rules, now());
    });
}

awaitable<result<std::int64_t>> sqlite_relations_store::decay(rules_in_force rules, std::size_t most) {
    return worker_.call<std::int64_t>(
        [rules = std::move(rules), most](database& db) { return sqlite::decay(db, *rules, most, now()); });
}

awaitable<result<>> sqlite_relations_store::rules_are(std::string revision) {
    return worker_.call<void>(
        [revision = std::move(revision)](database& db) { sqlite::rules_are(db, revision); });
}

awaitable<result<>> sqlite_relations_store::stop_following(std::string account) {
    return worker_.call<void>(
        [account = std::move(account)](database& db) { sqlite::stop_following(db, account, now()); });
}

awaitable<result<std::vector<known_contact>>> sqlite_relations_store::contacts(contact_filter f) {
    return worker_.call<std::vector<known_contact>>(
        [f = std::move(f)](database& db) { return sqlite::contacts(db, f); });
}

awaitable<result<std::int64_t>> sqlite_relations_store::contact_number(std::string name,
                                                                       std::vector<std::string> accounts) {
    return worker_.call<std::int64_t>([name = std::move(name), accounts = std::move(accounts)](database& db) {
        return sqlite::contact_number(db, name, accounts);
    });
}

awaitable<result<shown_path>> sqlite_relations_store::contact(std::int64_t number) {
    return worker_.call<shown_path>([number](database& db) { return contact_path(db, number); });
}

awaitable<result<contact_export>> sqlite_relations_store::export_contact(std::int64_t number) {
    return worker_.call<contact_export>(
        [number](database& db) { return sqlite::export_contact(db, number); });
}

awaitable<result<>> sqlite_relations_store::merge(std::int64_t into, std::int64_t other, std::string reason,
                                                  std::string by, rules_in_force rules) {
    return worker_.call<void>([into, other, reason = std::move(reason), by = std::move(by),
                               rules = std::move(rules)](database& db) {
        sqlite::merge(db, into, other, reason, by, *rules, now());
    });
}

awaitable<result<>> sqlite_relations_store::split(std::int64_t identity, std::string reason, std::string by,
                                                  rules_in_force rules) {
    return worker_.call<void>(
        [identity, reason = std::move(reason), by = std::move(by), rules = std::move(rules)](database& db) {
            sqlite::split(db, identity, reason, by, *rules, now());
        });
}

awaitable<result<>> sqlite_relations_store::set_zone(std::int64_t number, std::string zone, std::string by) {
    return worker_.call<void>([number, zone = std::move(zone), by = std::move(by)](database& db) {
        sqlite::set_zone(db, number, zone, by, now());
    });
}

awaitable<result<forgotten_contact>> sqlite_relations_store::forget(std::int64_t number, std::string by) {
    return worker_.call<forgotten_contact>(
        [number, by = std::move(by)](database& db) { return sqlite::forget(db, number, by, now()); });
}

awaitable<result<bool>> sqlite_relations_store::scrub() {
    return worker_.call<bool>([](database& db) { return sqlite::scrub(db, now()); });
}

}  // namespace kith::sqlite
