#include "login/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "http/openapi.hpp"
#include "login/page_files.hpp"

namespace backplane::login {
namespace {

using exchange::Response;

constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
constexpr std::string_view kCacheControl = "private, max-age=60";
constexpr std::string_view kRedirectMark = "<!-- redirect -->\n";
constexpr std::string_view kRedirectField = "<input type=\"hidden\" name=\"redirect\" value=\"/\">\n";

// One answer of the page, made once and shared by all requests.
struct PageFile {
  std::string content_type;
  std::string etag;
  std::shared_ptr<const std::string> text;
};

// FNV-1a, 64 bits: tells versions of our own files apart, and guards nothing.
std::string etag_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return fmt::format("\"{:016x}\"", hash);
}

// Whether If-None-Match names this version (RFC 9110 §13.1.2, weak comparison).
bool is_known(std::string_view if_none_match, std::string_view etag) {
  return if_none_match == "*" || if_none_match.find(etag) != std::string_view::npos;
}

Response answer(const PageFile& file, const exchange::Request& request) {
  Response response;
  response.headers = {{"ETag", file.etag},
                      {"Cache-Control", std::string(kCacheControl)},
                      {"Content-Security-Policy", std::string(kContentSecurityPolicy)},
                      {"Referrer-Policy", "same-origin"}};
  if (is_known(request.header("If-None-Match"), file.etag)) {
    response.status = 304;
    return response;
  }
  response.content_type = file.content_type;
  response.shared_body = file.text;
  return response;
}

// kvmd before 4 knows no redirect, and one that is not allowed would be refused.
std::string index_html(const config::KvmdSettings& compat) {
  const auto& allowed = compat.redirects;
  const bool leads_back = compat.api_version >= 4 && std::find(allowed.begin(), allowed.end(), "/") != allowed.end();
  std::string html(kPageIndexHtml);
  html.replace(html.find(kRedirectMark), kRedirectMark.size(), leads_back ? kRedirectField : std::string_view());
  return html;
}

std::shared_ptr<const PageFile> page_file(std::string content_type, std::string text) {
  std::string etag = etag_of(text);
  return std::make_shared<const PageFile>(
      PageFile{std::move(content_type), std::move(etag), std::make_shared<const std::string>(std::move(text))});
}

http::Route page_route(std::string id, std::string path, std::string_view summary,
                       std::shared_ptr<const PageFile> file) {
  return {.id = std::move(id),
          .method = "GET",
          .pattern = std::move(path),
          .scope = http::kPublicScope,
          .safe = true,
          .operation_json = http::openapi_operation(summary, "page"),
          .handler = [file = std::move(file)](const std::shared_ptr<op::Operation>& operation) {
            operation->respond(answer(*file, operation->request()));
          }};
}

}  // namespace

std::vector<http::Route> page_routes(const config::KvmdSettings& compat) {
  const auto index = page_file("text/html; charset=utf-8", index_html(compat));
  const auto style = page_file("text/css; charset=utf-8", std::string(kPageLoginCss));
  const auto script = page_file("text/javascript; charset=utf-8", std::string(kPageLoginJs));
  return {page_route("page", "/", "The login page", index), page_route("page-login", "/login", "The login page", index),
          page_route("page-style", "/login/login.css", "The login page's style", style),
          page_route("page-script", "/login/login.js", "The login page's script", script)};
}

}  // namespace backplane::login
