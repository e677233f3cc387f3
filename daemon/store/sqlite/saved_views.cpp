// Filters that people keep.
#include "daemon/store/sqlite/queue_items.hpp"

namespace kith::sqlite {

namespace {

saved_view read_view(const rows& r) {
    return {r.number(0), r.number(1), r.text(2), r.text(3), r.text(4), r.text(5)};
}

[[noreturn]] void outdated(std::int64_t id) {
    throw failure(
        fail(errc::outdated, "view " + std::to_string(id) + " changed meanwhile: look at it again"));
}

}  // namespace

std::vector<saved_view> views_for(database& db, const std::string& login, const visible_part& visible) {
    std::vector<saved_view> out;
    auto r = db.query(
        "SELECT id, version, name, query, department, owner FROM views WHERE owner = ?1 OR (department <> ''"
        " AND (?2 = '[]' OR department IN (SELECT value FROM json_each(?2)))) ORDER BY department, name, id",
        login, names_as_json(visible.departments));
    while (r.next()) out.push_back(read_view(r));
    return out;
}

saved_view read_view(database& db, std::int64_t id) {
    auto r = db.query("SELECT id, version, name, query, department, owner FROM views WHERE id = ?", id);
    if (!r.next()) throw failure(fail(errc::not_found, "there is no view " + std::to_string(id)));
    return read_view(r);
}

saved_view add_view(database& db, const saved_view& v) {
    db.run("INSERT INTO views (name, query, department, owner) VALUES (?, ?, ?, ?)", v.name, v.query,
           v.department, v.owner);
    return read_view(db, db.last_id());
}

saved_view change_view(database& db, const saved_view& v) {
    if (db.run("UPDATE views SET name = ?, query = ?, department = ?, version = version + 1 WHERE id = ? AND "
               "version = ?",
               v.name, v.query, v.department, v.id, v.version) == 0)
        outdated(v.id);
    return read_view(db, v.id);
}

void remove_view(database& db, std::int64_t id, std::int64_t version) {
    if (db.run("DELETE FROM views WHERE id = ? AND version = ?", id, version) == 0) outdated(id);
}

}  // namespace kith::sqlite
