#include "daemon/console/routes.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace kith::console {
namespace {

net::server_request with(std::string name, std::string value) {
    net::server_request r;
    r.headers.add(std::move(name), std::move(value));
    return r;
}

boost::json::object told(const net::server_response& r) {
    return boost::json::parse(r.body).as_object();
}

TEST(problems, have_the_type_that_programs_decide_by) {
    const std::pair<errc, const char*> all[] = {{errc::not_found, "not-found"},
                                                {errc::conflict, "changed"},
                                                {errc::invalid, "invalid"},
                                                {errc::unauthorised, "not-signed-in"},
                                                {errc::refused, "not-allowed"},
                                                {errc::limited, "too-many"},
                                                {errc::outdated, "precondition-failed"},
                                                {errc::unversioned, "precondition-required"},
                                                {errc::transient, "unavailable"}};
    for (const auto& [kind, name] : all)
        EXPECT_EQ(told(problem_of(fail(kind, "why"))).at("type").as_string(),
                  std::string("urn:kith:problem:") + name);
}

TEST(problems, name_the_field_that_is_wrong) {
    const auto o = told(problem_of(fail_field("reason", "say why")));
    EXPECT_EQ(o.at("field"), "reason");
    EXPECT_EQ(o.at("detail"), "reason: say why");
    EXPECT_EQ(o.at("errors"), (boost::json::array{{{"field", "reason"}, {"detail", "say why"}}}));
}

TEST(problems, name_all_fields_where_several_are_wrong) {
    auto e = fail(errc::invalid, "two");
    e.fields = {{"a", "mend a"}, {"b", "mend b"}};
    const auto o = told(problem_of(e));
    EXPECT_FALSE(o.contains("field"));
    EXPECT_EQ(o.at("errors").as_array().size(), 2U);
}

TEST(problems, say_when_to_try_again) {
    auto e = fail(errc::limited, "too many");
    e.retry_at = now() + std::chrono::seconds{90};
    const auto seconds = std::stoi(std::string(problem_of(e).headers.get("retry-after")));
    EXPECT_GE(seconds, 85);
    EXPECT_LE(seconds, 90);
    EXPECT_FALSE(problem_of(fail(errc::transient, "busy")).headers.get("retry-after").empty());
    EXPECT_TRUE(problem_of(fail(errc::invalid, "no")).headers.get("retry-after").empty());
}

TEST(problems, show_how_the_thing_is_now) {
    const auto o = told(problem_of(fail(errc::conflict, "late"), boost::json::object{{"version", 3}}));
    EXPECT_EQ(o.at("current").at("version"), 3);
}

TEST(etags, begin_with_the_version_and_tell_other_contents_apart) {
    EXPECT_EQ(etag(7, "a").substr(0, 3), "\"7.");
    EXPECT_NE(etag(7, "a"), etag(7, "b"));
    EXPECT_EQ(if_match(with("If-Match", etag(7, "a"))).value(), 7);
}

TEST(etags, are_on_what_has_a_version) {
    EXPECT_FALSE(answer(boost::json::object{{"version", 4}}).headers.get("etag").empty());
    EXPECT_TRUE(answer(boost::json::object{{"version", "0.1.0"}}).headers.get("etag").empty());
    EXPECT_TRUE(answer(boost::json::object{{"items", nullptr}}).headers.get("etag").empty());
}

TEST(if_match, takes_what_a_get_gave_also_through_a_proxy) {
    EXPECT_EQ(if_match(with("If-Match", "\"12\"")).value(), 12);
    EXPECT_EQ(if_match(with("If-Match", "W/\"12.abc\"")).value(), 12);
}

TEST(if_match, must_be_there_and_name_one_version) {
    EXPECT_EQ(if_match({}).error().kind, errc::unversioned);
    EXPECT_EQ(if_match(with("If-Match", "*")).error().kind, errc::unversioned);
    for (const char* wrong : {"12", "\"\"", "\"x\"", "\"1\", \"2\"", "\"-1\""})
        EXPECT_EQ(if_match(with("If-Match", wrong)).error().kind, errc::invalid) << wrong;
}

}  // namespace
}  // namespace kith::console
