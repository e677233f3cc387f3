#include "daemon/config/yaml.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <numeric>
#include <optional>

namespace kith::yaml {

std::string finding::text() const {
    std::string out = file + ":";
    if (at.line > 0) out += std::to_string(at.line) + ":" + std::to_string(at.column) + ":";
    return out + " " + what + (mend.empty() ? "" : "; " + mend);
}

void findings::add(std::string file, place at, std::string what, std::string mend) {
    all_.push_back({std::move(file), at, std::move(what), std::move(mend)});
}

std::string findings::text() const {
    std::string out;
    for (const finding& f : all_) out += f.text() + "\n";
    return out;
}

namespace {

/// Closes what it holds.
class descriptor {
 public:
    explicit descriptor(int fd) : fd_(fd) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    int get() const noexcept { return fd_; }

 private:
    int fd_;
};

std::string too_large(const limits& within) {
    return "is larger than " + std::to_string(within.bytes) + " bytes";
}

/// Reads at most `most` + 1 bytes, so that a huge file costs no more than one that is just too large.
std::optional<std::string> read_some(int fd, std::size_t most) {
    std::string text(most + 1, '\0');
    std::size_t have = 0;
    while (have < text.size()) {
        const ssize_t n = ::read(fd, text.data() + have, text.size() - have);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return std::nullopt;
        if (n == 0) break;
        have += static_cast<std::size_t>(n);
    }
    text.resize(have);
    return text;
}

}  // namespace

std::optional<std::string> read_file(const std::string& path, findings& out, const limits& within) {
    // O_NONBLOCK: a pipe with nobody at its other end must not hang the load.
    const descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat about{};
    if (file.get() < 0 || ::fstat(file.get(), &about) != 0) {
        out.add(path, {}, std::string("cannot be opened: ") + std::strerror(errno),
                "check the path, and that this user may read it");
        return std::nullopt;
    }
    if (!S_ISREG(about.st_mode)) {
        out.add(path, {}, "is not a regular file", "name a file that holds YAML");
        return std::nullopt;
    }
    auto text = read_some(file.get(), within.bytes);
    if (!text) {
        out.add(path, {}, std::string("cannot be read: ") + std::strerror(errno), "check the disk it is on");
    } else if (text->size() > within.bytes) {
        out.add(path, {}, too_large(within), "split it");
        text.reset();
    }
    return text;
}

node parse_file(const std::string& path, findings& out, const limits& within) {
    const auto text = read_file(path, out, within);
    return text ? parse(*text, path, out, within) : node{};
}

namespace {

/// How many single-character edits (a swap of neighbours counts as one) make `b` of `a`.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = std::min(now[j], before[j - 2] + 1);
        }
        before = std::exchange(last, now);
    }
    return last[b.size()];
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
    constexpr std::size_t longest = 64;  // of a word that could be a slip of the pen
    if (word.empty() || word.size() > longest) return {};
    std::string best;
    std::size_t least = 1 + std::max<std::size_t>(1, word.size() / 3);
    for (const std::string& k : known) {
        if (k.size() > longest) continue;
        const std::size_t d = distance(word, k);
        if (d < least && d < k.size()) {
            least = d;
            best = k;
        }
    }
    return best;
}

}  // namespace kith::yaml
