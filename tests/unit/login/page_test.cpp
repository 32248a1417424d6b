// The login page as a browser gets it.
#include "login/page.hpp"

#include <gmock/gmock.h>

#include "unit/login/door_fixture.hpp"

namespace backplane::login {
namespace {

using exchange::Response;
using testing::HasSubstr;
using testing::Not;

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

// The letters behind each `mark`, with the character that ends them.
std::vector<std::string> words_after(const std::string& text, const std::string& mark) {
  std::vector<std::string> words;
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    const std::size_t begin = at + mark.size();
    const std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz", begin);
    words.push_back(text.substr(begin, end + 1 - begin));
  }
  return words;
}

class PageTest : public DoorFixture {
 protected:
  void SetUp() override {
    DoorFixture::SetUp();
    serve_page({});
  }

  void serve_page(const config::KvmdSettings& compat) {
    auto routes = page_routes(compat);
    for (auto& route : kvmd_routes(*authenticator_, compat, {})) routes.push_back(std::move(route));
    serve(std::move(routes));
  }

  Response get(const std::string& path, const std::string& if_none_match = {}) {
    Call call{.method = "GET", .path = path};
    if (!if_none_match.empty()) call.headers.emplace_back("If-None-Match", if_none_match);
    return send(call);
  }
};

TEST_F(PageTest, RootAndLoginAreTheSamePublicPage) {
  const Response root = get("/");
  const Response login = get("/login");
  EXPECT_EQ(root.status, 200);
  EXPECT_EQ(root.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(root.body, login.body);
  EXPECT_EQ(header_of(root, "ETag"), header_of(login, "ETag"));
  for (const auto& route : page_routes({})) {
    EXPECT_EQ(route.scope, http::kPublicScope);
    EXPECT_TRUE(route.safe);
  }
}

TEST_F(PageTest, EveryAnswerForbidsWhatThePageDoesNotNeed) {
  for (const std::string path : {"/", "/login", "/login/login.css", "/login/login.js"}) {
    const Response response = get(path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(header_of(response, "Content-Security-Policy"),
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
              "form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    EXPECT_EQ(header_of(response, "Referrer-Policy"), "same-origin");
    EXPECT_THAT(header_of(response, "Cache-Control"), HasSubstr("max-age="));
    for (const exchange::Field& header : response.headers) {
      EXPECT_TRUE(exchange::valid_header(header.name, header.value)) << header.name;
    }
  }
}

TEST_F(PageTest, NothingInThePageIsAgainstItsOwnPolicy) {
  const std::string html = get("/").body;
  EXPECT_EQ(count(html, "<script"), count(html, "<script src=\"/login/login.js\" defer></script>"));
  EXPECT_EQ(count(html, "<script"), 1U);
  for (const std::string& word : words_after(html, " on")) EXPECT_THAT(word, Not(testing::EndsWith("="))) << word;
  for (const std::string forbidden : {"style=", "<style", "http:", "https:", "javascript:"}) {
    EXPECT_THAT(html, Not(HasSubstr(forbidden)));
  }
  const std::string script = get("/login/login.js").body;
  EXPECT_THAT(script, Not(HasSubstr("innerHTML")));
  EXPECT_THAT(script, Not(HasSubstr("eval")));
}

TEST_F(PageTest, AKnownVersionIsNotSentAgain) {
  for (const std::string path : {"/", "/login/login.css", "/login/login.js"}) {
    const std::string etag = header_of(get(path), "ETag");
    EXPECT_THAT(etag, testing::MatchesRegex("\"[0-9a-f]+\""));
    for (const std::string& known : {etag, "W/" + etag, "\"other\", " + etag, std::string("*")}) {
      const Response response = get(path, known);
      EXPECT_EQ(response.status, 304) << known;
      EXPECT_EQ(response.body, "");
      EXPECT_EQ(header_of(response, "ETag"), etag);
    }
    EXPECT_EQ(get(path, "\"other\"").status, 200);
  }
}

TEST_F(PageTest, EveryInputHasALabelAndPasswordManagersKnowTheFields) {
  const std::string html = get("/").body;
  EXPECT_THAT(html, HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(html, HasSubstr("name=\"viewport\""));
  const auto inputs = words_after(html, "<input id=\"");
  EXPECT_THAT(inputs, testing::ElementsAre("user\"", "passwd\""));
  for (const std::string& input : inputs) EXPECT_THAT(html, HasSubstr("<label for=\"" + input + ">"));
  EXPECT_THAT(html, HasSubstr("autocomplete=\"username\""));
  EXPECT_THAT(html, HasSubstr("autocomplete=\"current-password\""));
  EXPECT_THAT(html, HasSubstr("role=\"alert\""));
  EXPECT_THAT(get("/login/login.css").body, HasSubstr("prefers-color-scheme: dark"));
}

TEST_F(PageTest, TheFormLogsInWithoutJavaScript) {
  const std::string html = get("/").body;
  EXPECT_THAT(html, HasSubstr("method=\"post\" action=\"/api/auth/login\""));
  EXPECT_THAT(html, HasSubstr("<input type=\"hidden\" name=\"redirect\" value=\"/\">"));
  EXPECT_THAT(html, HasSubstr("name=\"user\""));
  EXPECT_THAT(html, HasSubstr("name=\"passwd\""));
  const Response response = post_form("/api/auth/login", "user=admin&passwd=correct+horse&redirect=%2F");
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(header_of(response, "Location"), "/");
}

TEST_F(PageTest, TheFormAsksForNoRedirectThatWouldBeRefused) {
  serve_page({.redirects = {"/kvm"}});
  EXPECT_THAT(get("/").body, Not(HasSubstr("redirect")));
  serve_page({.api_version = 3});
  EXPECT_THAT(get("/").body, Not(HasSubstr("redirect")));
  EXPECT_THAT(get("/").body, HasSubstr("action=\"/api/auth/login\""));
}

}  // namespace
}  // namespace backplane::login
