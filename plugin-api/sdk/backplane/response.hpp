// Builds an answer: Response(200).header("Cache-Control", "no-store").body("text/plain", "hello").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace backplane::sdk {

class Response {
 public:
  explicit Response(std::int32_t status = 200) : status_(status) {}

  static Response json(std::string body, std::int32_t status = 200) {
    return Response(status).body("application/json", std::move(body));
  }
  static Response text(std::string body, std::int32_t status = 200) {
    return Response(status).body("text/plain; charset=utf-8", std::move(body));
  }

  // Content-Length, Connection, Date and their like are the host's and are refused by it.
  Response& header(std::string name, std::string value) {
    headers_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  Response& content_type(std::string type) {
    content_type_ = std::move(type);
    return *this;
  }
  Response& body(std::string type, std::string bytes) {
    content_type_ = std::move(type);
    body_ = std::move(bytes);
    return *this;
  }
  // On a safe route, with status 200: for that long the host may answer the same route, query and role from its copy.
  // Never where the answer depends on the user, the session, the address or a header.
  Response& fresh_ms(std::int64_t milliseconds) {
    fresh_ms_ = milliseconds;
    return *this;
  }

  std::int32_t status() const { return status_; }
  std::string_view content_type() const { return content_type_; }
  std::string_view body() const { return body_; }
  std::int64_t fresh_ms() const { return fresh_ms_; }
  const std::vector<std::pair<std::string, std::string>>& headers() const { return headers_; }

 private:
  std::int32_t status_;
  std::string content_type_;
  std::string body_;
  std::vector<std::pair<std::string, std::string>> headers_;
  std::int64_t fresh_ms_ = 0;
};

}  // namespace backplane::sdk
