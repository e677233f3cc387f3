#include "daemon/console/figures.hpp"

#include "daemon/model/local_time.hpp"

#include <boost/json/array.hpp>

#include <array>

namespace kith::console {

namespace json = boost::json;

namespace {

std::string moment(timestamp t) {
    return to_rfc3339(t, 3);
}

json::value seconds(std::chrono::microseconds span) {
    return std::chrono::duration_cast<std::chrono::seconds>(span).count();
}

double rate(std::int64_t part, std::int64_t of) {
    return of == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(of);
}

figure begun(std::string name, std::string unit, const stats_query& q) {
    figure out;
    out.name = std::move(name);
    out.unit = std::move(unit);
    out.more = {{"from", moment(q.from())}, {"to", moment(q.to())}, {"zone", q.zone}};
    return out;
}

/// A row that begins with its step.
std::vector<figure_cell> step_row(const stats_query& q, std::size_t i) {
    return {{spell(local_day(q.zone, q.filter.borders[i])), ""},
            {moment(q.filter.borders[i]), ""},
            {moment(q.filter.borders[i + 1]), ""}};
}

figure_part steps_part(std::vector<std::string> columns) {
    figure_part out;
    out.name = "steps";
    out.columns = {"day", "from", "to"};
    for (auto& c : columns) out.columns.push_back(std::move(c));
    return out;
}

awaitable<result<figure>> queue_over_time(api_context& c, stats_query q, timestamp) {
    const auto steps = co_await c.store.stats().queue_over_time(q.filter);
    if (steps.has_error()) co_return steps.error();
    auto out = begun("queue-over-time", "messages", q);
    auto part = steps_part({"came", "went", "waiting"});
    for (std::size_t i = 0; i < steps->size(); ++i) {
        const auto& step = (*steps)[i];
        const auto from = q.filter.borders[i], to = q.filter.borders[i + 1];
        auto row = step_row(q, i);
        row.push_back({step.came, items_of(out.name, q, from, to, {{"set", "came"}})});
        row.push_back({step.went, items_of(out.name, q, from, to, {{"set", "went"}})});
        row.push_back({step.waiting, items_of(out.name, q, from, to, {{"set", "waiting"}})});
        part.rows.push_back(std::move(row));
    }
    out.parts.push_back(std::move(part));
    co_return out;
}

void add_times(std::vector<figure_cell>& row, const answer_times& t, const std::string& items) {
    row.push_back({t.answered, items});
    row.push_back({t.answered ? seconds(t.median) : json::value(nullptr), items});
    row.push_back({t.answered ? seconds(t.p90) : json::value(nullptr), items});
}

awaitable<result<figure>> time_to_answer(api_context& c, stats_query q, timestamp) {
    const auto times = co_await c.store.stats().time_to_answer(q.filter);
    if (times.has_error()) co_return times.error();
    auto out = begun("time-to-answer", "seconds", q);
    const auto goal = [](std::chrono::milliseconds g) {
        return g.count() == 0 ? json::value(nullptr) : seconds(g);
    };
    auto part = steps_part({"answered", "median", "p90"});
    for (std::size_t i = 0; i < times->steps.size(); ++i) {
        auto row = step_row(q, i);
        add_times(row, times->steps[i],
                  items_of(out.name, q, q.filter.borders[i], q.filter.borders[i + 1], {}));
        part.rows.push_back(std::move(row));
    }
    out.parts.push_back(std::move(part));
    std::map<std::string, std::chrono::milliseconds> goals;
    for (const auto& d : c.desk.departments())
        goals[d.id] = d.answer_within.count() ? d.answer_within : c.answer_within;
    figure_part departments{"departments", {"department", "answered", "median", "p90", "goal"}, {}};
    for (const auto& [id, t] : times->departments) {
        auto of_one = q;
        of_one.department = id;
        std::vector<figure_cell> row{{id, ""}};
        add_times(row, t, items_of(out.name, of_one, q.from(), q.to(), {}));
        const auto g = goals.find(id);
        row.push_back({goal(g == goals.end() ? c.answer_within : g->second), ""});
        departments.rows.push_back(std::move(row));
    }
    out.parts.push_back(std::move(departments));
    out.more["goal"] = goal(c.answer_within);
    if (q.filter.departments.size() == 1 && goals.contains(q.filter.departments[0]))
        out.more["goal"] = goal(goals[q.filter.departments[0]]);
    const auto& all = times->all;
    out.more["answered"] = all.answered;
    out.more["median"] = all.answered ? seconds(all.median) : json::value(nullptr);
    out.more["p90"] = all.answered ? seconds(all.p90) : json::value(nullptr);
    co_return out;
}

awaitable<result<figure>> outcomes_by_playbook(api_context& c, stats_query q, timestamp) {
    const auto counts = co_await c.store.stats().outcomes(q.filter);
    if (counts.has_error()) co_return counts.error();
    auto out = begun("outcomes-by-playbook", "suggestions", q);
    const auto current = c.rules.current();
    figure_part part{"rows", {"playbook", "title", "outcome", "reason", "count", "median_distance"}, {}};
    for (const auto& n : *counts) {
        const auto* p = current->set().find(n.playbook);
        std::vector<std::pair<std::string, std::string>> which{{"playbook", n.playbook},
                                                               {"outcome", n.outcome}};
        if (n.outcome == "rejected") which.emplace_back("reason", n.reason.empty() ? "-" : n.reason);
        part.rows.push_back({{n.playbook, ""},
                             {p ? p->title : n.playbook, ""},
                             {n.outcome, ""},
                             {n.reason, ""},
                             {n.count, items_of(out.name, q, q.from(), q.to(), which)},
                             {n.outcome == "edited" ? json::value(n.median_distance) : nullptr, ""}});
    }
    out.parts.push_back(std::move(part));
    co_return out;
}

awaitable<result<figure>> helpful_promotional(api_context& c, stats_query q, timestamp) {
    const auto steps = co_await c.store.stats().kinds(q.filter);
    if (steps.has_error()) co_return steps.error();
    auto out = begun("helpful-promotional", "replies", q);
    auto part = steps_part({"helpful", "promotional"});
    std::int64_t helpful = 0, promotional = 0;
    for (std::size_t i = 0; i < steps->size(); ++i) {
        const auto& step = (*steps)[i];
        const auto from = q.filter.borders[i], to = q.filter.borders[i + 1];
        auto row = step_row(q, i);
        row.push_back({step.helpful, items_of(out.name, q, from, to, {{"kind", "helpful"}})});
        row.push_back({step.promotional, items_of(out.name, q, from, to, {{"kind", "offer"}})});
        part.rows.push_back(std::move(row));
        helpful += step.helpful;
        promotional += step.promotional;
    }
    out.parts.push_back(std::move(part));
    out.more["helpful"] = helpful;
    out.more["promotional"] = promotional;
    // Nothing promotional: there is no ratio.
    out.more["helpful_per_promotional"] =
        promotional ? json::value(rate(helpful, promotional)) : json::value(nullptr);
    co_return out;
}

/// In a query "none" stands for no stage.
std::string stage_word(const std::string& stage) {
    return stage.empty() ? "none" : stage;
}

awaitable<result<figure>> path_flow(api_context& c, stats_query q, timestamp) {
    const auto path = co_await c.store.stats().path_flow(q.filter);
    if (path.has_error()) co_return path.error();
    auto out = begun("path-flow", "contacts", q);
    figure_part moves{"moves", {"from", "to", "count"}, {}};
    for (const auto& m : path->moves)
        moves.rows.push_back(
            {{stage_word(m.from), ""},
             {stage_word(m.to), ""},
             {m.count, items_of(out.name, q, q.from(), q.to(),
                                {{"from_stage", stage_word(m.from)}, {"to_stage", stage_word(m.to)}})}});
    out.parts.push_back(std::move(moves));
    // One on two accounts stands in two places, and is counted in both.
    figure_part stages{"stages", {"stage", "contacts"}, {}};
    for (const auto stage : {"attention", "attraction", "affinity", "audience", "advocate"}) {
        const auto n = path->stages.find(stage);
        const std::int64_t contacts = n == path->stages.end() ? 0 : n->second;
        stages.rows.push_back(
            {{stage, ""},
             {contacts, items_of(out.name, q, q.from(), q.to(), {{"set", "stand"}, {"to_stage", stage}})}});
    }
    out.parts.push_back(std::move(stages));
    co_return out;
}

struct age_class {
    std::string_view column;
    std::chrono::seconds below;
};
constexpr std::array<age_class, 5> ages = {{{"under_1h", std::chrono::hours{1}},
                                            {"under_4h", std::chrono::hours{4}},
                                            {"under_1d", std::chrono::hours{24}},
                                            {"under_3d", std::chrono::hours{72}},
                                            {"older", std::chrono::hours{24 * 10'000}}}};

awaitable<result<figure>> unanswered(api_context& c, stats_query q, timestamp at) {
    const auto until = std::min(q.to(), at);  // today ends this evening, and nothing waits since then
    const auto found = co_await c.desk.unanswered(q.from(), q.to());
    if (found.has_error()) co_return found.error();
    struct tally {
        std::int64_t all = 0;
        timestamp oldest = timestamp::max();
        std::array<std::int64_t, ages.size()> by_age{};
    };
    std::map<std::string, tally> departments;
    for (const auto& m : *found) {
        if (!is_asked(q.filter, m.department, m.account)) continue;
        auto& t = departments[m.department];
        ++t.all;
        t.oldest = std::min(t.oldest, m.received_at);
        for (std::size_t i = 0; i < ages.size(); ++i) {
            if (until - m.received_at >= ages[i].below) continue;
            ++t.by_age[i];
            break;
        }
    }
    auto out = begun("unanswered", "messages", q);
    figure_part part{"departments", {"department", "count", "oldest"}, {}};
    for (const auto& a : ages) part.columns.emplace_back(a.column);
    for (const auto& [id, t] : departments) {
        const auto which = [&](std::string_view age) {
            return items_of(out.name, q, q.from(), q.to(),
                            {{"of", id.empty() ? "house" : id}, {"age", std::string(age)}});
        };
        std::vector<figure_cell> row{{id, ""}, {t.all, which("")}, {seconds(until - t.oldest), ""}};
        for (std::size_t i = 0; i < ages.size(); ++i) row.push_back({t.by_age[i], which(ages[i].column)});
        part.rows.push_back(std::move(row));
    }
    out.parts.push_back(std::move(part));
    out.more["whole"] = found->size() < department_desk::most_unanswered;
    co_return out;
}

awaitable<result<figure>> answers_that_solve(api_context& c, stats_query q, timestamp at) {
    auto found = co_await c.desk.posted(q.from(), q.to());
    if (found.has_error()) co_return found.error();
    const bool whole = found->size() < department_desk::most_posted;
    std::erase_if(*found,
                  [&](const posted_reply& r) { return !is_asked(q.filter, r.department, r.account); });
    const auto tallies = c.desk.tally(*found, at);
    const auto current = c.rules.current();
    auto out = begun("answers-that-solve", "replies", q);
    figure_part part{
        "answers", {"answer", "owner", "posted", "solved", "not_solved", "undecided", "rate"}, {}};
    for (const auto& [id, t] : tallies) {
        const auto a = current->set().answers.find(id);
        const auto which = [&](std::string_view outcome) {
            return items_of(out.name, q, q.from(), q.to(),
                            {{"answer", id}, {"outcome", std::string(outcome)}});
        };
        const auto decided = t.solved + t.not_solved;
        part.rows.push_back({{id, ""},
                             {a == current->set().answers.end() ? "" : a->second.owner, ""},
                             {t.posted, which("")},
                             {t.solved, which("solved")},
                             {t.not_solved, which("not_solved")},
                             {t.undecided, which("undecided")},
                             {decided ? json::value(rate(t.solved, decided)) : nullptr, ""}});
    }
    out.parts.push_back(std::move(part));
    out.more["whole"] = whole;
    co_return out;
}

awaitable<result<figure>> canaries(api_context& c, stats_query q, timestamp) {
    const auto steps = co_await c.store.stats().canaries(q.filter);
    if (steps.has_error()) co_return steps.error();
    auto out = begun("canaries", "canaries", q);
    auto part = steps_part({"caught", "missed", "rate"});
    std::int64_t caught = 0, missed = 0;
    for (std::size_t i = 0; i < steps->size(); ++i) {
        const auto& step = (*steps)[i];
        const auto from = q.filter.borders[i], to = q.filter.borders[i + 1];
        const auto shown = step.caught + step.missed;
        auto row = step_row(q, i);
        row.push_back({step.caught, items_of(out.name, q, from, to, {{"outcome", "caught"}})});
        row.push_back({step.missed, items_of(out.name, q, from, to, {{"outcome", "missed"}})});
        row.push_back({shown ? json::value(rate(step.caught, shown)) : nullptr, ""});
        part.rows.push_back(std::move(row));
        caught += step.caught;
        missed += step.missed;
    }
    out.parts.push_back(std::move(part));
    out.more["caught"] = caught;
    out.more["missed"] = missed;
    out.more["rate"] = caught + missed ? json::value(rate(caught, caught + missed)) : nullptr;
    co_return out;
}

awaitable<result<figure>> account_health(api_context& c, stats_query q, timestamp) {
    const auto intervals = co_await account_intervals(c, q.filter);
    if (intervals.has_error()) co_return intervals.error();
    const auto gaps = co_await c.store.stats().gaps(q.filter);
    if (gaps.has_error()) co_return gaps.error();
    auto out = begun("account-health", "intervals", q);
    figure_part part{"intervals", {"account", "state", "detail", "from", "to"}, {}};
    for (const auto& i : *intervals) {
        auto of_one = q;
        of_one.account = i.account;
        part.rows.push_back({{i.account, ""},
                             {i.state, items_of("queue-over-time", of_one, i.from, i.to, {{"set", "came"}})},
                             {i.detail, ""},
                             {moment(i.from), ""},
                             {moment(i.to), ""}});
    }
    out.parts.push_back(std::move(part));
    figure_part marked{"gaps", {"account", "from", "to", "cause"}, {}};
    for (const auto& g : *gaps)
        marked.rows.push_back({{g.account, ""}, {moment(g.from), ""}, {moment(g.to), ""}, {g.cause, ""}});
    out.parts.push_back(std::move(marked));
    co_return out;
}

constexpr std::array<figure_maker, 9> all_figures = {{{"account-health", account_health},
                                                      {"answers-that-solve", answers_that_solve},
                                                      {"canaries", canaries},
                                                      {"helpful-promotional", helpful_promotional},
                                                      {"outcomes-by-playbook", outcomes_by_playbook},
                                                      {"path-flow", path_flow},
                                                      {"queue-over-time", queue_over_time},
                                                      {"time-to-answer", time_to_answer},
                                                      {"unanswered", unanswered}}};

}  // namespace

awaitable<result<std::vector<account_interval>>> account_intervals(api_context& c, stats_filter f) {
    std::vector<std::string> all;
    for (const auto& a : c.accounts) all.push_back(a.config.id);
    const auto noted = co_await c.store.stats().still(std::move(all), now());
    if (noted.has_error()) co_return noted.error();
    co_return co_await c.store.stats().intervals(std::move(f));
}

std::span<const figure_maker> figures() noexcept {
    return all_figures;
}

std::string items_of(std::string_view figure, const stats_query& q, timestamp from, timestamp to,
                     std::vector<std::pair<std::string, std::string>> more) {
    std::vector<std::pair<std::string, std::string>> all{
        {"figure", std::string(figure)}, {"from", to_rfc3339(from)}, {"to", to_rfc3339(to)}};
    if (!q.department.empty()) all.emplace_back("department", q.department);
    if (!q.account.empty()) all.emplace_back("account", q.account);
    for (auto& m : more) all.push_back(std::move(m));
    return items_query(all);
}

}  // namespace kith::console
