#include "platforms/bluesky/frame.hpp"

#include "platforms/bluesky/cbor.hpp"

namespace kith::bluesky {
namespace {

result<frame> read_commit(const cbor::value& body, std::int64_t seq) {
    commit_frame out;
    out.seq = seq;
    out.did = body.text("repo");
    out.time = body.text("time");
    out.archive = body.data("blocks");
    const cbor::value* ops = body.find("ops");
    if (out.did.empty() || ops == nullptr || ops->is != cbor::value::kind::array)
        return fail(errc::invalid, "a commit without its repo or its ops");
    for (const cbor::value& each : ops->items) {
        repo_op op;
        const std::string_view action = each.text("action");
        op.path = each.text("path");
        op.cid = each.link("cid");
        if (action == "create")
            op.is = repo_op::action::create;
        else if (action == "update")
            op.is = repo_op::action::update;
        else if (action == "delete")
            op.is = repo_op::action::remove;
        else
            return fail(errc::invalid, "a commit with an unknown action");
        if (op.path.empty() || (op.cid.empty() && op.is != repo_op::action::remove))
            return fail(errc::invalid, "a commit's op without its path or its content id");
        out.ops.push_back(op);
    }
    return frame(std::move(out));
}

}  // namespace

result<frame> read_frame(std::string_view bytes) {
    const auto header = cbor::take(bytes);
    const auto body = header ? cbor::take(bytes) : std::nullopt;
    if (!body || !bytes.empty()) return fail(errc::invalid, "not two DAG-CBOR items");
    const auto op = header->number("op");
    if (op == -1)
        return frame(error_frame{std::string(body->text("error")), std::string(body->text("message"))});
    const std::string_view kind = header->text("t");
    if (op != 1 || kind.empty()) return fail(errc::invalid, "an unknown frame header");
    if (kind == "#info") return frame(info_frame{std::string(body->text("name"))});
    const auto seq = body->number("seq");
    if (!seq || *seq < 0) return fail(errc::invalid, "a frame without its number");
    if (kind == "#commit") return read_commit(*body, *seq);
    if (kind == "#identity") return frame(identity_frame{*seq, body->text("did"), body->text("time")});
    return frame(other_frame{*seq, body->text("time")});
}

}  // namespace kith::bluesky
