// The document and the daemon have the same paths. What is answered there is checked by the tests in Node.
#include "daemon/console/openapi_file.hpp"
#include "daemon/console/routes.hpp"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>

namespace kith::console {
namespace {

using paths = std::set<std::string>;

/// Notes what is added, and does nothing with it.
class listing : public net::http_router {
 public:
    void on(std::string method, std::string pattern, net::http_handler) override {
        all.insert(method + " " + pattern);
    }
    void on_websocket(std::string pattern, net::upgrade_check, net::websocket_limits, std::string,
                      net::websocket_handler) override {
        all.insert("GET " + pattern);
    }
    paths all;
};

/// A place for a context that is never made: to add routes is to note where it will be.
union unmade {
    unmade() {}
    ~unmade() {}
    char nothing = 0;
    api_context context;
};

YAML::Node document() {
    return YAML::Load(std::string(openapi_file[0].content));
}

paths documented() {
    paths out;
    const auto all = document()["paths"];
    for (const auto& path : all)
        for (const auto& method : path.second) {
            auto name = method.first.as<std::string>();
            std::transform(name.begin(), name.end(), name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
            out.insert(name + " /api/v1" + path.first.as<std::string>());
        }
    return out;
}

paths without(const paths& all, const paths& those) {
    paths out;
    std::set_difference(all.begin(), all.end(), those.begin(), those.end(), std::inserter(out, out.end()));
    return out;
}

TEST(openapi, has_every_route_of_the_daemon_and_no_other) {
    unmade place;
    listing routes;
    add_api(routes, place.context);
    EXPECT_GT(routes.all.size(), 30U);
    EXPECT_EQ(without(routes.all, documented()), paths{}) << "these are not in daemon/console/openapi.yaml";
    EXPECT_EQ(without(documented(), routes.all), paths{}) << "these are in no api_*.cpp";
}

TEST(openapi, has_its_paths_in_alphabetical_order) {
    std::vector<std::string> found;
    for (const auto& path : document()["paths"]) found.push_back(path.first.as<std::string>());
    auto sorted = found;
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(found, sorted);
}

}  // namespace
}  // namespace kith::console
