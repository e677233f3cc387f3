#include "daemon/config/secret.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace kith {

namespace {

constexpr std::size_t most_secret_bytes = 16 << 10;

bool starts(std::string_view text, std::string_view with, std::string& rest) {
    if (text.substr(0, with.size()) != with) return false;
    rest = text.substr(with.size());
    return true;
}

/// The file's content without its last newline; `why` says what is wrong if it is empty.
std::string read(const std::string& path, bool check_mode, std::string& why) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) {
        why = "there is no file " + path;
        return {};
    }
    if (check_mode && (info.st_mode & S_IROTH) != 0) {
        why = path + " may be read by everybody";
        return {};
    }
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in.good() && !in.eof()) why = path + " cannot be read";
    if (text.size() > most_secret_bytes) why = path + " is too large for a secret";
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    if (text.empty() && why.empty()) why = path + " is empty or cannot be read";
    return why.empty() ? text : std::string{};
}

}  // namespace

std::string need_secret(yaml::map_reader& from, std::string_view key) {
    const std::string reference = from.need_text(key);
    if (reference.empty()) return {};
    std::string rest;
    std::string why;
    std::string value;
    std::string mend = "put the secret there, readable for kithd only";
    if (starts(reference, "file:", rest)) {
        value = read(rest, true, why);
    } else if (starts(reference, "credential:", rest)) {
        const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
        if (rest.empty() || rest.find('/') != std::string::npos) why = "a credential's name has no slash";
        else if (!folder) why = "there are no systemd credentials ($CREDENTIALS_DIRECTORY is not set)";
        else value = read(std::string(folder) + "/" + rest, false, why);
        mend = "add LoadCredential=" + rest + ":/path/to/it to the unit, or use file: or env:";
    } else if (starts(reference, "env:", rest)) {
        const char* found = std::getenv(rest.c_str());
        if (found && *found) value = found;
        else why = "the environment has no " + rest;
        mend = "set it for kithd";
    } else {
        why = "a secret must not stand in this file";
        mend = "write credential:NAME, file:/path or env:NAME instead, and change the secret: it has been exposed";
    }
    if (!why.empty()) from.complain(from.at(key), std::string(key) + ": " + why, mend);
    return value;
}

}  // namespace kith
