#include "daemon/relations/path.hpp"

#include <algorithm>

namespace kith {

namespace {

std::optional<stage> below(stage s) noexcept {
    if (s == stage::attention) return std::nullopt;
    return static_cast<stage>(static_cast<int>(s) - 1);
}

std::string in_days(std::chrono::milliseconds d) {
    const auto n = std::chrono::duration_cast<std::chrono::hours>(d).count() / 24;
    return n == 1 ? "a day" : std::to_string(n) + " days";
}

class walker {
 public:
    explicit walker(const stage_rules& rules) : rules_(rules) {}

    /// Time goes on until `at`, and nothing is heard.
    void wait_until(timestamp at) {
        for (auto end = lost_at(); end && *end <= at; end = lost_at()) {
            move(*end, below(*path_.now), "no evidence for " + in_days(*rules_.at(*path_.now).after), {});
            last_ = *end;
        }
    }

    /// `so_far` ends with the newest.
    void hear(std::span<const stage_evidence> so_far) {
        const auto& e = so_far.back();
        wait_until(e.at);
        last_ = e.at;
        if (path_.now && contains(rules_.at(*path_.now).until, e.signal))
            move(e.at, below(*path_.now), std::string(to_string(e.signal)), {e.id});
        const int lowest = path_.now ? static_cast<int>(*path_.now) + 1 : 0;
        for (int s = static_cast<int>(stage::advocate); s >= lowest; --s)
            for (const auto& way : rules_.at(static_cast<stage>(s)).any)
                if (auto because = taken(way, so_far); !because.empty()) {
                    move(e.at, static_cast<stage>(s), in_words(way), std::move(because));
                    return;
                }
    }

    stage_path done() {
        path_.until = lost_at();
        return std::move(path_);
    }

 private:
    static bool contains(const std::vector<contact_signal>& in, contact_signal s) {
        return std::find(in.begin(), in.end(), s) != in.end();
    }

    static std::string in_words(const stage_way& way) {
        std::string out(to_string(way.signal));
        return way.count == 1
                   ? out
                   : out + ", " + std::to_string(way.count) + " times within " + in_days(way.within);
    }

    std::optional<timestamp> lost_at() const {
        if (!path_.now || !rules_.at(*path_.now).after) return std::nullopt;
        return last_ + *rules_.at(*path_.now).after;
    }

    /// The evidence for this way, if the newest piece completes it.
    std::vector<std::int64_t> taken(const stage_way& way, std::span<const stage_evidence> so_far) const {
        const auto& newest = so_far.back();
        if (newest.signal != way.signal) return {};
        if (way.from && (!path_.now || *path_.now < *way.from)) return {};
        std::vector<std::int64_t> out;
        for (std::size_t i = so_far.size(); i-- > 0 && out.size() < static_cast<std::size_t>(way.count);) {
            if (way.count > 1 && newest.at - so_far[i].at > way.within) break;
            if (so_far[i].signal == way.signal) out.push_back(so_far[i].id);
        }
        if (out.size() < static_cast<std::size_t>(way.count)) return {};
        std::reverse(out.begin(), out.end());
        return out;
    }

    void move(timestamp at, std::optional<stage> to, std::string why, std::vector<std::int64_t> because) {
        path_.moves.push_back({at, path_.now, to, std::move(why), std::move(because)});
        path_.now = to;
    }

    const stage_rules& rules_;
    stage_path path_;
    timestamp last_{};  ///< of the newest evidence, or of the loss since
};

}  // namespace

stage_path walk(std::span<const stage_evidence> all, const stage_rules& rules, timestamp at) {
    walker w(rules);
    for (std::size_t i = 0; i < all.size() && all[i].at <= at; ++i) w.hear(all.first(i + 1));
    w.wait_until(at);
    return w.done();
}

}  // namespace kith
