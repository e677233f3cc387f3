#include "platforms/bluesky/position.hpp"

#include "platforms/bluesky/json.hpp"

namespace kith::bluesky {

std::string position::text() const {
    json::object out;
    out["stream"] = stream;
    if (seq) out["firehose"] = *seq;
    if (at != timestamp{}) out["at"] = to_rfc3339(at);
    if (notified) out["notifications"] = to_rfc3339(*notified);
    if (since != timestamp{}) out["since"] = to_rfc3339(since);
    return json::serialize(out);
}

position position::read(const cursor& from, const std::string& stream) {
    position out;
    out.stream = stream;
    const auto stored = parse_object(from);
    if (!stored) return out;
    out.at = from_rfc3339(text_at(*stored, "at")).value_or(timestamp{});
    out.since = from_rfc3339(text_at(*stored, "since")).value_or(timestamp{});
    out.notified = from_rfc3339(text_at(*stored, "notifications"));
    // Another server counts otherwise: its numbers say nothing here.
    const auto seq = number_at(*stored, "firehose");
    if (text_at(*stored, "stream") == stream && seq && *seq >= 0) out.seq = seq;
    return out;
}

}  // namespace kith::bluesky
