#include "daemon/queue/mutations.hpp"

#include "daemon/suggest/suggest.hpp"

#include <array>

namespace kith {

namespace {

using maybe = std::optional<mutated>;

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    const auto at = text.find(what);
    return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

/// Nobody's in particular; the first that is not the contact's own.
maybe wrong_name(const mutation_input& in) {
    static constexpr std::array<std::string_view, 6> names = {"Maria",  "Thomas", "Sophie",
                                                              "Daniel", "Elena",  "Peter"};
    const std::string name = render("{{ contact.name }}", in.to, in.set, in.of.language);
    const auto& text = in.of.basis.text;
    if (name.empty() || text.find(name) == std::string::npos) return std::nullopt;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto other = names[(in.seed + i) % names.size()];
        if (in.to.author.display_name.find(other) != std::string::npos) continue;
        return mutated{replaced(text, name, other), "it calls " + (name == "there" ? "them " : name + " ") +
                                                        std::string(other) + ", a name that nobody here has"};
    }
    return std::nullopt;
}

/// The id of "reset-password@3f2a".
std::string id_of(const std::string& cite) {
    return cite.substr(0, cite.find('@'));
}

bool cited(const suggestion& s, const std::string& id) {
    for (const auto& c : s.cites)
        if (id_of(c) == id) return true;
    return false;
}

std::string spoken(const mutation_input& in, const std::string& id) {
    return render("{{ answer." + id + " }}", in.to, in.set, in.of.language);
}

/// In the place of what the suggestion cites, another playbook's answer in the same language.
maybe another_answer(const mutation_input& in) {
    std::vector<const answer*> others;
    for (const auto& [id, a] : in.set.answers)
        if (!cited(in.of, id) && a.text.contains(in.of.language)) others.push_back(&a);
    if (others.empty() || in.of.cites.empty()) return std::nullopt;
    const auto& other = *others[in.seed % others.size()];
    const auto right = spoken(in, id_of(in.of.cites.front()));
    const auto text = replaced(in.of.basis.text, right, spoken(in, other.id));
    if (right.empty() || text == in.of.basis.text) return std::nullopt;
    return mutated{text, "it gives the answer " + other.id + ", which is to another question; " +
                             id_of(in.of.cites.front()) + " would have been right"};
}

struct found_link {
    std::size_t begin = 0, host = 0, path = 0, end = 0;
};

std::optional<found_link> link_in(std::string_view text) {
    const auto begin = text.find("https://");
    if (begin == std::string_view::npos) return std::nullopt;
    found_link l;
    l.begin = begin;
    l.host = begin + 8;
    l.end = std::min(text.find_first_of(" \n\t)\"<>", l.host), text.size());
    while (l.end > l.host && std::string_view(".,;:!?").find(text[l.end - 1]) != std::string_view::npos)
        --l.end;
    l.path = std::min(text.find('/', l.host), l.end);
    return l.end > l.host ? std::optional(l) : std::nullopt;
}

/// The page is of the house, but there is no such page.
maybe dead_link(const mutation_input& in) {
    static constexpr std::array<std::string_view, 3> ends = {"-old", "-v1", "-2019"};
    const auto& text = in.of.basis.text;
    const auto l = link_in(text);
    if (!l || l->path == l->end || l->path + 1 == l->end) return std::nullopt;
    const auto end = ends[in.seed % ends.size()];
    auto out = text;
    out.insert(l->end, end);
    return mutated{out, "its link leads nowhere: '" + std::string(end) + "' does not belong to it"};
}

/// The page is somebody else's. example.net is nobody's: who tries the link comes to no harm.
maybe foreign_link(const mutation_input& in) {
    const auto& text = in.of.basis.text;
    const auto l = link_in(text);
    if (!l || text.compare(l->host, l->path - l->host, "www.example.net") == 0) return std::nullopt;
    auto out = text;
    out.replace(l->host, l->path - l->host, "www.example.net");
    return mutated{out, "its link leads to www.example.net, which is not ours"};
}

/// The same reply, in a language that the message is not in.
maybe wrong_language(const mutation_input& in) {
    const auto* p = in.set.find(in.of.basis.playbook);
    if (!p) return std::nullopt;
    for (const auto& r : p->say) {
        if (r.id != in.of.basis.reply) continue;
        for (const auto& [language, text] : r.text) {
            if (language == in.of.language) continue;
            auto said = render(text, in.to, in.set, language);
            if (said != in.of.basis.text)
                return mutated{std::move(said),
                               "it is in '" + language + "', and the message is in '" + in.of.language + "'"};
        }
    }
    return std::nullopt;
}

struct sentence {
    std::string_view language;
    std::array<std::string_view, 2> texts;
};

maybe with_tail(const mutation_input& in, std::span<const sentence> all, const std::string& wrong) {
    for (const auto& s : all) {
        if (s.language != in.of.language) continue;
        const std::string tail(s.texts[in.seed % s.texts.size()]);
        mutated out{in.of.basis.text, wrong};
        out.text.append(" ").append(tail);
        out.wrong.append(": '").append(tail).append("'");
        return out;
    }
    return std::nullopt;
}

maybe promise(const mutation_input& in) {
    static constexpr std::array<sentence, 4> all = {{
        {"en", {"We'll have this solved for you by tomorrow.", "You will get your money back either way."}},
        {"de", {"Bis morgen ist das für Sie gelöst.", "Ihr Geld bekommen Sie in jedem Fall zurück."}},
        {"fr", {"Ce sera réglé pour vous d'ici demain.", "Vous serez remboursé dans tous les cas."}},
        {"es", {"Mañana lo tendrá resuelto.", "Le devolveremos el dinero en cualquier caso."}},
    }};
    return with_tail(in, all, "it promises what no answer says");
}

maybe pitch(const mutation_input& in) {
    static constexpr std::array<sentence, 4> all = {{
        {"en", {"By the way, our Pro plan is worth a look.", "Have you seen what our new plan can do?"}},
        {"de",
         {"Übrigens lohnt sich ein Blick auf unseren Pro-Tarif.", "Kennen Sie schon unseren neuen Tarif?"}},
        {"fr",
         {"Au fait, notre offre Pro mérite un coup d'œil.", "Connaissez-vous déjà notre nouvelle offre ?"}},
        {"es", {"Por cierto, eche un vistazo a nuestro plan Pro.", "¿Conoce ya nuestro nuevo plan?"}},
    }};
    return with_tail(in, all, "it promotes, where somebody needs help");
}

constexpr std::array<mutation, 7> all = {{{"wrong-name", wrong_name},
                                          {"another-answer", another_answer},
                                          {"dead-link", dead_link},
                                          {"foreign-link", foreign_link},
                                          {"wrong-language", wrong_language},
                                          {"promise", promise},
                                          {"pitch", pitch}}};

}  // namespace

std::span<const mutation> mutations() noexcept {
    return all;
}

}  // namespace kith
