/// No sequence of edits, reloads, clock changes and restarts gets a denied or unapproved text sent: the real
/// store, judging, rulebook and outbox, random steps, and a platform that looks at everything it is given.
#include "daemon/async/task_group.hpp"
#include "daemon/decide.hpp"
#include "daemon/deliver/outbox.hpp"
#include "daemon/judging.hpp"
#include "daemon/model/sha256.hpp"
#include "tests/deliver/watchful.hpp"
#include "tests/support/coroutine.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <spdlog/spdlog.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

namespace kith::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// The daemon's part that is between a stored message and a post.
class world {
 public:
    world() {
        set_clock_for_tests(noon);
        folder_ = fs::temp_directory_path() / ("kith-around-" + random_base32(10));
        fs::create_directories(folder_ / "playbooks/answers");
        fs::create_directories(folder_ / "policies/words");
        write("playbooks/answers/reset.yaml",
              "id: reset\nowner: support\ntext: {en: Use the link.}\nreview_by: 2030-01-01\n");
        write("policies/words/promotion.yaml",
              "topic: promotion\nwhy: w\nen:\n  anywhere: [buy now]\n"
              "tests:\n  - {language: en, text: buy now, expect: yes}\n  - {language: en, text: hello, "
              "expect: no}\n");
        write("policies/loopback.yaml", pack_of("loopback", regimes[0]));
        write_playbook("steps");
        write("policies/house.yaml", pack_of("house", regimes[0]));
        make();
        reload(0);
    }
    ~world() {
        stop();
        fs::remove_all(folder_);
        set_clock_for_tests({});
    }

    void hear(int i) {
        auto& m = theirs->messages["m" + std::to_string(i)];
        m.native_id = m.thread_id = "m" + std::to_string(i);
        m.revision = std::to_string(++revisions_);
        m.author.id = m.author.handle = "ann";
        m.addressed = true;
        m.way = way::mention;
        m.text = "how do I reset my password?";
        m.language = "en";
        m.written_at = now();
        tell(m);
    }
    /// Changed on the platform; `announced` or found out at the send.
    void their_edit(int i, bool announced) {
        const auto found = theirs->messages.find("m" + std::to_string(i));
        if (found == theirs->messages.end()) return;
        found->second.revision = std::to_string(++revisions_);
        if (announced) tell(found->second);
    }
    void their_delete(int i) { theirs->messages.erase("m" + std::to_string(i)); }

    void judge() {
        task_group work(io_->get_executor(), fail_test);
        work.spawn("judge", keep_judging(*account_, *store_, live_, *rules_, house_, canary_chance{}));
        run_until(*io_, [&] { return get(store_->unjudged("square", now(), 1)).empty(); });
        work.emit();
        run(*io_, work.wait());
    }
    void approve(int i) {
        const auto s = open(i);
        if (!s) return;
        const auto done = run(*io_, store_->approve(s->id, s->hash, "jo"));
        if (done.has_value()) allow_post(*s);
    }
    /// As at the console: there is a time in which it can be taken back.
    void approve_for_later(int i, std::chrono::minutes undo) {
        const auto s = open(i);
        if (!s) return;
        const auto done = run(*io_, store_->queue().approve(s->id, s->hash, "jo", undo));
        if (done.has_value()) allow_post(*s);
    }
    void undo(int i) {
        const auto s = in_state(i, suggestion_state::approved);
        if (!s) return;
        const auto done = run(*io_, store_->queue().undo(s->id, s->version, "mia"));
        if (done.has_value())
            theirs->approved.erase(watchful::yes(s->basis.target, s->basis.target_revision, s->basis.text));
    }
    void snooze(int i, std::chrono::minutes m) {
        if (const auto s = open(i)) run(*io_, store_->queue().snooze(s->id, s->version, now() + m, "jo"));
    }
    void handled(int i) {
        if (const auto s = open(i)) run(*io_, store_->queue().handled(s->id, s->version, "", "jo"));
    }
    /// Makes a link, and at another time follows it.
    void link(int i) {
        const auto known = links_.find(i);
        if (known == links_.end()) {
            const auto s = open(i);
            if (!s) return;
            approval_link l;
            l.suggestion_id = s->id;
            l.hash = s->hash;
            l.login = "jo";
            l.made_at = now();
            l.expires_at = l.made_at + 15min;
            const auto token = random_base32(10);
            get(store_->links().make(token, l));
            links_.emplace(i, token);
            return;
        }
        const auto token = known->second;
        links_.erase(known);
        const auto l = run(*io_, store_->links().use(token, now()));
        if (l.has_error()) return;
        const auto done = run(*io_, store_->queue().approve(l->suggestion_id, l->hash, "jo", 0ms));
        if (done.has_error()) return;
        const auto s = get(store_->find_suggestion(l->suggestion_id));
        EXPECT_EQ(s.hash, l->hash) << "a yes to what the link was not for";
        allow_post(s);
    }
    /// Approves what it was before somebody changed it.
    void approve_blindly(int i, const std::string& text) {
        const auto s = open(i);
        if (!s) return;
        our_edit(i, text);
        const auto now_open = open(i);
        const bool same = now_open && now_open->hash == s->hash;
        const auto done = run(*io_, store_->approve(s->id, s->hash, "jo"));
        EXPECT_TRUE(done.has_error() || same) << "a yes to a text that is no longer there";
        if (done.has_value()) allow_post(*s);
    }
    void our_edit(int i, const std::string& text) {
        const auto s = open(i);
        if (!s) return;
        const auto m = get(store_->find_message(s->message_id));
        const auto thread = run(*io_, theirs->fetch_thread(m.what)).value();
        const auto packs = rules_->packs();
        const auto standing = get(store_->standing(m.id, s->id, packs->wanted, now()));
        const judgement_input in{text,
                                 s->kind,
                                 s->basis.playbook,
                                 s->department,
                                 m,
                                 thread,
                                 theirs->supports().length(text),
                                 "loopback",
                                 *packs,
                                 standing,
                                 house_,
                                 account_->label,
                                 now()};
        run(*io_, store_->edit(s->id, s->version, text, kith::judge(in), "jo"));
    }
    void send() {
        outbox out(*account_, *store_, live_, *rules_, house_);
        task_group work(io_->get_executor(), fail_test);
        work.spawn("outbox", out.run());
        const auto all_sent = [&] { return get(store_->due_deliveries("square", now(), 1)).empty(); };
        run_until(*io_, all_sent, 3s);
        out.stop();
        run(*io_, work.wait());
    }
    void reload(std::size_t which) {
        write("policies/house.yaml", pack_of("house", regimes[which]));
        const auto done = run(*io_, rules_->reload());
        EXPECT_TRUE(done.has_value()) << rules_->errors().text();
        if (done.has_value()) theirs->now_in_force = regimes[which];
        run(*io_, judge_again_with_packs(*account_, *store_, live_, *rules_, house_));
    }
    void reload_broken() {
        write("policies/house.yaml", "pack: house\nrules: oops\n");
        EXPECT_TRUE(run(*io_, rules_->reload()).has_error());
    }
    void reload_playbook(const std::string& reply) {
        write_playbook(reply);
        run(*io_, rules_->reload());
    }
    void restart(std::size_t which) {
        stop();
        make();
        reload(which);
    }
    void pass(std::chrono::minutes m) {
        set_clock_for_tests(now() + m);
        run(*io_, store_->queue().wake(now()));
        run(*io_, store_->queue().expire(now()));
    }

    std::unique_ptr<watchful> keep;  ///< the platform outlives our restarts
    watchful* theirs = nullptr;

 private:
    static void fail_test(std::string_view name, std::string_view what) {
        ADD_FAILURE() << name << ": " << what;
    }
    void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }
    void write_playbook(const std::string& reply) {
        write("playbooks/p.yaml",
              "id: sign-in\ntitle: T\nowner: support\nstatus: live\nwhen:\n  any: [{phrase: reset my "
              "password}]\n"
              "say:\n  - {id: " +
                  reply +
                  ", kind: help, cites: [reset], text: {en: 'Hi. {{ answer.reset }}'}}\n"
                  "tests:\n  - {message: reset my password, expect: " +
                  reply + "}\n  - {message: hello, expect: nothing}\n");
    }
    static std::string pack_of(const std::string& name, const regime& r) {
        return "pack: " + name + "\ntitle: T\nsource: house\nchecked: 2026-11-01\nexpires: " +
               (name == "house" ? r.expires : "2030-01-01") +
               "\nrules:" + (name == "house" && !r.rules.empty() ? "\n" + r.rules : " []\n");
    }
    void make() {
        io_ = std::make_unique<asio::io_context>(1);
        store_ = open_sqlite((folder_ / "state").string());
        rule_sources from;
        from.playbooks = (folder_ / "playbooks").string();
        from.policies = (folder_ / "policies").string();
        from.platforms = {"loopback"};
        from.house_language = "en";
        rules_ = std::make_unique<rulebook>(std::move(from));
        account_config c;
        c.id = "square";
        c.platform = "loopback";
        account_ = std::make_unique<kith::account>(c, io_->get_executor());
        account_->label = automation_label::present;
        if (!keep) keep = std::make_unique<watchful>();
        theirs = keep.get();
        account_->platform = std::move(keep);
    }
    void stop() {
        keep.reset(static_cast<watchful*>(account_->platform.release()));
        account_.reset();
        rules_.reset();
        store_.reset();
        io_.reset();
    }
    template <class T>
    T get(awaitable<result<T>> call) {
        return run(*io_, std::move(call)).value();
    }
    void tell(const message& m) {
        batch b;
        b.events = {message_seen{m}};
        get(store_->accept("square", b));
    }
    std::optional<suggestion> open(int i) { return in_state(i, suggestion_state::open); }
    std::optional<suggestion> in_state(int i, suggestion_state state) {
        suggestion_filter f;
        f.states = {state};
        for (auto& s : get(store_->suggestions(f)))
            if (s.basis.target == "m" + std::to_string(i)) return s;
        return std::nullopt;
    }
    void allow_post(const suggestion& s) {
        theirs->approved.insert(watchful::yes(s.basis.target, s.basis.target_revision, s.basis.text));
    }

    fs::path folder_;
    std::unique_ptr<asio::io_context> io_;
    std::unique_ptr<store> store_;
    std::unique_ptr<rulebook> rules_;
    std::unique_ptr<kith::account> account_;
    live live_;
    house_facts house_;
    int revisions_ = 0;
    std::map<int, std::string> links_;
};

struct step {
    int act, which, much;
};

std::ostream& operator<<(std::ostream& out, const step& s) {
    static constexpr const char* names[] = {"hear",
                                            "edit of theirs",
                                            "deletion",
                                            "judge",
                                            "approve",
                                            "approve",
                                            "edit",
                                            "send",
                                            "send",
                                            "reload",
                                            "broken reload",
                                            "new playbook",
                                            "time",
                                            "restart",
                                            "silence",
                                            "approve blindly",
                                            "approve for later",
                                            "undo",
                                            "undo",
                                            "snooze",
                                            "handled",
                                            "link",
                                            "link"};
    return out << names[s.act] << " " << s.which << " " << s.much;
}

void take(world& w, const step& s) {
    static const std::string texts[] = {"Use the link.", "Use the link and buy now.", "Hi. Use the link.",
                                        ""};
    const auto which = static_cast<std::size_t>(s.much) % regimes.size();
    const auto& text = texts[static_cast<std::size_t>(s.much) % 4];
    switch (s.act) {
        case 0:
            return w.hear(s.which);
        case 1:
            return w.their_edit(s.which, s.much % 2 == 0);
        case 2:
            return w.their_delete(s.which);
        case 3:
            return w.judge();
        case 4:
        case 5:
            return w.approve(s.which);
        case 6:
            return w.our_edit(s.which, text);
        case 7:
        case 8:
            return w.send();
        case 9:
            return w.reload(which);
        case 10:
            return w.reload_broken();
        case 11:
            return w.reload_playbook(s.much % 2 == 0 ? "steps" : "other");
        case 12:
            return w.pass(std::chrono::minutes{(s.much - 20) * 60});
        case 13:
            return w.restart(which);
        case 14:
            w.theirs->silent = s.much % 3 == 0;
            return;
        case 15:
            return w.approve_blindly(s.which, text);
        case 16:
            return w.approve_for_later(s.which, std::chrono::minutes{s.much * 10});
        case 17:
        case 18:
            return w.undo(s.which);
        case 19:
            return w.snooze(s.which, std::chrono::minutes{s.much + 1});
        case 20:
            return w.handled(s.which);
        case 21:
        case 22:
            return w.link(s.which);
        default:
            return;
    }
}

TEST(no_path_around, a_reload_between_approval_and_send_is_seen) {
    world w;
    w.hear(0);
    w.judge();
    w.approve(0);
    w.reload(2);
    w.send();
    EXPECT_TRUE(w.theirs->posted.empty());
    w.reload(0);
    w.judge();
    w.approve(0);
    w.send();
    EXPECT_EQ(w.theirs->posted.size(), 1U);
    EXPECT_EQ(w.theirs->wrong, std::vector<std::string>{});
}

TEST(no_path_around, what_was_taken_back_is_not_sent) {
    world w;
    w.hear(0);
    w.judge();
    w.approve_for_later(0, 10min);
    w.undo(0);
    w.pass(20min);
    w.send();
    EXPECT_TRUE(w.theirs->posted.empty());
    w.link(0);
    w.link(0);
    w.send();
    EXPECT_EQ(w.theirs->posted.size(), 1U) << "a link is a yes";
    EXPECT_EQ(w.theirs->wrong, std::vector<std::string>{});
}

TEST(no_path_around, lets_no_denied_or_unapproved_text_out) {
    std::size_t posts = 0, tries = 0;
    const auto level = spdlog::get_level();
    spdlog::set_level(spdlog::level::off);  // hundreds of deliveries, all of them as they should be
    const bool held = rc::check("whatever the steps", [&posts, &tries] {
        // At full size: RapidCheck would shrink the ranges themselves, and leave out the later acts.
        const auto one = rc::gen::resize(
            rc::kNominalSize, rc::gen::construct<step>(rc::gen::inRange(0, 23), rc::gen::inRange(0, 3),
                                                       rc::gen::inRange(0, 60)));
        const auto steps = *rc::gen::resize(20, rc::gen::container<std::vector<step>>(one));
        world w;
        // Something is always on its way, so that no run is about nothing.
        w.hear(0);
        w.judge();
        w.approve(0);
        for (const auto& s : steps) take(w, s);
        w.judge();
        w.approve(0);
        w.send();
        posts += w.theirs->posted.size();
        ++tries;
        RC_ASSERT(w.theirs->wrong == std::vector<std::string>{});
    });
    spdlog::set_level(level);
    EXPECT_TRUE(held);
    EXPECT_GT(5 * posts, tries) << "replies that are right do go out";
}

}  // namespace
}  // namespace kith::test
