// What happened to one message.
#include "daemon/store/sqlite/tables.hpp"

#include <charconv>

namespace kith::sqlite {

std::int64_t message_number(database& db, const std::string& number_or_native_id) {
    std::int64_t number = 0;
    const char* end = number_or_native_id.data() + number_or_native_id.size();
    const auto [at, ec] = std::from_chars(number_or_native_id.data(), end, number);
    if (ec == std::errc{} && at == end) {
        auto r = db.query("SELECT id FROM messages WHERE id = ?", number);
        if (r.next()) return number;
    }
    auto r = db.query("SELECT id FROM messages WHERE native_id = ?1 OR url = ?1 ORDER BY id DESC LIMIT 1",
                      number_or_native_id);
    if (!r.next())
        throw failure(
            fail(errc::not_found, "there is no message '" + number_or_native_id +
                                      "': give its number, its address on the platform, or its link"));
    return r.number(0);
}

message_history history(database& db, std::int64_t message_id) {
    message_history out;
    out.message = read_message(db, message_id);
    {
        auto r = db.query("SELECT trace FROM traces WHERE message_id = ? ORDER BY id", message_id);
        while (r.next()) out.traces.push_back(r.text(0));
    }
    out.suggestions = suggestions_of(db, message_id);
    auto r = db.query(
        "SELECT r.number, at, actor, act, message_id, suggestion_id,"
        " COALESCE(detail, CASE WHEN commitment = '' THEN '' ELSE '(erased)' END) FROM record r"
        " LEFT JOIN record_details d ON d.number = r.number WHERE message_id = ? ORDER BY r.number",
        message_id);
    while (r.next())
        out.record.push_back(
            {r.number(0), r.time(1), r.text(2), r.text(3), r.number(4), r.number(5), r.text(6)});
    return out;
}

}  // namespace kith::sqlite
