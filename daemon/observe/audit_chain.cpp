#include "daemon/observe/audit_chain.hpp"

#include "daemon/model/sha256.hpp"

namespace kith::audit {

namespace {

/// Lengths keep two fields from being read as one.
void add(std::string& all, std::string_view field) {
    all += std::to_string(field.size());
    all += ':';
    all += field;
}

std::string name_of(std::int64_t number) {
    return "record " + std::to_string(number);
}

}  // namespace

std::string random_salt() {
    return random_base32(26);  // 130 bits
}

std::string commit_to(const erasable& d) {
    std::string all;
    add(all, d.salt);
    add(all, d.detail);
    return sha256_hex(all);
}

std::string hash_of(const entry& e) {
    std::string all;
    all.reserve(256);
    add(all, e.previous);
    add(all, std::to_string(e.number));
    add(all, std::to_string(to_micros(e.at)));
    add(all, e.actor);
    add(all, e.act);
    add(all, std::to_string(e.message_id));
    add(all, std::to_string(e.suggestion_id));
    add(all, e.commitment);
    return sha256_hex(all);
}

std::optional<fault> verifier::wrong_with(const entry& e) const {
    const auto expected = newest_.number + 1;
    if (hash_of(e) != e.hash) return fault{e.number, name_of(e.number) + " was changed"};
    if (e.detail && commit_to(*e.detail) != e.commitment)
        return fault{e.number, "the detail of " + name_of(e.number) + " was changed"};
    if (e.number > expected) {
        const auto last = e.number - 1;
        return fault{expected, last == expected ? name_of(expected) + " was removed"
                                                : "records " + std::to_string(expected) + " to " +
                                                      std::to_string(last) + " were removed"};
    }
    if (e.number < expected)
        return fault{e.number, name_of(e.number) + " stands after " + name_of(newest_.number)};
    if (e.previous == newest_.hash) return std::nullopt;
    if (newest_.number == 0)
        return fault{e.number,
                     name_of(e.number) + " does not begin the chain: it was put in the place of another"};
    return fault{newest_.number, name_of(newest_.number) + " was replaced: " + name_of(e.number) +
                                     " was made after a different one"};
}

void verifier::take(const entry& e) {
    ++entries_;
    if (e.hash == known_head_) known_head_seen_ = true;
    if (!e.detail && !e.commitment.empty()) ++without_detail_;
    if (first_) {
        const bool something_is_missing = first_->number == newest_.number + 1;
        if (something_is_missing && !moved_ && e.previous == newest_.hash) {
            moved_ = true;
            first_->number = newest_.number + 1;
            first_->what = "the records were reordered: " + name_of(newest_.number + 1) +
                           " stands in another place, as " + name_of(e.number) + " of the order found";
        }
        return;
    }
    first_ = wrong_with(e);
    if (!first_) newest_ = {e.number, e.hash, e.at};
}

std::optional<fault> verifier::finish() const {
    if (first_) return first_;
    if (known_head_.empty() || known_head_seen_ || known_head_ == beginning) return std::nullopt;
    return fault{newest_.number + 1, "no record has the head " + known_head_ + ": what came after " +
                                         name_of(newest_.number) +
                                         " was removed, or the whole was written anew"};
}

}  // namespace kith::audit
