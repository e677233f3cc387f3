#include "daemon/relations/stage_book.hpp"

#include "daemon/async/pool_call.hpp"

namespace kith {

namespace {

struct loaded {
    std::shared_ptr<const stage_rules> made;
    yaml::findings errors;
};

loaded load(const std::string& folder) {
    loaded out;
    out.made = load_stage_rules(folder, out.errors);
    return out;
}

}  // namespace

awaitable<result<void>> stage_book::reload() {
    auto work = [folder = folder_] { return load(folder); };
    auto got = co_await pool_call(pool_, std::move(work));
    if (!got.made) co_return fail(errc::invalid, got.errors.text());
    current_ = std::move(got.made);
    co_return result<void>();
}

}  // namespace kith
