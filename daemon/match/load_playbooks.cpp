#include "daemon/match/playbook.hpp"
#include "daemon/match/read.hpp"
#include "daemon/match/revision.hpp"

#include <algorithm>
#include <filesystem>

namespace kith {

namespace {

namespace fs = std::filesystem;

/// The *.yaml files in a folder, by name, so that the same folder gives the same set everywhere.
std::vector<std::string> yaml_files(const fs::path& folder, yaml::findings& out) {
    std::vector<std::string> files;
    std::error_code ec;
    for (fs::directory_iterator at(folder, ec), end; !ec && at != end; at.increment(ec)) {
        const fs::path& path = at->path();
        if (path.filename().string().starts_with('.')) continue;
        if (path.extension() == ".yaml") files.push_back(path.string());
        if (path.extension() == ".yml")
            out.add(path.string(), {}, "is not read: its name does not end in .yaml", "rename it");
    }
    if (ec)
        out.add(folder.string(), {}, "cannot be read: " + ec.message(), "check the path of the playbooks");
    std::sort(files.begin(), files.end());
    return files;
}

struct loaded {
    yaml::node root;
    std::string revision;
};

/// Nothing if the file could not be read or is not YAML; `out` says why.
std::optional<loaded> load(const std::string& path, yaml::findings& out) {
    const std::size_t before = out.all().size();
    const auto text = yaml::read_file(path, out);
    if (!text) return std::nullopt;
    loaded file{yaml::parse(*text, path, out), blob_id(*text)};
    if (out.all().size() != before) return std::nullopt;
    return file;
}

void complain_twice(const char* what, const std::string& id, const std::string& file, yaml::place at,
                    const std::string& first, yaml::findings& out) {
    out.add(file, at, std::string("a second ") + what + " has the id '" + id + "', first in " + first,
            "give each its own id");
}

/// Returns whether every file could be read.
bool load_answers(const std::string& folder, playbook_set& into, yaml::findings& out) {
    std::error_code ignored;
    if (!fs::exists(folder, ignored)) return true;
    bool all = true;
    for (const std::string& path : yaml_files(folder, out)) {
        const auto file = load(path, out);
        if (!file) {
            all = false;
            continue;
        }
        answer a = read_answer(file->root, path, out);
        a.revision = file->revision;
        if (a.id.empty()) {
            all = false;
        } else if (const auto [first, fresh] = into.answers.try_emplace(a.id, a); !fresh) {
            complain_twice("answer", a.id, path, a.at, first->second.file, out);
        }
    }
    return all;
}

/// An event is about what another playbook hears: that one must be there.
void check_events(const playbook_set& set, yaml::findings& out) {
    if (!out.empty()) return;  // it may stand in the file that could not be read
    std::vector<std::string> ids;
    for (const playbook& p : set.playbooks)
        if (!p.event) ids.push_back(p.id);
    for (const playbook& p : set.playbooks) {
        if (!p.event || p.event->playbook.empty()) continue;
        if (std::find(ids.begin(), ids.end(), p.event->playbook) != ids.end()) continue;
        const std::string near = yaml::nearest(p.event->playbook, ids);
        out.add(p.file, p.event->at,
                "there is no playbook '" + p.event->playbook.substr(0, 80) + "' that hears messages",
                near.empty() ? "name one that is there" : "did you mean '" + near + "'?");
    }
}

}  // namespace

playbook_set load_playbooks(const std::string& folder, yaml::findings& out) {
    playbook_set set;
    const bool complete = load_answers((fs::path(folder) / "answers").string(), set, out);
    std::map<std::string, std::string> first;  // id → file
    for (const std::string& path : yaml_files(folder, out)) {
        const auto file = load(path, out);
        if (!file) continue;
        playbook p = read_playbook(file->root, path, {set, complete}, out);
        p.revision = file->revision;
        const auto [same, fresh] = first.try_emplace(p.id, path);
        if (!fresh && !p.id.empty()) complain_twice("playbook", p.id, path, p.at, same->second, out);
        set.playbooks.push_back(std::move(p));
    }
    check_events(set, out);
    set.commit = commit_of(folder);
    return set;
}

}  // namespace kith
