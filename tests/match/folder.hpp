/// A folder of playbooks that lives as long as a test.
#pragma once

#include "daemon/match/matcher.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace kith {

class playbook_folder : public testing::Test {
 protected:
    void SetUp() override {
        std::string name = (std::filesystem::temp_directory_path() / "kith-playbooks-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        std::filesystem::create_directories(folder_ + "/answers");
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    void write(const std::string& name, const std::string& text) {
        std::ofstream(folder_ + "/" + name) << text;
    }

    void write_answer() {
        write("answers/reset.yaml",
              "id: reset\nowner: support\ntext: {en: Go to the page., de: Zur Seite.}\n"
              "link: https://example.com/reset\nreview_by: 2027-11-30\n");
    }

    /// A playbook that is right, but for what stands under `when`.
    static std::string around(const std::string& when, const std::string& id = "p") {
        return "id: " + id + "\ntitle: T\nowner: support\nstatus: live\nwhen:\n" + when +
               "say:\n  - {id: steps, kind: help, cites: [reset], text: {en: 'Hi {{ contact.name }}. {{ "
               "answer.reset }}', de: Hallo}}\n"
               "tests:\n  - {message: a, expect: steps}\n  - {message: b, expect: nothing}\n";
    }

    playbook_set load() { return load_playbooks(folder_, out_); }

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
