/// YAML with positions, and with the checks that yaml-cpp leaves out. Everything that people edit is read through this.
///
/// Refused, each with its place: more than `limits::bytes`, more than `limits::nodes`, nesting deeper than
/// `limits::depth`, anchors and aliases, tags, duplicate keys, a second document, bytes that are not UTF-8, NUL,
/// a quote that never ends. (yaml-cpp 0.7 accepts all of these.)
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kith::yaml {

struct limits {
    std::size_t bytes = 1 << 20;
    std::size_t nodes = 50'000;
    std::size_t depth = 24;
};

/// A place in a file: both count from 1. 0: the file as a whole.
struct place {
    std::size_t line = 0;
    std::size_t column = 0;
};

/// One thing that is wrong: "file:line:column: what; mend".
struct finding {
    std::string file;
    place at;
    std::string what;  ///< what is wrong
    std::string mend;  ///< how to mend it
    std::string text() const;
};

/// Collects findings, so that a person sees all of them at once.
class findings {
   public:
    void add(std::string file, place at, std::string what, std::string mend);
    bool empty() const noexcept { return all_.empty(); }
    const std::vector<finding>& all() const noexcept { return all_; }
    /// One a line.
    std::string text() const;

   private:
    std::vector<finding> all_;
};

struct node {
    enum class kind { null, scalar, sequence, map };
    struct entry;

    kind is = kind::null;
    place at;
    std::string scalar;  ///< as written, without its quotes
    bool quoted = false;
    std::vector<node> items;     ///< of a sequence
    std::vector<entry> entries;  ///< of a map, in the order of the file; keys are unique scalars
};
struct node::entry {
    node key;
    node value;
};

/// Parses one document. On failure adds findings and returns a null node.
node parse(std::string_view text, const std::string& file, findings& out, const limits& within = {});

/// The bytes of a regular file of at most `within.bytes`. On failure adds a finding and returns nothing.
std::optional<std::string> read_file(const std::string& path, findings& out, const limits& within = {});

/// Reads the file, then parses it.
node parse_file(const std::string& path, findings& out, const limits& within = {});

/// Takes the known keys out of a map, complains about wrong kinds, and, in `done()`, about every key that nobody
/// asked for (naming the nearest known one). Each getter leaves the default when the key is absent.
class map_reader {
   public:
    /// `what` names the thing in messages: "account", "playbook". A node that is not a map is a finding.
    map_reader(const node& map, std::string file, std::string what, findings& out);

    bool has(std::string_view key) const noexcept;
    place at() const noexcept { return map_.at; }
    /// Where the key's value stands, or the map's own place.
    place at(std::string_view key) const noexcept;
    const std::string& file() const noexcept { return file_; }

    /// Absent gives nullptr. Present keys count as known from then on.
    const node* take(std::string_view key);
    /// Like take; its absence is a finding.
    const node* need(std::string_view key);

    std::string text(std::string_view key, std::string otherwise = {});
    std::string need_text(std::string_view key);  ///< not empty
    bool flag(std::string_view key, bool otherwise);
    std::int64_t number(std::string_view key, std::int64_t otherwise, std::int64_t least, std::int64_t most);
    /// "250ms", "30s", "5m", "2h", "7d".
    std::chrono::milliseconds duration(std::string_view key, std::chrono::milliseconds otherwise,
                                       std::chrono::milliseconds least, std::chrono::milliseconds most);
    /// A list of texts; a single text counts as a list of one.
    std::vector<std::string> texts(std::string_view key, std::vector<std::string> otherwise = {});
    /// One of `allowed`; returns its index, or `otherwise`.
    std::size_t choice(std::string_view key, std::initializer_list<std::string_view> allowed,
                       std::size_t otherwise);

    void complain(place at, std::string what, std::string mend);
    findings& out() noexcept { return out_; }

    /// Complains about every key that was never asked for. Call it last.
    void done();

   private:
    const node& map_;
    std::string file_;
    std::string what_;
    findings& out_;
    std::vector<std::string> known_;
};

/// The nearest of `known` to `word` (for "did you mean"), or empty if none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace kith::yaml
