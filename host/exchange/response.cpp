#include "exchange/response.hpp"

namespace backplane::exchange {

int http_status(base::Error error) {
  using base::Error;
  switch (error) {
    case Error::kInvalid:
    case Error::kUnsupported:
      return 400;
    case Error::kUnauthorized:
      return 401;
    case Error::kForbidden:
      return 403;
    case Error::kNotFound:
      return 404;
    case Error::kMethodNotAllowed:
      return 405;
    case Error::kConflict:
      return 409;
    case Error::kTooLarge:
      return 413;
    case Error::kThrottled:
      return 429;
    case Error::kBadGateway:
      return 502;
    case Error::kUnavailable:
    case Error::kAgain:
    case Error::kLimit:
    case Error::kGone:
      return 503;
    case Error::kTimeout:
      return 504;
    case Error::kIo:
    case Error::kInternal:
      return 500;
  }
  return 500;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100:
      return "Continue";
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 423:
      return "Locked";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}

bool valid_header(std::string_view name, std::string_view value) {
  static constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";
  static constexpr std::string_view kOwnedByHost[] = {"Connection", "Content-Length",    "Content-Type",
                                                      "Date",       "Keep-Alive",        "Server",
                                                      "Trailer",    "Transfer-Encoding", "Upgrade"};
  if (name.empty()) return false;
  for (char c : name) {
    const bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (!alphanumeric && kTokenMarks.find(c) == std::string_view::npos) return false;
  }
  for (char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t') || byte == 0x7f) return false;
  }
  for (std::string_view owned : kOwnedByHost) {
    if (same_name(name, owned)) return false;
  }
  return true;
}

}  // namespace backplane::exchange
