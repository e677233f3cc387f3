#include "daemon/rulebook.hpp"

#include "daemon/async/pool_call.hpp"
#include "daemon/relations/departments.hpp"

namespace kith {

namespace {

struct loaded {
    std::shared_ptr<const matcher> made;
    yaml::findings errors;
};

loaded load(const std::string& folder, const std::string& house_language,
            const std::vector<std::string>& departments) {
    loaded out;
    auto set = load_playbooks(folder, out.errors);
    check_owners(departments, set, out.errors);
    if (!out.errors.empty()) return out;
    auto made = compile(std::move(set), out.errors);
    if (!out.errors.empty()) return out;
    run_tests(*made, house_language, out.errors);
    if (out.errors.empty()) out.made = std::move(made);
    return out;
}

}  // namespace

rulebook::rulebook(std::string folder, std::string house_language)
    : folder_(std::move(folder)), house_language_(std::move(house_language)) {}

awaitable<result<void>> rulebook::reload() {
    auto work = [folder = folder_, language = house_language_, departments = departments_] {
        return load(folder, language, departments);
    };
    auto got = co_await pool_call(pool_, std::move(work));
    errors_ = std::move(got.errors);
    if (!got.made) co_return fail(errc::invalid, errors_.text());
    current_ = std::move(got.made);
    loaded_at_ = now();
    co_return result<void>();
}

}  // namespace kith
