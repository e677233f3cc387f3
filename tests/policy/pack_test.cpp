// Packs as files: what is read, what is refused, and that the schema beside them says the same.
#include "daemon/policy/pack.hpp"

#include "daemon/policy/lint.hpp"
#include "tests/match/folder.hpp"
#include "tests/policy/words.hpp"

#include <boost/json/parse.hpp>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace kith::test {
namespace {

namespace json = boost::json;

const std::string head =
    "pack: loopback\ntitle: Loopback\nsource: house\nchecked: 2026-11-23\nexpires: 2027-05-23\nrules:\n";

/// A pack with one rule of this kind.
std::string with(const std::string& rule) {
    return head + "  - {id: r, source: house, date: 2026-11-23, why: because, " + rule + "}\n";
}

pack read(const std::string& text, yaml::findings& out) {
    const few_words words;
    const auto node = yaml::parse(text, "p.yaml", out);
    return read_pack(node, "p.yaml", &words, out);
}

std::string said(const std::string& text) {
    yaml::findings out;
    read(text, out);
    return out.text();
}

json::value to_json(const yaml::node& n) {
    if (n.is == yaml::node::kind::map) {
        json::object o;
        for (const auto& e : n.entries) o[e.key.scalar] = to_json(e.value);
        return o;
    }
    if (n.is == yaml::node::kind::sequence) {
        json::array a;
        for (const auto& i : n.items) a.push_back(to_json(i));
        return a;
    }
    if (n.is == yaml::node::kind::null) return nullptr;
    const bool number = !n.quoted && !n.scalar.empty() && n.scalar.size() < 10 &&
                        n.scalar.find_first_not_of("0123456789") == std::string::npos;
    return number ? json::value(std::stoll(n.scalar)) : json::value(n.scalar);
}

bool schema_takes(const std::string& text) {
    static const auto schema = [] {
        yaml::findings ignored;
        const auto file = yaml::read_file(KITH_SOURCE_DIR "/policies/schema/pack.schema.json", ignored);
        const auto document = json::parse(file.value());
        auto made = std::make_unique<valijson::Schema>();
        valijson::SchemaParser().populateSchema(valijson::adapters::BoostJsonAdapter(document), *made);
        return made;
    }();
    yaml::findings out;
    const auto value = to_json(yaml::parse(text, "p.yaml", out));
    return valijson::Validator().validate(*schema, valijson::adapters::BoostJsonAdapter(value), nullptr);
}

TEST(packs, hold_what_their_file_says) {
    yaml::findings out;
    const auto p = read(
        head +
            "  - id: day\n    cap: {per: contact, at_most: 3, within: 24h, of: offers}\n    then: second\n"
            "    only: {kinds: [help, offer], ways: direct}\n    source: https://example.com/rules\n"
            "    date: 2026-11-23\n    why: enough\n",
        out);
    EXPECT_EQ(out.text(), "");
    ASSERT_EQ(p.rules.size(), 1U);
    const auto& r = p.rules[0];
    EXPECT_EQ(r.id, "loopback.day");
    EXPECT_EQ(r.then, rule::consequence::second);
    EXPECT_EQ(r.only.kinds, (std::vector<std::string>{"help", "offer"}));
    EXPECT_EQ(r.only.ways, std::vector<way>{way::direct});
    EXPECT_EQ(r.source, "https://example.com/rules");
    const auto& cap = std::get<rules::cap>(r.kind);
    EXPECT_EQ(cap.at_most, 3);
    EXPECT_EQ(cap.what, (tally{tally::of::contact, std::chrono::hours{24}, true}));
}

struct example {
    std::string text;
    std::string complaint;  ///< empty: it is right
};

const std::vector<example>& corpus() {
    static const std::vector<example> all = {
        {head + "  []\n", ""},
        {with("age: {at_most: 7d}"), ""},
        {with("any_reply: {}, only: {kinds: offer}"), ""},
        {with("any_reply: {}, then: second"), ""},
        {with("automation_label: {}"), ""},
        {with("cap: {per: account, at_most: 100, within: 1h}, then: wait"), ""},
        {with("disclosure: {any_of: [software], when: first}"), ""},
        {with("engaged_first: {by: [mention, reply, quote, direct, comment]}"), ""},
        {with("hashtags: {at_most: 0}"), ""},
        {with("languages: {}"), ""},
        {with("length: {at_most: 280}"), ""},
        {with("links: {hosts: []}"), ""},
        {with("links: {hosts: [example.com, '*.example.com']}"), ""},
        {with("mentions: {at_most: 1}"), ""},
        {with("message_says: {topics: [people-only.legal]}, then: second"), ""},
        {with("no_colleague: {within: 30m}, then: wait"), ""},
        {with("not_to_bots: {}"), ""},
        {with("one_reply: {}"), ""},
        {with("quiet_hours: {from: '21:00', to: '08:00', zone: Europe/Berlin, days: [sat, sun], "
              "unless_wrote_within: 2h}"),
         ""},
        {with("quiet_hours: {from: '00:00', to: '24:00'}, then: deny"), ""},
        {with("reply_says: {topics: promotion}"), ""},
        {with("window: {within: 24h}"), ""},
        {with("age: {at_most: 7d}, colour: red"), "unknown key 'colour'"},
        {with("age: {at_most: 7d, at_least: 1d}"), "unknown key 'at_least'"},
        {with("age: {at_most: soon}"), "soon"},
        {with("age: {}"), "at_most"},
        {with("then: deny"), "says of no kind"},
        {with("age: {at_most: 7d}, window: {within: 24h}"), "of two kinds"},
        {with("age: {at_most: 7d}, then: wait"), "waiting does not mend"},
        {with("age: {at_most: 7d}, then: shout"), "shout"},
        {with("any_reply: {}"), "against every reply"},
        {with("age: {at_most: 7d}, only: {}"), "lets everything through"},
        {with("age: {at_most: 7d}, only: {kinds: [pitch]}"), "'pitch' is not known here"},
        {with("cap: {per: planet, at_most: 3, within: 24h}"), "planet"},
        {with("cap: {per: contact, at_most: 0, within: 24h}"), "at_most"},
        {with("engaged_first: {by: [like]}"), "'like' is not known here"},
        {with("quiet_hours: {from: '9pm', to: '08:00'}"), "no time of day"},
        {with("quiet_hours: {from: '25:00', to: '08:00'}"), "no time of day"},
        {with("quiet_hours: {from: '21:00', to: '08:00', days: [caturday]}"), "'caturday' is not known here"},
        {head + "  - {id: r, age: {at_most: 7d}, date: 2026-11-23, why: because}\n", "source"},
        {head + "  - {id: r, age: {at_most: 7d}, source: house, date: 2026-11-23}\n", "why"},
        {head + "  - {id: r, age: {at_most: 7d}, source: somebody, date: 2026-11-23, why: b}\n",
         "no address"},
        {head + "  - {id: R r, age: {at_most: 7d}, source: house, date: 2026-11-23, why: b}\n", "no id"},
        {"pack: loopback\ntitle: L\nsource: house\nchecked: 2026-11-23\nrules: []\n", "expires"},
        {"pack: loopback\ntitle: L\nsource: house\nchecked: 2026-11-23\nexpires: soon\nrules: []\n",
         "not a day of the calendar"},
        {"pack: loopback\ntitle: L\nsource: house\nchecked: 2026-11-23\nexpires: 2027-01-01\nrules: {}\n",
         "not a list"},
    };
    return all;
}

TEST(packs, name_what_is_wrong_with_them) {
    for (const auto& [text, complaint] : corpus()) {
        const auto found = said(text);
        if (complaint.empty())
            EXPECT_EQ(found, "") << text;
        else
            EXPECT_NE(found.find(complaint), std::string::npos) << text << "\n-> " << found;
    }
}

TEST(packs, are_taken_by_the_schema_where_the_loader_takes_them) {
    for (const auto& [text, complaint] : corpus()) EXPECT_EQ(schema_takes(text), complaint.empty()) << text;
}

/// What a schema cannot tell.
TEST(packs, are_looked_at_more_closely_by_the_loader) {
    EXPECT_NE(
        said(with("quiet_hours: {from: '21:00', to: '08:00', zone: Mars/Olympus}")).find("no time zone"),
        std::string::npos);
    EXPECT_NE(said(with("quiet_hours: {from: '08:00', to: '08:00'}")).find("begin when they end"),
              std::string::npos);
    EXPECT_NE(said(with("reply_says: {topics: [weather]}")).find("no list of words for the topic 'weather'"),
              std::string::npos);
    EXPECT_NE(said(with("offer: {from: audience}")).find("only the house's pack"), std::string::npos);
    EXPECT_NE(said(with("links: {hosts: ['https://example.com']}")).find("is no host"), std::string::npos);
    const auto rule = "  - {id: r, age: {at_most: 7d}, source: house, date: 2026-11-23, why: b}\n";
    EXPECT_NE(said(head + rule + rule).find("a second rule has the id 'r'"), std::string::npos);
    EXPECT_NE(said("pack: p\ntitle: L\nsource: house\nchecked: 2026-11-23\nexpires: 2026-11-22\nrules: []\n")
                  .find("expired before it was checked"),
              std::string::npos);
}

TEST(packs, say_where_a_mistake_stands) {
    EXPECT_EQ(said(head + "  - id: r\n    agee: {at_most: 7d}\n    source: house\n    date: 2026-11-23\n"
                          "    why: b\n")
                  .substr(0, 12),
              "p.yaml:7:5: ");
}

TEST(packs, that_ship_are_in_order) {
    yaml::findings out;
    const auto set = load_packs(KITH_SOURCE_DIR "/policies", {"bluesky", "loopback", "webchat"}, out);
    EXPECT_EQ(out.text(), "");
    const auto at = from_rfc3339("2026-11-24T12:00:00Z").value();
    for (const auto& [name, p] : set.packs) {
        EXPECT_EQ(set.trouble(name, at), "");
        yaml::findings ignored;
        EXPECT_TRUE(schema_takes(yaml::read_file(p.file, ignored).value())) << name;
    }
    EXPECT_FALSE(set.wanted.tallies.empty());
    EXPECT_FALSE(set.wanted.balances) << "no pack that ships weighs offers: nothing is summed for nobody";
    const auto& offer = set.packs.at("house").rules;
    EXPECT_TRUE(std::any_of(offer.begin(), offer.end(), [](const rule& r) { return r.id == "house.offer"; }));
}

class pack_folder : public playbook_folder {
 protected:
    void SetUp() override {
        playbook_folder::SetUp();
        std::filesystem::create_directories(folder_ + "/policies/words");
        write("policies/words/promotion.yaml",
              "topic: promotion\nwhy: w\nen:\n  anywhere: [buy now]\n"
              "tests:\n  - {language: en, text: buy now, expect: yes}\n  - {language: en, text: hello, "
              "expect: no}\n");
        write("policies/house.yaml", pack_called("house"));
        write("policies/loopback.yaml", pack_called("loopback"));
    }
    static std::string pack_called(const std::string& name) {
        return "pack: " + name +
               "\ntitle: T\nsource: house\nchecked: 2026-11-23\nexpires: 2027-05-23\nrules:\n"
               "  - {id: pitch, reply_says: {topics: promotion}, only: {kinds: [help, ask, thank, handoff]}, "
               "source: house, date: 2026-11-23, why: no}\n";
    }
    pack_set load_all() { return load_packs(folder_ + "/policies", {"loopback"}, out_); }
    timestamp at_ = from_rfc3339("2026-11-24T12:00:00Z").value();
};

TEST_F(pack_folder, is_in_force_when_all_is_there) {
    const auto set = load_all();
    EXPECT_EQ(said(), "");
    EXPECT_EQ(set.trouble("house", at_), "");
    EXPECT_EQ(set.trouble("loopback", at_), "");
}

TEST_F(pack_folder, misses_the_pack_of_a_platform_in_use) {
    std::filesystem::remove(folder_ + "/policies/loopback.yaml");
    const auto set = load_all();
    EXPECT_NE(said().find("policies/loopback.yaml: the pack is missing"), std::string::npos);
    EXPECT_NE(set.trouble("loopback", at_), "");
    EXPECT_EQ(set.trouble("house", at_), "");
}

TEST_F(pack_folder, takes_words_that_are_missing_for_a_broken_house) {
    std::filesystem::remove_all(folder_ + "/policies/words");
    const auto set = load_all();
    EXPECT_NE(said(), "");
    EXPECT_NE(set.trouble("house", at_), "");
}

TEST_F(pack_folder, wants_a_file_to_be_called_as_its_pack) {
    write("policies/loopback.yaml", pack_called("bluesky"));
    const auto set = load_all();
    EXPECT_NE(said().find("says pack: bluesky"), std::string::npos);
    EXPECT_NE(set.trouble("loopback", at_), "");
}

TEST_F(pack_folder, keeps_the_good_packs_beside_a_broken_one) {
    write("policies/loopback.yaml", "pack: [");
    const auto set = load_all();
    EXPECT_NE(said(), "");
    EXPECT_NE(set.trouble("loopback", at_).find("loopback.yaml:1:"), std::string::npos);
    EXPECT_EQ(set.trouble("house", at_), "");
}

TEST_F(pack_folder, finds_a_pitch_in_a_playbook_and_in_the_answers_it_cites) {
    write_answer();
    write("p.yaml", around("  any: [{phrase: a}]\n"));
    auto set = load();
    lint(set, load_all(), out_);
    EXPECT_EQ(said(), "");
    write("answers/reset.yaml",
          "id: reset\nowner: support\ntext: {en: Buy now., de: Zur Seite.}\nreview_by: 2027-11-30\n");
    set = load();
    lint(set, load_all(), out_);
    const auto found = said();
    EXPECT_NE(found.find("the reply 'steps' is of kind help and says 'Buy now'"), std::string::npos) << found;
    EXPECT_TRUE(found.starts_with("p.yaml:8:")) << found;
}

}  // namespace
}  // namespace kith::test
