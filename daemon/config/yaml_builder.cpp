#include "daemon/config/yaml_builder.hpp"

#include <algorithm>

namespace kith::yaml {

namespace {

[[noreturn]] void refuse_anchor(place at) {
    throw stop{at, "anchors (&name) are not allowed", "write the value out where it is needed"};
}

[[noreturn]] void refuse_tag(place at) {
    throw stop{at, "tags (!name) are not allowed", "remove the tag; put the value in quotes if it is text"};
}

[[noreturn]] void refuse_key(place at) {
    throw stop{at, "a key must be a plain text", "write it as `key: value`"};
}

}  // namespace

std::size_t builder::offset_of(const YAML::Mark& mark) const noexcept {
    return mark.pos < 0 ? 0 : std::min(static_cast<std::size_t>(mark.pos), text_.size());
}

void builder::OnDocumentStart(const YAML::Mark& mark) {
    if (documents_++ == 0) return;
    const std::size_t at = offset_of(mark);
    if (text_.substr(at, 3) == "---")
        throw stop{locate_(at), "a second document starts here", "keep one document in a file"};
    throw stop{locate_(at), "this does not belong to what stands above it",
               "check the indentation: a file holds one list or one map"};
}

void builder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
    add(make(node::kind::null, mark, {}, anchor));
}

void builder::OnAlias(const YAML::Mark& mark, YAML::anchor_t) {
    throw stop{locate_(offset_of(mark)), "aliases (*name) are not allowed", "write the value out"};
}

void builder::OnAnchor(const YAML::Mark& mark, const std::string&) {
    refuse_anchor(locate_(offset_of(mark)));
}

void builder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       const std::string& value) {
    const std::size_t at = offset_of(mark);
    node n = make(node::kind::scalar, mark, tag, anchor);
    n.quoted = tag == "!";
    n.scalar = value;
    read_to_ = text_.substr(at, value.size()) == value ? at + value.size() : at;
    const char first = at < text_.size() ? text_[at] : '\0';
    if (n.quoted && (first == '"' || first == '\'')) {
        const auto end = end_of_quote(text_, at);
        if (!end) throw stop{n.at, "this quote is never closed", "close it with the same quote"};
        read_to_ = *end;
    } else if (n.quoted && first != '|' && first != '>') {
        refuse_tag(n.at);  // "! text" has the tag that yaml-cpp also gives to quoted text
    }
    add(std::move(n));
}

void builder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                              YAML::EmitterStyle::value) {
    start(make(node::kind::sequence, mark, tag, anchor));
}

void builder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) {
    start(make(node::kind::map, mark, tag, anchor));
}

node builder::make(node::kind is, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    node n;
    n.is = is;
    n.at = locate_(offset_of(mark));
    if (anchor != 0) refuse_anchor(n.at);
    if (!tag.empty() && tag != "?" && !(tag == "!" && is == node::kind::scalar)) refuse_tag(n.at);
    if (++nodes_ > within_.nodes)
        throw stop{n.at, "there are more than " + std::to_string(within_.nodes) + " values in this file",
                   "split the file"};
    return n;
}

void builder::start(node n) {
    if (open_.size() >= within_.depth)
        throw stop{n.at, "this is nested more than " + std::to_string(within_.depth) + " levels deep",
                   "flatten it"};
    const bool as_key = !open_.empty() && open_.back().what.is == node::kind::map && !open_.back().key_waits;
    if (as_key) refuse_key(n.at);
    open_.push_back({std::move(n), false, {}});
}

void builder::finish() {
    node n = std::move(open_.back().what);
    open_.pop_back();
    add(std::move(n));
}

void builder::add(node n) {
    if (open_.empty()) {
        root = std::move(n);
        return;
    }
    level& in = open_.back();
    if (in.what.is == node::kind::sequence) {
        in.what.items.push_back(std::move(n));
    } else if (in.key_waits) {
        in.what.entries.back().value = std::move(n);
        in.key_waits = false;
    } else {
        add_key(in, std::move(n));
    }
}

void builder::add_key(level& in, node key) {
    if (key.is != node::kind::scalar) refuse_key(key.at);
    if (!in.keys.insert(key.scalar).second) {
        const auto first = std::find_if(in.what.entries.begin(), in.what.entries.end(),
                                        [&](const node::entry& e) { return e.key.scalar == key.scalar; });
        throw stop{key.at,
                   "the key '" + key.scalar + "' stands here a second time, first in line " +
                       std::to_string(first->key.at.line),
                   "keep one of them"};
    }
    in.what.entries.push_back({std::move(key), {}});
    in.key_waits = true;
}

}  // namespace kith::yaml
