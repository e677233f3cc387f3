#include "daemon/config/yaml.hpp"
#include "daemon/config/yaml_builder.hpp"
#include "daemon/config/yaml_text.hpp"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <array>
#include <istream>
#include <streambuf>

namespace kith::yaml {

namespace {

/// Reads a text in place: a stringstream would copy it.
class view_buffer final : public std::streambuf {
 public:
    explicit view_buffer(std::string_view text) {
        char* begin = const_cast<char*>(text.data());  // only ever read
        setg(begin, begin, begin + text.size());
    }
};

/// What yaml-cpp says, and what a person who edits a playbook can do about it.
struct translation {
    std::string_view said;
    const char* what;
    const char* mend;
};

const std::array translations{
    translation{YAML::ErrorMsg::MAP_VALUE, "a ':' may not stand here",
                "put the text in quotes if the ':' belongs to it, else check the indentation"},
    translation{YAML::ErrorMsg::BLOCK_ENTRY, "a list item may not stand here",
                "check the indentation: spaces, not tabs"},
    translation{YAML::ErrorMsg::TAB_IN_INDENTATION, "a tab may not indent", "indent with spaces"},
    translation{YAML::ErrorMsg::UNKNOWN_TOKEN, "this character may not stand here outside of quotes",
                "put the text in quotes"},
    translation{YAML::ErrorMsg::END_OF_MAP, "this is not a key of the map that it stands in",
                "write `key: value`, and indent all keys of a map alike"},
    translation{YAML::ErrorMsg::END_OF_SEQ, "this is not an item of the list that it stands in",
                "start each item with '- ', and indent all items of a list alike"},
    translation{YAML::ErrorMsg::DOC_IN_SCALAR, "a line within quotes may not start with --- or ...",
                "indent it"},
    translation{YAML::ErrorMsg::FLOW_END, "this closes nothing", "remove it"},
    translation{YAML::ErrorMsg::CHAR_IN_BLOCK, "this may not follow | or >",
                "start the text on the next line"},
    translation{YAML::ErrorMsg::INVALID_ESCAPE, "there is no such escape within double quotes",
                "use single quotes, in which a backslash is only a backslash"},
};

stop translate(const YAML::Exception& e, builder& tree, std::string_view text) {
    const std::string& said = e.msg;
    if (said == YAML::ErrorMsg::END_OF_SEQ_FLOW)
        return {tree.innermost(), "this list is never closed, or lacks a comma",
                "close it with ], and put commas between its items"};
    if (said == YAML::ErrorMsg::END_OF_MAP_FLOW)
        return {tree.innermost(), "this map is never closed, or lacks a comma",
                "close it with }, and put commas between its entries"};
    if (said == YAML::ErrorMsg::EOF_IN_SCALAR) {
        const std::size_t open = next_quote(text, tree.read_to()).value_or(text.size());
        return {tree.locate(open), "this quote is never closed", "close it with the same quote"};
    }
    const std::size_t offset = e.mark.pos < 0 ? text.size() : static_cast<std::size_t>(e.mark.pos);
    const place at = tree.locate(offset);
    for (const translation& t : translations)
        if (said.starts_with(t.said)) return {at, t.what, t.mend};
    return {at, "this is not YAML: " + said, "check the indentation and the quotes"};
}

/// Each at its place, as one finding: after the first, a parse has nothing true to say.
node parse_checked(std::string_view text, const limits& within) {
    builder tree(text, within);
    view_buffer buffer(text);
    std::istream in(&buffer);
    try {
        YAML::Parser parser(in);
        // Asked twice at the most: yaml-cpp reports documents without end for a lone comma.
        if (parser.HandleNextDocument(tree)) parser.HandleNextDocument(tree);
    } catch (const YAML::Exception& e) {
        throw translate(e, tree, text);
    }
    if (tree.documents() == 0) tree.root.at = {1, 1};
    return std::move(tree.root);
}

}  // namespace

node parse(std::string_view text, const std::string& file, findings& out, const limits& within) {
    if (text.size() > within.bytes) {
        out.add(file, {}, "is larger than " + std::to_string(within.bytes) + " bytes", "split it");
        return {};
    }
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (const auto bad = check_bytes(text)) {
        out.add(file, locator(text)(bad->offset), bad->what, bad->mend);
        return {};
    }
    try {
        return parse_checked(text, within);
    } catch (const stop& s) {
        out.add(file, s.at, s.what, s.mend);
    }
    return {};
}

}  // namespace kith::yaml
