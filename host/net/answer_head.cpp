#include "net/answer_head.hpp"

#include <charconv>
#include <ctime>

#include "exchange/response.hpp"

namespace backplane::net {
namespace {

void append_number(std::string& out, std::size_t number, int base = 10) {
  char digits[24];
  const auto result = std::to_chars(digits, digits + sizeof digits, number, base);
  out.append(digits, result.ptr);
}

// "Date: Sun, 22 Nov 2026 20:20:49 GMT\r\n" (RFC 9110 §5.6.7), made once a second.
std::string_view date_line(std::int64_t wall_ms) {
  static thread_local std::int64_t made_for_s = -1;
  static thread_local char text[64];
  static thread_local std::size_t size = 0;
  const std::int64_t now_s = wall_ms / 1000;
  if (now_s != made_for_s) {
    static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t time = now_s;
    std::tm utc{};
    gmtime_r(&time, &utc);
    const int written =
        std::snprintf(text, sizeof text, "Date: %s, %02d %s %d %02d:%02d:%02d GMT\r\n", kDays[utc.tm_wday], utc.tm_mday,
                      kMonths[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
    size = static_cast<std::size_t>(written);
    made_for_s = now_s;
  }
  return {text, size};
}

}  // namespace

void append_head(std::string& out, const exchange::Response& response, BodyForm form, std::size_t body_bytes,
                 bool keep_alive, std::int64_t wall_ms) {
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(response.status));
  out += ' ';
  out += exchange::reason_phrase(response.status);
  out += "\r\n";
  out += date_line(wall_ms);
  if (!response.content_type.empty()) {
    out += "Content-Type: ";
    out += response.content_type;
    out += "\r\n";
  }
  bool names_caching = false;
  for (const exchange::Field& header : response.headers) {
    names_caching = names_caching || exchange::same_name(header.name, "Cache-Control");
    out += header.name;
    out += ": ";
    out += header.value;
    out += "\r\n";
  }
  if (!names_caching) out += "Cache-Control: no-store\r\n";
  out += "X-Content-Type-Options: nosniff\r\n";
  if (form == BodyForm::kLength) {
    out += "Content-Length: ";
    append_number(out, body_bytes);
    out += "\r\n";
  } else if (form == BodyForm::kChunked) {
    out += "Transfer-Encoding: chunked\r\n";
  }
  out += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
}

void append_chunk(std::string& out, const op::Data& data) {
  append_number(out, data.size(), 16);
  out += "\r\n";
  data.append_to(out);
  out += "\r\n";
}

}  // namespace backplane::net
