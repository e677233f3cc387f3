#include "daemon/digest/desk.hpp"

#include "daemon/relations/departments.hpp"

namespace kith {

namespace {

constexpr std::chrono::hours unanswered_for{24 * 30};
constexpr std::size_t most_listed = 20;

}  // namespace

department_desk::department_desk(kith::store& s, const rulebook& rules, const config& settings,
                                 words_source words)
    : store_(s), rules_(rules), settings_(settings), words_(std::move(words)) {}

std::vector<department_config> department_desk::departments() const {
    return departments_of(settings_.departments, rules_.current()->set());
}

std::optional<department_config> department_desk::find(const std::string& id) const {
    for (auto& d : departments())
        if (d.id == id) return d;
    return std::nullopt;
}

std::vector<answer_standing> department_desk::answers(timestamp at) const {
    return answer_standings(rules_.current()->set(), at, settings_.answer_notice);
}

awaitable<result<std::vector<unanswered_message>>> department_desk::unanswered(timestamp at) const {
    co_return co_await unanswered(at - unanswered_for, at);
}

awaitable<result<std::vector<unanswered_message>>> department_desk::unanswered(timestamp since,
                                                                               timestamp until) const {
    auto found = co_await store_.departments().unanswered(since, until, most_unanswered);
    if (found.has_error()) co_return found.error();
    const auto current = rules_.current();
    for (auto& m : *found) m.department = department_of(m, current->set());
    co_return found;
}

awaitable<result<std::map<std::string, answer_tally>>> department_desk::outcomes(timestamp at) const {
    const auto found = co_await posted(at - outcomes_of, timestamp::max());
    if (found.has_error()) co_return found.error();
    co_return tally(*found, at);
}

awaitable<result<std::vector<posted_reply>>> department_desk::posted(timestamp since, timestamp until) const {
    co_return co_await store_.departments().posted(since, until, solved_after, most_posted);
}

std::map<std::string, answer_tally> department_desk::tally(const std::vector<posted_reply>& replies,
                                                           timestamp at) const {
    const auto words = words_ ? words_() : nullptr;
    return tally_answers(replies, at, words.get());
}

helped department_desk::judge(const posted_reply& r, timestamp at) const {
    const auto words = words_ ? words_() : nullptr;
    return judge_help(r, at, words.get());
}

awaitable<result<digest_facts>> department_desk::facts(std::string department, timestamp since,
                                                       timestamp until, timestamp at) const {
    const auto who = find(department);
    if (!who) co_return fail(errc::not_found, "there is no department '" + department + "'");
    digest_facts f;
    f.house = settings_.house_name;
    f.department = department;
    f.name = who->name;
    f.zone = who->digest ? who->digest->when.zone : "UTC";
    f.link = settings_.public_url.empty() ? "" : settings_.public_url + "/console";
    f.since = since;
    f.until = until;
    f.at = at;
    auto counts = co_await store_.departments().counts();
    if (counts.has_error()) co_return counts.error();
    f.counts = (*counts)[department];
    const auto period = co_await store_.departments().period(department, since, until);
    if (period.has_error()) co_return period.error();
    f.period = *period;
    question_filter asked;
    asked.department = department;
    asked.waiting_only = true;
    asked.most = most_listed;
    auto waiting = co_await store_.departments().questions(std::move(asked));
    if (waiting.has_error()) co_return waiting.error();
    f.waiting = std::move(*waiting);
    const auto silent = co_await unanswered(at);
    if (silent.has_error()) co_return silent.error();
    for (const auto& m : *silent) {
        if (m.department != department) continue;
        if (++f.unanswered_count <= static_cast<std::int64_t>(most_listed)) f.unanswered.push_back(m);
    }
    auto all = co_await outcomes(at);
    if (all.has_error()) co_return all.error();
    for (auto& a : answers(at)) {
        if (a.owner != department) continue;
        const auto t = all->find(a.id);
        if (t != all->end()) f.outcome.insert(*t);
        f.answers.push_back(std::move(a));
    }
    co_return f;
}

}  // namespace kith
