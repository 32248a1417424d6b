#include "ctl/daemon_users.hpp"

#include <simdjson.h>

#include <backplane/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "ctl/daemon_api.hpp"

namespace backplane::ctl {
namespace {

constexpr const char* kUsers = "/api/v1/users";

// Names are checked before they come here.
class DaemonUsers final : public Users {
 public:
  explicit DaemonUsers(DaemonApi api) : api_(std::move(api)) {}

  base::Checked<std::vector<UserEntry>> list() override {
    const auto answer = api_.ask("GET", kUsers);
    if (!answer) return answer.error();
    return read_list(*answer);
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
    const auto answer = api_.ask("POST", kUsers + ("/" + name + "/totp"));
    if (!answer) return answer.error();
    simdjson::dom::parser parser;
    simdjson::dom::element document;
    std::string_view secret;
    std::string_view url;
    if (parser.parse(*answer).get(document) != simdjson::SUCCESS ||
        document["secret"].get(secret) != simdjson::SUCCESS || document["url"].get(url) != simdjson::SUCCESS) {
      return unreadable("answer");
    }
    return TotpSetup{base::Secret(std::string(secret)), base::Secret(std::string(url))};
  }

  base::Checked<void> disable_totp(const std::string& name) override {
    return change("DELETE", "/" + name + "/totp", {});
  }

  base::Checked<void> remove(const std::string& name) override { return change("DELETE", "/" + name, {}); }

 private:
  base::Checked<void> change(const char* method, const std::string& below, const base::Secret& json) const {
    const auto answer = api_.ask(method, kUsers + below, json);
    if (!answer) return answer.error();
    return {};
  }

  static base::Checked<std::vector<UserEntry>> read_list(const std::string& body) {
    simdjson::dom::parser parser;
    simdjson::dom::array users;
    if (parser.parse(body)["users"].get(users) != simdjson::SUCCESS) return unreadable("list of users");
    std::vector<UserEntry> entries;
    for (const simdjson::dom::element user : users) {
      std::string_view name;
      std::string_view role;
      UserEntry entry;
      if (user["name"].get(name) != simdjson::SUCCESS || user["role"].get(role) != simdjson::SUCCESS ||
          user["enabled"].get(entry.enabled) != simdjson::SUCCESS ||
          user["password_set"].get(entry.password_set) != simdjson::SUCCESS ||
          user["created_ms"].get(entry.created_ms) != simdjson::SUCCESS) {
        return unreadable("list of users");
      }
      entry.name = name;
      entry.role = role;
      entries.push_back(std::move(entry));
    }
    return entries;
  }

  const DaemonApi api_;
};

}  // namespace

base::Checked<std::unique_ptr<Users>> open_daemon_users(const store::StateHolder& holder,
                                                        const std::string& state_dir) {
  auto api = DaemonApi::of(holder, state_dir);
  if (!api) return api.error();
  return std::unique_ptr<Users>(std::make_unique<DaemonUsers>(std::move(*api)));
}

}  // namespace backplane::ctl
