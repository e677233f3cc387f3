#include "platforms/bluesky/domain.hpp"

#include <algorithm>
#include <string>

namespace kith::bluesky {
namespace {

constexpr std::string_view countries =
    " ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by "
    "bz ca cc cd"
    " cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo "
    "fr ga gd"
    " ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm "
    "jo jp ke"
    " kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq "
    "mr ms mt"
    " mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa "
    "re ro rs"
    " ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to "
    "tr tt tv"
    " tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw ";

constexpr std::string_view generic =
    " academy aero agency app art asia audio auto bank bar berlin bike bio biz blog boutique build business "
    "cafe cam"
    " camp capital care careers cash cat center chat city clinic cloud club coach codes coffee com community "
    "company"
    " computer consulting cool coop deals delivery design dev digital direct directory docs earth edu "
    "education email"
    " energy engineer engineering estate events exchange expert family farm fashion finance fit foundation "
    "fun fund"
    " furniture fyi gallery games garden gmbh gov group guide guru health help hosting house how info ink "
    "institute"
    " insurance int international investments jobs kitchen land law legal life link live loan lol london ltd "
    "market"
    " marketing media mil mobi moda money museum name net network news ngo nyc one ong online org page paris "
    "partners"
    " parts party photo photography photos pics pizza plus post press pro productions properties pub recipes "
    "rent"
    " repair report restaurant reviews rocks run sale school science services shop show site ski social "
    "software"
    " solutions space store stream studio style support surf systems tax team tech technology tel theater "
    "tickets"
    " tips today tools top tours town toys trade training travel university vet video vip vision wiki wien "
    "win wine"
    " work works world wtf xyz yoga zone ";

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
           });
}

/// The last label, in lower case; empty where the text is not at least two labels.
std::string top_level(std::string_view text) {
    const auto dot = text.rfind('.');
    if (dot == std::string_view::npos || text.size() > 253) return {};
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find('.', begin), text.size());
        if (!is_label(text.substr(begin, end - begin))) return {};
        begin = end + 1;
    }
    std::string last(text.substr(dot + 1));
    for (char& c : last)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return last;
}

}  // namespace

bool is_domain(std::string_view text) {
    const std::string last = top_level(text);
    if (last.empty()) return false;
    const std::string word = ' ' + last + ' ';
    return (last.size() == 2 ? countries : generic).find(word) != std::string_view::npos ||
           (last.starts_with("xn--") && last.size() > 4);
}

bool is_handle(std::string_view text) {
    const std::string last = top_level(text);
    return !last.empty() && last[0] >= 'a' && last[0] <= 'z';
}

}  // namespace kith::bluesky
