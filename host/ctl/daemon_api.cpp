#include "ctl/daemon_api.hpp"

#include <curl/curl.h>
#include <fmt/core.h>
#include <simdjson.h>
#include <string.h>

#include <cerrno>
#include <filesystem>
#include <memory>

#include "link/limits.hpp"

namespace backplane::ctl {
namespace {

constexpr long kAnswerSecondsMax = 60;  // a plugin that stops and starts slowly takes the longest: 20 s
constexpr const char* kRemedy =
    "the daemon's configuration needs a listener like  - { unix: backplane.sock, peers: { root: admin } }";

struct Answer {
  long status = 0;
  std::string body;
};

std::size_t append_answer(char* bytes, std::size_t size, std::size_t count, void* body) {
  auto& text = *static_cast<std::string*>(body);
  if (text.size() + size * count > link::limits::kAnswerBodyBytesMax) return 0;
  text.append(bytes, size * count);
  return size * count;
}

struct CurlDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// The sentence of a problem+json answer; empty if it is none.
std::string detail_of(const std::string& body) {
  simdjson::dom::parser parser;
  std::string_view detail;
  if (parser.parse(body)["detail"].get(detail) != simdjson::SUCCESS) return {};
  return std::string(detail);
}

base::Problem refusal(const Answer& answer) {
  const std::string detail = detail_of(answer.body);
  if (answer.status == 401 || answer.status == 403) {
    return base::problem(base::Error::kForbidden,
                         fmt::format("the daemon does not let this system user do that{}; run as root, or name the "
                                     "user in `peers`: {}",
                                     detail.empty() ? "" : " (" + detail + ")", kRemedy));
  }
  if (!detail.empty()) return base::problem(base::Error::kInvalid, detail);
  return base::problem(base::Error::kBadGateway, fmt::format("the daemon answered with status {}", answer.status));
}

base::Problem no_answer(CURL* curl, CURLcode error, const std::string& socket_path) {
  long os_error = 0;
  curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &os_error);
  std::string reason = curl_easy_strerror(error);
  if (error == CURLE_COULDNT_CONNECT && os_error != 0) reason = strerror(static_cast<int>(os_error));
  const bool denied = error == CURLE_COULDNT_CONNECT && os_error == EACCES;
  return base::problem(base::Error::kUnavailable,
                       "the daemon cannot be asked: " + reason +
                           (denied ? "; run as root, or as a user who may open the socket"
                                   : "; if it is starting or stopping, try again in a moment"),
                       socket_path);
}

}  // namespace

base::Checked<DaemonApi> DaemonApi::find(const std::string& state_dir) {
  const auto holder = store::StateLock::holder(state_dir);
  if (!holder) return holder.error();
  if (holder->has_value()) return of(**holder, state_dir);
  return base::problem(
      base::Error::kUnavailable,
      "no daemon runs on this state directory; start backplaned, or name the directory of the one that "
      "runs with --state-dir",
      state_dir);
}

base::Checked<DaemonApi> DaemonApi::of(const store::StateHolder& holder, const std::string& state_dir) {
  if (holder.socket_path.empty()) {
    return base::problem(
        base::Error::kUnavailable,
        fmt::format("process {} holds the state directory and offers no Unix socket; if it is the daemon, stop it or "
                    "give it one ({}); if it is another backplanectl, wait for its end",
                    holder.pid, kRemedy),
        state_dir);
  }
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::filesystem::path path = std::filesystem::path(state_dir) / holder.socket_path;  // absolute stays absolute
  return DaemonApi(path.string());
}

base::Checked<std::string> DaemonApi::ask(const char* method, const std::string& path, const base::Secret& json) const {
  const std::unique_ptr<CURL, CurlDeleter> handle(curl_easy_init());
  if (!handle) return base::problem(base::Error::kInternal, "libcurl does not work here");
  const std::unique_ptr<curl_slist, CurlDeleter> headers(curl_slist_append(nullptr, "Content-Type: application/json"));
  CURL* curl = handle.get();
  Answer answer;
  const std::string url = "http://localhost" + path;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket_path_.c_str());
  curl_easy_setopt(curl, CURLOPT_PROXY, "");  // whatever the environment says
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, kAnswerSecondsMax);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append_answer);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  if (!json.empty()) {
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(json.reveal().size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, json.reveal().c_str());
  }
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
  if (const CURLcode error = curl_easy_perform(curl); error != CURLE_OK) return no_answer(curl, error, socket_path_);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  if (answer.status < 200 || answer.status > 299) return refusal(answer);
  return std::move(answer.body);
}

base::Problem unreadable(std::string_view what) {
  return base::problem(base::Error::kBadGateway,
                       fmt::format("the daemon's {} cannot be read; are both programs of the same version?", what));
}

}  // namespace backplane::ctl
