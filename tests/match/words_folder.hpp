/// A folder of words that lives as long as a test.
#pragma once

#include "daemon/match/words.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace kith {

class words_folder : public testing::Test {
 protected:
    void SetUp() override {
        std::string name = (std::filesystem::temp_directory_path() / "kith-words-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    void write(const std::string& name, const std::string& text) {
        std::ofstream(folder_ + "/" + name) << text;
    }

    /// A list of English words with a test each way.
    void list(const std::string& topic, const std::string& english, const std::string& yes = "stop",
              const std::string& no = "nothing of it") {
        write(topic + ".yaml", "topic: " + topic + "\nen:\n" + english +
                                   "tests:\n  - {language: en, text: '" + yes +
                                   "', expect: yes}\n  - {language: en, text: '" + no + "', expect: no}\n");
    }

    std::shared_ptr<const word_lists> load() { return load_words(folder_, out_); }

    /// "topic: words" of all that is heard.
    static std::string heard_in(const word_lists& words, const std::string& text) {
        std::string all;
        for (const heard& h : words.find(text)) all += (all.empty() ? "" : ", ") + h.topic + ": " + h.words;
        return all;
    }

    /// The findings so far, without the folder's name; and forgets them.
    std::string said() {
        std::string all = out_.text();
        for (std::size_t at = all.find(folder_); at != std::string::npos; at = all.find(folder_, at))
            all.erase(at, folder_.size() + 1);
        out_ = {};
        return all;
    }

    std::string folder_;
    yaml::findings out_;
};

}  // namespace kith
