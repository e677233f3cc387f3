/// Builds our tree from yaml-cpp's events, and refuses what yaml-cpp lets pass.
#pragma once

#include "daemon/config/yaml.hpp"
#include "daemon/config/yaml_text.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace kith::yaml {

/// Thrown through yaml-cpp to end the parse, which knows no other way out; caught in parse().
struct stop {
    place at;
    std::string what;
    std::string mend;
};

class builder final : public YAML::EventHandler {
 public:
    /// Both must outlive the builder.
    builder(std::string_view text, const limits& within) : text_(text), within_(within), locate_(text) {}

    node root;
    /// Where the last thing read ends, as far as known: a quote that never ends is looked for from there.
    std::size_t read_to() const noexcept { return read_to_; }
    /// Where the innermost list or map that is still open starts.
    place innermost() const noexcept { return open_.empty() ? place{1, 1} : open_.back().what.at; }
    place locate(std::size_t offset) { return locate_(offset); }
    std::size_t documents() const noexcept { return documents_; }

    void OnDocumentStart(const YAML::Mark& mark) override;
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnAnchor(const YAML::Mark& mark, const std::string& name) override;
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override;
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override;
    void OnSequenceEnd() override { finish(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override;
    void OnMapEnd() override { finish(); }

 private:
    struct level {
        node what;
        bool key_waits = false;                ///< of a map: the last entry has its key, not yet its value
        std::unordered_set<std::string> keys;  ///< of a map
    };

    std::size_t offset_of(const YAML::Mark& mark) const noexcept;
    node make(node::kind is, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor);
    void start(node n);
    void finish();
    void add(node n);
    void add_key(level& in, node key);

    std::string_view text_;
    const limits& within_;
    locator locate_;
    std::vector<level> open_;
    std::size_t nodes_ = 0;
    std::size_t documents_ = 0;
    std::size_t read_to_ = 0;
};

}  // namespace kith::yaml
