// Figures. Rows come from covering indexes, oldest first, and are counted here: SQL knows no medians.
#include "daemon/store/sqlite/stats.hpp"

#include "daemon/model/json.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <tuple>

namespace kith::sqlite {

namespace {

/// Which step a moment belongs to, for moments that rise.
class stepper {
 public:
    explicit stepper(const std::vector<timestamp>& borders) : borders_(borders) {}
    std::size_t at(timestamp t) {
        while (step_ + 2 < borders_.size() && borders_[step_ + 1] <= t) ++step_;
        return step_;
    }

 private:
    const std::vector<timestamp>& borders_;
    std::size_t step_ = 0;
};

std::size_t steps_of(const stats_filter& f) {
    if (f.borders.size() < 2) throw failure(fail(errc::invalid, "a time has a beginning and an end"));
    return f.borders.size() - 1;
}

using spans = std::vector<std::int64_t>;

/// The smallest value that `percent` of all do not exceed.
std::int64_t rank(spans& all, std::size_t percent) {
    if (all.empty()) return 0;
    const auto n = (all.size() * percent + 99) / 100 - 1;
    const auto place = all.begin() + static_cast<std::ptrdiff_t>(n);
    std::nth_element(all.begin(), place, all.end());
    return *place;
}

answer_times times_of(spans& all) {
    answer_times out;
    out.answered = static_cast<std::int64_t>(all.size());
    out.median = std::chrono::microseconds{rank(all, 50)};
    out.p90 = std::chrono::microseconds{rank(all, 90)};
    return out;
}

template <class Query, class Add>
void count_by_step(const stats_filter& f, Query query, Add add) {
    stepper where(f.borders);
    auto r = query();
    while (r.next()) add(where.at(r.time(0)), r);
}

}  // namespace

std::string texts_for_sql(const std::vector<std::string>& texts) {
    return boost::json::serialize(to_json(texts));
}

std::vector<queue_step> queue_over_time(database& db, const stats_filter& f) {
    std::vector<queue_step> out(steps_of(f));
    const auto from = f.borders.front(), to = f.borders.back();
    const auto departments = texts_for_sql(f.departments), accounts = texts_for_sql(f.accounts);
    std::int64_t waiting = 0;
    {
        auto r = db.query(
            "SELECT (SELECT COUNT(*) FROM suggestion_facts WHERE leads = 1 AND created_at < ?1"
            " AND (?2 = '[]' OR department IN (SELECT value FROM json_each(?2)))"
            " AND (?3 = '[]' OR account IN (SELECT value FROM json_each(?3))))"
            " - (SELECT COUNT(*) FROM suggestion_facts WHERE leads = 1 AND ended_at < ?1"
            " AND (?2 = '[]' OR department IN (SELECT value FROM json_each(?2)))"
            " AND (?3 = '[]' OR account IN (SELECT value FROM json_each(?3))))",
            from, departments, accounts);
        r.next();
        waiting = r.number(0);
    }
    const auto came = [&] {
        return db.query(
            "SELECT created_at FROM suggestion_facts WHERE leads = 1 AND created_at >= ?1 AND created_at < ?2"
            " AND (?3 = '[]' OR department IN (SELECT value FROM json_each(?3)))"
            " AND (?4 = '[]' OR account IN (SELECT value FROM json_each(?4))) ORDER BY created_at",
            from, to, departments, accounts);
    };
    const auto went = [&] {
        return db.query(
            "SELECT ended_at FROM suggestion_facts WHERE leads = 1 AND ended_at >= ?1 AND ended_at < ?2"
            " AND (?3 = '[]' OR department IN (SELECT value FROM json_each(?3)))"
            " AND (?4 = '[]' OR account IN (SELECT value FROM json_each(?4))) ORDER BY ended_at",
            from, to, departments, accounts);
    };
    count_by_step(f, came, [&](std::size_t step, const rows&) { ++out[step].came; });
    count_by_step(f, went, [&](std::size_t step, const rows&) { ++out[step].went; });
    for (auto& step : out) {
        waiting += step.came - step.went;
        step.waiting = waiting;
    }
    return out;
}

answer_time_figures time_to_answer(database& db, const stats_filter& f) {
    std::vector<spans> steps(steps_of(f));
    std::map<std::string, spans> departments;
    spans all;
    const auto answered = [&] {
        return db.query(
            "SELECT ended_at, received_at, department FROM suggestion_facts"
            " WHERE outcome IN ('as-is', 'edited') AND ended_at >= ?1 AND ended_at < ?2"
            " AND purpose = 'answer' AND (?3 = '[]' OR department IN (SELECT value FROM json_each(?3)))"
            " AND (?4 = '[]' OR account IN (SELECT value FROM json_each(?4))) ORDER BY ended_at",
            f.borders.front(), f.borders.back(), texts_for_sql(f.departments), texts_for_sql(f.accounts));
    };
    count_by_step(f, answered, [&](std::size_t step, const rows& r) {
        // The platform's clock may be ahead of ours.
        const auto took = std::max<std::int64_t>(0, r.number(0) - r.number(1));
        steps[step].push_back(took);
        departments[r.text(2)].push_back(took);
        all.push_back(took);
    });
    answer_time_figures out;
    for (auto& step : steps) out.steps.push_back(times_of(step));
    for (auto& [department, taken] : departments) out.departments.emplace(department, times_of(taken));
    out.all = times_of(all);
    return out;
}

std::vector<outcome_count> outcomes(database& db, const stats_filter& f) {
    steps_of(f);
    const auto from = f.borders.front(), to = f.borders.back();
    const auto departments = texts_for_sql(f.departments), accounts = texts_for_sql(f.accounts);
    std::map<std::tuple<std::string, std::string, std::string>, std::pair<std::int64_t, spans>> all;
    {
        auto r = db.query(
            "SELECT playbook, outcome, reason, distance FROM suggestion_facts"
            " WHERE ended_at >= ?1 AND ended_at < ?2"
            " AND (?3 = '[]' OR department IN (SELECT value FROM json_each(?3)))"
            " AND (?4 = '[]' OR account IN (SELECT value FROM json_each(?4)))",
            from, to, departments, accounts);
        while (r.next()) {
            auto& [count, distances] = all[{r.text(0), r.text(1), r.text(2)}];
            ++count;
            if (r.number(3) > 0) distances.push_back(r.number(3));
        }
    }
    {
        auto r = db.query(
            "SELECT playbook, COUNT(*) FROM denials WHERE at >= ?1 AND at < ?2"
            " AND (?3 = '[]' OR department IN (SELECT value FROM json_each(?3)))"
            " AND (?4 = '[]' OR account IN (SELECT value FROM json_each(?4))) GROUP BY playbook",
            from, to, departments, accounts);
        while (r.next()) all[{r.text(0), "denied", ""}].first += r.number(1);
    }
    std::vector<outcome_count> out;
    for (auto& [key, value] : all)
        out.push_back(
            {std::get<0>(key), std::get<1>(key), std::get<2>(key), value.first, rank(value.second, 50)});
    return out;
}

std::vector<kind_step> kinds(database& db, const stats_filter& f) {
    std::vector<kind_step> out(steps_of(f));
    const auto posted = [&] {
        return db.query(
            "SELECT ended_at, kind = 'offer' FROM suggestion_facts WHERE outcome IN ('as-is', 'edited')"
            " AND ended_at >= ?1 AND ended_at < ?2"
            " AND (?3 = '[]' OR department IN (SELECT value FROM json_each(?3)))"
            " AND (?4 = '[]' OR account IN (SELECT value FROM json_each(?4))) ORDER BY ended_at",
            f.borders.front(), f.borders.back(), texts_for_sql(f.departments), texts_for_sql(f.accounts));
    };
    count_by_step(f, posted, [&](std::size_t step, const rows& r) {
        ++(r.flag(1) ? out[step].promotional : out[step].helpful);
    });
    return out;
}

path_figures path_flow(database& db, const stats_filter& f) {
    steps_of(f);
    const auto accounts = texts_for_sql(f.accounts);
    path_figures out;
    {
        auto r = db.query(
            "SELECT from_stage, to_stage, COUNT(*) FROM stage_moves WHERE at >= ?1 AND at < ?2"
            " AND (?3 = '[]' OR account IN (SELECT value FROM json_each(?3))) GROUP BY 1, 2 ORDER BY 1, 2",
            f.borders.front(), f.borders.back(), accounts);
        while (r.next()) out.moves.push_back({r.text(0), r.text(1), r.number(2)});
    }
    // The row with a group's greatest id: SQLite gives the other columns from it.
    auto r = db.query(
        "SELECT to_stage, COUNT(*) FROM (SELECT to_stage, MAX(id) FROM stage_moves WHERE at < ?1"
        " AND (?2 = '[]' OR account IN (SELECT value FROM json_each(?2))) GROUP BY contact, account)"
        " WHERE to_stage <> '' GROUP BY to_stage",
        f.borders.back(), accounts);
    while (r.next()) out.stages[r.text(0)] = r.number(1);
    return out;
}

std::vector<catch_step> catches_over_time(database& db, const stats_filter& f) {
    std::vector<catch_step> out(steps_of(f));
    const auto decided = [&] {
        return db.query(
            "SELECT decided_at, state = 'caught' FROM canaries c WHERE state <> 'open' AND decided_at >= ?1"
            " AND decided_at < ?2 AND (?3 = '[]' OR department IN (SELECT value FROM json_each(?3)))"
            " AND (?4 = '[]' OR (SELECT account FROM suggestions s WHERE s.id = c.suggestion_id)"
            "  IN (SELECT value FROM json_each(?4))) ORDER BY decided_at",
            f.borders.front(), f.borders.back(), texts_for_sql(f.departments), texts_for_sql(f.accounts));
    };
    count_by_step(f, decided, [&](std::size_t step, const rows& r) {
        ++(r.flag(1) ? out[step].caught : out[step].missed);
    });
    return out;
}

}  // namespace kith::sqlite
