/// What git calls the content that was loaded.
#pragma once

#include <string>
#include <string_view>

namespace kith {

/// The first 12 hex digits of git's blob id of these bytes: `git show` finds the file again.
std::string blob_id(std::string_view bytes);

/// HEAD of the repository that holds `folder`, with "+" appended where files under the folder differ from it
/// or are not in it. Empty outside git, and wherever git refuses to say (a repository that another user
/// owns).
std::string commit_of(const std::string& folder);

}  // namespace kith
