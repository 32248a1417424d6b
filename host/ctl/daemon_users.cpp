#include "ctl/daemon_users.hpp"

#include <curl/curl.h>
#include <fmt/core.h>
#include <simdjson.h>
#include <string.h>

#include <backplane/json.hpp>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace backplane::ctl {
namespace {

constexpr long kAnswerSecondsMax = 60;                      // a queue of password checks is about three seconds
constexpr std::size_t kAnswerBytesMax = 2UL * 1024 * 1024;  // a thousand users with long names
constexpr const char* kRemedy =
    "the daemon's configuration needs a listener like  - { unix: backplane.sock, peers: { root: admin } }";

struct Answer {
  long status = 0;
  std::string body;
};

std::size_t append_answer(char* bytes, std::size_t size, std::size_t count, void* body) {
  auto& text = *static_cast<std::string*>(body);
  if (text.size() + size * count > kAnswerBytesMax) return 0;
  text.append(bytes, size * count);
  return size * count;
}

struct CurlDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// The sentence of a problem+json answer; empty where it is none.
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
                         fmt::format("the daemon lets this system user not manage users{}; run as root, or name the "
                                     "user in `peers`: {}",
                                     detail.empty() ? "" : " (" + detail + ")", kRemedy));
  }
  if (!detail.empty()) return base::problem(base::Error::kInvalid, detail);
  return base::problem(base::Error::kBadGateway, fmt::format("the daemon answered with status {}", answer.status));
}

class DaemonUsers final : public UserDirectory {
 public:
  explicit DaemonUsers(std::string socket_path) : socket_path_(std::move(socket_path)) {}

  base::Checked<std::vector<UserEntry>> list() override {
    const auto answer = ask("GET", "", {});
    if (!answer) return answer.error();
    return read_list(answer->body);
  }

  base::Checked<void> add(const std::string& name, const std::string& role, const base::Secret& password) override {
    sdk::JsonWriter json;
    json.begin_object();
    json.key("name").string(name);
    json.key("role").string(role);
    json.key("password").string(password.reveal());
    json.end_object();
    return change("POST", "", base::Secret(json.take()));
  }

  base::Checked<void> set_password(const std::string& name, const base::Secret& password) override {
    sdk::JsonWriter json;
    json.begin_object();
    json.key("password").string(password.reveal());
    json.end_object();
    return change("PUT", "/" + name + "/password", base::Secret(json.take()));
  }

  base::Checked<TotpSetup> enable_totp(const std::string& name) override {
    const auto answer = ask("POST", "/" + name + "/totp", {});
    if (!answer) return answer.error();
    simdjson::dom::parser parser;
    simdjson::dom::element document;
    std::string_view secret;
    std::string_view url;
    if (parser.parse(answer->body).get(document) != simdjson::SUCCESS ||
        document["secret"].get(secret) != simdjson::SUCCESS || document["url"].get(url) != simdjson::SUCCESS) {
      return base::problem(base::Error::kBadGateway,
                           "the daemon's answer cannot be read; are both programs of the "
                           "same version?");
    }
    return TotpSetup{base::Secret(std::string(secret)), base::Secret(std::string(url))};
  }

  base::Checked<void> disable_totp(const std::string& name) override {
    return change("DELETE", "/" + name + "/totp", {});
  }

  base::Checked<void> remove(const std::string& name) override { return change("DELETE", "/" + name, {}); }

 private:
  base::Checked<void> change(const char* method, const std::string& below, const base::Secret& json) const {
    const auto answer = ask(method, below, json);
    if (!answer) return answer.error();
    return {};
  }

  // The answer, where its status is 2xx. `below` needs no escaping: names are checked before.
  base::Checked<Answer> ask(const char* method, const std::string& below, const base::Secret& json) const {
    const std::unique_ptr<CURL, CurlDeleter> handle(curl_easy_init());
    if (!handle) return base::problem(base::Error::kInternal, "libcurl does not work here");
    const std::unique_ptr<curl_slist, CurlDeleter> headers(
        curl_slist_append(nullptr, "Content-Type: application/json"));
    CURL* curl = handle.get();
    Answer answer;
    const std::string url = "http://localhost/api/v1/users" + below;
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
    if (const CURLcode error = curl_easy_perform(curl); error != CURLE_OK) return no_answer(curl, error);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
    if (answer.status < 200 || answer.status > 299) return refusal(answer);
    return answer;
  }

  base::Problem no_answer(CURL* curl, CURLcode error) const {
    long os_error = 0;
    curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &os_error);
    std::string reason = curl_easy_strerror(error);
    if (error == CURLE_COULDNT_CONNECT && os_error != 0) reason = strerror(static_cast<int>(os_error));
    const bool denied = error == CURLE_COULDNT_CONNECT && os_error == EACCES;
    return base::problem(base::Error::kUnavailable,
                         "the daemon cannot be asked: " + reason +
                             (denied ? "; run as root, or as a user who may open the socket"
                                     : "; if it is starting or stopping, try again in a moment"),
                         socket_path_);
  }

  static base::Checked<std::vector<UserEntry>> read_list(const std::string& body) {
    simdjson::dom::parser parser;
    simdjson::dom::array users;
    const auto broken = [] {
      return base::problem(base::Error::kBadGateway,
                           "the daemon's list of users cannot be read; are both programs of "
                           "the same version?");
    };
    if (parser.parse(body)["users"].get(users) != simdjson::SUCCESS) return broken();
    std::vector<UserEntry> entries;
    for (const simdjson::dom::element user : users) {
      std::string_view name;
      std::string_view role;
      UserEntry entry;
      if (user["name"].get(name) != simdjson::SUCCESS || user["role"].get(role) != simdjson::SUCCESS ||
          user["enabled"].get(entry.enabled) != simdjson::SUCCESS ||
          user["password_set"].get(entry.password_set) != simdjson::SUCCESS ||
          user["created_ms"].get(entry.created_ms) != simdjson::SUCCESS) {
        return broken();
      }
      entry.name = name;
      entry.role = role;
      entries.push_back(std::move(entry));
    }
    return entries;
  }

  const std::string socket_path_;
};

}  // namespace

base::Checked<std::unique_ptr<UserDirectory>> open_daemon_users(const store::StateHolder& holder,
                                                                const std::string& state_dir) {
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
  return std::unique_ptr<UserDirectory>(std::make_unique<DaemonUsers>(path.string()));
}

}  // namespace backplane::ctl
