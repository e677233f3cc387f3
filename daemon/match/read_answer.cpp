#include "daemon/match/read.hpp"
#include "daemon/suggest/placeholder.hpp"

#include <charconv>

namespace kith {

namespace {

/// "2027-11-30", and a day that exists.
bool read_day(std::string_view text, std::chrono::year_month_day& into) {
    int y = 0;
    unsigned m = 0, d = 0;
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    const auto digits = [&](std::size_t at, std::size_t n, auto& to) {
        const auto [end, ec] = std::from_chars(text.data() + at, text.data() + at + n, to);
        return ec == std::errc{} && end == text.data() + at + n && text[at] != '-';
    };
    if (!digits(0, 4, y) || !digits(5, 2, m) || !digits(8, 2, d)) return false;
    into = std::chrono::year{y} / std::chrono::month{m} / std::chrono::day{d};
    return into.ok();
}

bool is_link(std::string_view text) {
    const bool scheme = text.starts_with("https://") || text.starts_with("http://");
    return scheme && text.find_first_of(" \t\r\n{}<>\"") == std::string_view::npos &&
           text.find("://") + 3 < text.size();
}

}  // namespace

answer read_answer(const yaml::node& file, const std::string& path, yaml::findings& out) {
    answer a;
    a.file = path;
    a.at = file.at;
    yaml::map_reader from(file, path, "answer", out);
    a.id = read_id(from, "id");
    a.owner = from.need_text("owner");
    a.owner_at = from.at("owner");
    for (text_in& t : read_texts(from)) {
        const auto parts = pieces(t.text);
        if (parts.size() != 1 || parts[0].is != piece::kind::text)
            from.complain(t.at, "an answer cannot hold {{ or }}", "placeholders belong in a reply's text");
        a.text.emplace(std::move(t.language), std::move(t.text));
    }
    a.link = from.text("link");
    if (!a.link.empty() && !is_link(a.link))
        from.complain(from.at("link"), "`link` is not a link", "write it as https://...");
    const std::string day = from.need_text("review_by");
    if (!day.empty() && !read_day(day, a.review_by))
        from.complain(from.at("review_by"), "`review_by` is not a day of the calendar",
                      "write year-month-day, such as 2027-11-30");
    from.done();
    return a;
}

}  // namespace kith
