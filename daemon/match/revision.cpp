#include "daemon/match/revision.hpp"

#include <git2.h>

#include <filesystem>
#include <memory>

namespace kith {

namespace {

/// libgit2 is started once and lives as long as the process.
bool git_ready() {
    static const bool ready = git_libgit2_init() > 0;
    return ready;
}

template <auto Free>
struct freer {
    template <class T>
    void operator()(T* what) const {
        Free(what);
    }
};
using repository = std::unique_ptr<git_repository, freer<git_repository_free>>;
using status_list = std::unique_ptr<git_status_list, freer<git_status_list_free>>;

repository open(const std::string& folder) {
    git_repository* raw = nullptr;
    return repository(git_repository_open_ext(&raw, folder.c_str(), 0, nullptr) == 0 ? raw : nullptr);
}

/// `folder` as the repository names it; nothing if it has no working tree around the folder.
std::string within(git_repository* repo, const std::string& folder) {
    const char* root = git_repository_workdir(repo);
    if (root == nullptr) return {};
    std::error_code ignored;
    const auto full = std::filesystem::canonical(folder, ignored);
    const auto top = std::filesystem::canonical(root, ignored);
    return full.lexically_relative(top).generic_string();
}

/// May not be known; then it counts as different, so that nobody relies on a commit that does not hold it.
bool differs(git_repository* repo, const std::string& folder) {
    std::string path = within(repo, folder);
    if (path.empty() || path.starts_with("..")) return true;
    char* paths[] = {path.data()};
    git_status_options options;
    git_status_options_init(&options, GIT_STATUS_OPTIONS_VERSION);
    options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR;
    options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH;
    if (path != ".") options.pathspec = {paths, 1};
    git_status_list* raw = nullptr;
    if (git_status_list_new(&raw, repo, &options) != 0) return true;
    return git_status_list_entrycount(status_list(raw).get()) > 0;
}

}  // namespace

std::string blob_id(std::string_view bytes) {
    git_oid id;
    if (!git_ready() || git_odb_hash(&id, bytes.data(), bytes.size(), GIT_OBJECT_BLOB) != 0) return {};
    char hex[13];
    git_oid_tostr(hex, sizeof hex, &id);
    return hex;
}

std::string commit_of(const std::string& folder) {
    if (!git_ready()) return {};
    const repository repo = open(folder);
    git_oid head;
    if (repo == nullptr || git_reference_name_to_id(&head, repo.get(), "HEAD") != 0) return {};
    char hex[GIT_OID_HEXSZ + 1];
    git_oid_tostr(hex, sizeof hex, &head);
    return std::string(hex) + (differs(repo.get(), folder) ? "+" : "");
}

}  // namespace kith
