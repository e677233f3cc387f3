#include "daemon/match/event.hpp"
#include "daemon/suggest/suggest.hpp"

namespace kith {

namespace {

std::string joined(const std::vector<std::string>& words, const char* between) {
    std::string out;
    for (const std::string& w : words) out += (out.empty() ? "" : between) + w;
    return out;
}

/// The message of a test, on a platform and in a way that the playbook admits: tests are about words.
struct posed {
    message what;
    matched_message as;

    posed(const playbook& p, const playbook_test& t) {
        what.native_id = "test";
        what.author.id = "someone";
        what.author.handle = "someone";
        what.author.bot = p.where.bot.value_or(false);
        what.addressed = p.where.addressed.value_or(true);
        what.text = t.message;
        what.language = t.language;
        as.platform = p.where.platforms.empty() ? "test" : p.where.platforms.front();
        as.account = p.where.accounts.empty() ? "test" : p.where.accounts.front();
        as.what = &what;
    }
    posed(const posed&) = delete;
    posed& operator=(const posed&) = delete;
};

/// What the playbook says to a test's message, and why.
struct outcome {
    std::string reply = "nothing";
    std::string why;
};

/// The playbook's first reply, as if it were live and no answer were past its review: tests do not begin to
/// fail by themselves.
outcome first_reply(const matcher& m, match one, const message& to, const std::string& house_language) {
    outcome out;
    one.status = playbook_status::live;
    const suggested s = suggest(to, {std::move(one)}, m.set(), house_language, timestamp{});
    if (!s.candidates.empty())
        out.reply = s.candidates.front().reply;
    else
        out.why = joined(s.left_out, ", ");
    return out;
}

/// What the playbook says on the occasion that a test describes, and why.
outcome answer_to_event(const matcher& m, const playbook& p, const playbook_test& t,
                        const std::string& house_language) {
    const posed test(p, t);
    outcome out;
    if (t.event != p.event->is)
        out.why = "its event is " + std::string(to_string(p.event->is));
    else if (!concerns(*p.event, t.product))
        out.why = "where.product: it is about " + joined(p.event->products, ", ");
    else if (!p.event->playbook.empty() && !hears(m, p.event->playbook, test.as))
        out.why = "the playbook " + p.event->playbook + " does not hear this message";
    else
        out = first_reply(m, match_of(p, "the test"), test.what, house_language);
    return out;
}

outcome answer_to(const matcher& m, const playbook& p, const playbook_test& t,
                  const std::string& house_language) {
    const posed test(p, t);
    outcome out;
    out.why = "none of its triggers is in the message";
    for (match& one : m.find(test.as)) {
        if (one.playbook != p.id) continue;
        if (!one.matched) {
            out.why = joined(one.but, ", ");
            continue;
        }
        out.why.clear();
        for (const evidence& e : one.because)
            out.why += (out.why.empty() ? "" : ", ") + e.trigger + " found '" + e.words + "'";
        const outcome came = first_reply(m, one, test.what, house_language);
        out.reply = came.reply;
        if (!came.why.empty()) out.why += ", but " + came.why;
    }
    return out;
}

}  // namespace

void run_tests(const matcher& m, const std::string& house_language, yaml::findings& out) {
    for (const playbook& p : m.set().playbooks) {
        if (p.status == playbook_status::retired) continue;
        for (const playbook_test& t : p.tests) {
            const outcome came =
                p.event ? answer_to_event(m, p, t, house_language) : answer_to(m, p, t, house_language);
            if (came.reply == t.expect) continue;
            const std::string posed =
                t.message.empty() && t.event ? std::string(to_string(*t.event)) + " " + t.product : t.message;
            out.add(
                p.file, t.at,
                "the test '" + posed + "' expects " + t.expect + ", but " + came.reply + " came: " + came.why,
                "mend the triggers, or the test");
        }
    }
}

}  // namespace kith
