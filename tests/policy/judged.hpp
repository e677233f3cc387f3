/// One reply, with everything around it that the policies look at, at a fixed time.
#pragma once

#include "daemon/policy/policy.hpp"
#include "tests/policy/words.hpp"

#include <gtest/gtest.h>

namespace kith::test {

class judged_by_packs : public ::testing::Test {
 protected:
    judged_by_packs() {
        message_.account = "square";
        message_.what.native_id = "m1";
        message_.what.author.id = message_.what.author.handle = "ann";
        message_.what.addressed = true;
        message_.what.way = way::mention;
        message_.what.language = "en";
        message_.what.written_at = message_.received_at = at_ - std::chrono::hours{1};
        thread_.target_revision = "1";
        thread_.messages = {message_.what};
        for (const char* name : {"house", "loopback"}) pack_of(name);
    }

    pack& pack_of(const std::string& name) {
        auto& p = packs_.packs[name];
        p.name = name;
        p.revision = "0123";
        p.expires = std::chrono::year{2027} / 5 / 23;
        return p;
    }

    /// The house's pack gets this one rule; it is called r.
    rule& house(rules::kind kind) {
        auto& p = pack_of("house");
        p.rules.resize(1);
        p.rules[0] = {};
        p.rules[0].id = "house.r";
        p.rules[0].why = "because";
        p.rules[0].kind = std::move(kind);
        return p.rules[0];
    }

    verdict judged() const {
        const judgement_input in{text_,      kind_,  "sign-in", department_, message_, thread_, length_,
                                 "loopback", packs_, standing_, house_,      label_,   at_};
        return judge(in);
    }
    /// What the rule of that name says; nothing if it is silent.
    std::optional<decision> said(std::string_view rule = "house.r") const {
        for (const auto& r : judged().reasons)
            if (r.rule == rule) return r.says;
        return std::nullopt;
    }
    std::string why(std::string_view rule = "house.r") const {
        for (const auto& r : judged().reasons)
            if (r.rule == rule) return r.why;
        return {};
    }
    void wrote(timestamp t) { message_.what.written_at = message_.received_at = t; }

    timestamp at_ = from_rfc3339("2026-11-23T12:00:00Z").value();  // a Monday
    stored_message message_;
    kith::thread thread_;
    kith::standing standing_;
    house_facts house_;
    pack_set packs_{{}, {}, "policies", std::make_shared<few_words>(), {}};
    std::string text_ = "Use the link.", kind_ = "help", department_ = "support";
    text_length length_{13, 300, "graphemes"};
    automation_label label_ = automation_label::present;
};

constexpr auto allow = decision::allow;
constexpr auto second = decision::second;
constexpr auto deny = decision::deny;

}  // namespace kith::test
