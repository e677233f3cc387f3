#include "daemon/store/sqlite/audit.hpp"
#include "daemon/store/sqlite/migrations.hpp"
#include "daemon/store/sqlite/tables.hpp"

#include <span>

namespace kith::sqlite {

std::span<const embedded_file> migrations() noexcept {
    return sqlite_migrations;
}

void migrate(database& db) {
    std::int64_t version = 0;
    {
        auto r = db.query("PRAGMA user_version");
        r.next();
        version = r.number(0);
    }
    const auto newest = static_cast<std::int64_t>(migrations().size());
    if (version > newest)
        throw failure(fail(errc::invalid, "the database has schema " + std::to_string(version) +
                                              ", this kithd knows up to " + std::to_string(newest) +
                                              ": install the newer kithd that wrote it"));
    for (auto next = version; next < newest; ++next)  // each whole or not at all
        db.script("BEGIN IMMEDIATE;\n" + std::string(migrations()[static_cast<std::size_t>(next)].content) +
                  "\nPRAGMA user_version = " + std::to_string(next + 1) + ";\nCOMMIT;");
    link_old_record(db);
}

}  // namespace kith::sqlite
