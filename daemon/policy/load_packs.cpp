#include "daemon/match/revision.hpp"
#include "daemon/policy/pack.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace kith {

namespace {

namespace fs = std::filesystem;

std::string spell_day(std::chrono::year_month_day d) {
    char out[32];
    std::snprintf(out, sizeof out, "%04d-%02u-%02u", static_cast<int>(d.year()),
                  static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
    return out;
}

/// Read by other parts of Kith.
bool is_no_pack(const fs::path& path) {
    return path.filename() == "stages.yaml";
}

std::vector<fs::path> pack_files(const std::string& folder, yaml::findings& out) {
    std::vector<fs::path> files;
    std::error_code ec;
    for (fs::directory_iterator at(folder, ec), end; !ec && at != end; at.increment(ec)) {
        const auto& path = at->path();
        if (path.filename().string().starts_with('.') || is_no_pack(path)) continue;
        if (path.extension() == ".yaml") files.push_back(path);
        if (path.extension() == ".yml")
            out.add(path.string(), {}, "is not read: its name does not end in .yaml", "rename it");
    }
    if (ec)
        out.add(folder, {}, "cannot be read: " + ec.message(), "check the path of the policies in kith.yaml");
    std::sort(files.begin(), files.end());
    return files;
}

/// What was found since `before`, in one line.
std::string found_since(const yaml::findings& out, std::size_t before) {
    const auto& all = out.all();
    if (all.size() == before) return {};
    const auto more = all.size() - before - 1;
    return all[before].text() + (more == 0 ? "" : " (and " + std::to_string(more) + " more)");
}

void load_one(const fs::path& path, pack_set& into, yaml::findings& out) {
    const auto before = out.all().size();
    const auto name = path.stem().string();
    pack p;
    if (const auto text = yaml::read_file(path.string(), out)) {
        const auto file = yaml::parse(*text, path.string(), out);
        if (out.all().size() == before) {
            p = read_pack(file, path.string(), into.words.get(), out);
            p.revision = blob_id(*text);
        }
    }
    if (out.all().size() == before && p.name != name)
        out.add(path.string(), {}, "is called so, and says pack: " + p.name, "give both the same name");
    if (auto wrong = found_since(out, before); !wrong.empty())
        into.broken.insert_or_assign(name, std::move(wrong));
    else
        into.packs.insert_or_assign(name, std::move(p));
}

/// What is to be counted for the rules. Each cap gets its place among it; equal ones share one.
void gather_counts(pack_set& set) {
    for (auto& [name, p] : set.packs)
        for (auto& r : p.rules) {
            const auto* offer = std::get_if<rules::offer>(&r.kind);
            if (offer && offer->helpful_per_offer) set.wanted.balances = true;
            auto* cap = std::get_if<rules::cap>(&r.kind);
            if (!cap) continue;
            auto& all = set.wanted.tallies;
            const auto found = std::find(all.begin(), all.end(), cap->what);
            cap->index = static_cast<std::size_t>(found - all.begin());
            if (found == all.end()) all.push_back(cap->what);
        }
}

}  // namespace

pack_set load_packs(const std::string& folder, const std::vector<std::string>& needed, yaml::findings& out) {
    pack_set set;
    set.folder = folder;
    const auto before = out.all().size();
    set.words = load_words((fs::path(folder) / "words").string(), out);
    const auto wrong_words = found_since(out, before);
    for (const auto& path : pack_files(folder, out)) load_one(path, set, out);
    if (!set.words) {  // the house's rules listen for them
        set.packs.erase("house");
        set.broken["house"] = wrong_words.empty() ? "its words cannot be read" : wrong_words;
    }
    auto all = needed;
    all.emplace_back("house");
    for (const auto& name : all) {
        if (set.packs.contains(name) || set.broken.contains(name)) continue;
        out.add((fs::path(folder) / (name + ".yaml")).string(), {},
                "the pack is missing, and nothing is sent without it",
                "write it; policies/README.md says how");
        set.broken[name] = out.all().back().text();
    }
    gather_counts(set);
    return set;
}

std::string pack_set::trouble(std::string_view name, timestamp at) const {
    const std::string what = "the pack '" + std::string(name) + "' ";
    if (const auto b = broken.find(name); b != broken.end()) return what + "is not in force: " + b->second;
    const auto p = packs.find(name);
    if (p == packs.end()) return what + "is missing: write " + folder + "/" + std::string(name) + ".yaml";
    if (at < timestamp{std::chrono::sys_days{p->second.expires} + std::chrono::days{1}}) return {};
    return what + "expired on " + spell_day(p->second.expires) + ": compare " + p->second.file + " with " +
           (p->second.source == "house" ? "what the house wants" : p->second.source) +
           ", set `checked` and `expires`, and reload";
}

void complain_of_expired(const pack_set& set, timestamp at, yaml::findings& out) {
    for (const auto& [name, p] : set.packs)
        if (!set.trouble(name, at).empty())
            out.add(p.file, {}, "the pack expired on " + spell_day(p.expires),
                    "compare it with its source, then set `checked` and `expires`");
}

}  // namespace kith
