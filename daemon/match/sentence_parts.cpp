#include "daemon/match/sentence_parts.hpp"

namespace kith {

namespace {

bool asks(char32_t sign) noexcept {
    return sign == U'?' || sign == U'\u061F' || sign == U'\u037E';
}

class divider {
 public:
    divider(const bare_words& bare, const folded& f, std::string_view original)
        : bare_(bare), f_(f), original_(original) {}

    std::vector<sentence_part> run() {
        for (std::size_t at = 0; at < bare_.text.size(); ++at) {
            bool ends = signs_at(at);
            if (bare_.text[at] == ' ' && a_line_ends(at)) {
                ends = true;
                comma_ = false;
            }
            if (ends) cut(at);
            asked_ = false;
        }
        signs_at(bare_.text.size());
        cut(bare_.text.size());
        return std::move(out_);
    }

 private:
    /// Takes the signs that stand here; is there any?
    bool signs_at(std::size_t at) noexcept {
        const std::size_t before = next_;
        was_quoted_ = quoted_;
        comma_ = true;
        for (; next_ < bare_.signs.size() && bare_.signs[next_].at == at; ++next_) {
            const char32_t sign = bare_.signs[next_].what;
            asked_ = asked_ || asks(sign);
            comma_ = comma_ && (sign == U',' || sign == U'\u3001' || sign == U'\u060C');
            if (sign == U'"') quoted_ = !quoted_;
            if (sign == U'\u300C' || sign == U'\u300E') quoted_ = true;
            if (sign == U'\u300D' || sign == U'\u300F') quoted_ = false;
        }
        return next_ != before;
    }

    bool a_line_ends(std::size_t space) const {
        const std::size_t from = f_.original_end(bare_.from[space - 1] + 1);
        const std::size_t to = f_.original_begin(bare_.from[space + 1]);
        return original_.substr(from, to - from).find('\n') != std::string_view::npos;
    }

    /// The part that began last ends at `end`.
    void cut(std::size_t end) {
        if (begin_ < end && bare_.text[begin_] == ' ') ++begin_;
        if (begin_ == end) return;
        if (!asked_ && !was_quoted_) out_.push_back({begin_, end, runs_on_});
        runs_on_ = comma_ && !asked_ && !was_quoted_ && !quoted_;
        begin_ = end;
    }

    const bare_words& bare_;
    const folded& f_;
    std::string_view original_;
    std::vector<sentence_part> out_;
    std::size_t begin_ = 0;
    std::size_t next_ = 0;  ///< of the signs
    bool asked_ = false;
    bool quoted_ = false, was_quoted_ = false;
    bool comma_ = false;    ///< the signs that stand here are commas
    bool runs_on_ = false;  ///< of the part that began last
};

}  // namespace

std::vector<sentence_part> said_parts(const bare_words& bare, const folded& f, std::string_view original) {
    return divider(bare, f, original).run();
}

}  // namespace kith
