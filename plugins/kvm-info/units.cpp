#include "kvm-info/units.hpp"

#include <systemd/sd-bus.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

#include "kvm-info/limits.hpp"

namespace backplane::kvm_info {
namespace {

constexpr const char* kSystemd = "org.freedesktop.systemd1";
constexpr const char* kManagerPath = "/org/freedesktop/systemd1";
constexpr const char* kManager = "org.freedesktop.systemd1.Manager";
constexpr const char* kUnit = "org.freedesktop.systemd1.Unit";
constexpr std::string_view kSuffix = ".service";

struct BusCloser {
  void operator()(sd_bus* bus) const { sd_bus_close_unref(bus); }
};
struct MessageFreer {
  void operator()(sd_bus_message* message) const { sd_bus_message_unref(message); }
};
using Bus = std::unique_ptr<sd_bus, BusCloser>;
using Message = std::unique_ptr<sd_bus_message, MessageFreer>;

// One connection for one round of questions; it stops asking when the time is spent.
class Questioner {
 public:
  Questioner(const std::string& address, std::int64_t timeout_ms)
      : deadline_(std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms)) {
    sd_bus* bus = nullptr;
    int result = sd_bus_new(&bus);
    bus_.reset(bus);
    if (result >= 0) result = sd_bus_set_address(bus, address.c_str());
    if (result >= 0) result = sd_bus_set_bus_client(bus, 1);
    if (result >= 0) result = sd_bus_start(bus);
    if (result < 0) fail(result);
  }

  bool usable() const { return problem_.empty(); }
  const std::string& problem() const { return problem_; }

  bool is_enabled(const std::string& unit) {
    constexpr std::array<std::string_view, 5> kEnabled{"enabled", "enabled-runtime", "static", "indirect", "generated"};
    const Message reply = ask(kManagerPath, kManager, "GetUnitFileState", unit.c_str());
    const char* state = nullptr;
    if (reply == nullptr || sd_bus_message_read(reply.get(), "s", &state) < 0) return false;
    return std::find(kEnabled.begin(), kEnabled.end(), state) != kEnabled.end();
  }

  bool is_started(const std::string& unit) {
    const Message found = ask(kManagerPath, kManager, "GetUnit", unit.c_str());
    const char* path = nullptr;
    if (found == nullptr || sd_bus_message_read(found.get(), "o", &path) < 0) return false;
    const Message reply = ask(path, "org.freedesktop.DBus.Properties", "Get", kUnit, "ActiveState");
    const char* state = nullptr;
    if (reply == nullptr || sd_bus_message_read(reply.get(), "v", "s", &state) < 0) return false;
    return std::string_view(state) == "active";
  }

 private:
  // Null where systemd refuses (no such unit, say) or the bus fails; the latter ends the round.
  template <class... Texts>
  Message ask(const char* path, const char* interface, const char* method, Texts... texts) {
    if (!usable()) return nullptr;
    const auto left =
        std::chrono::duration_cast<std::chrono::microseconds>(deadline_ - std::chrono::steady_clock::now());
    if (left.count() <= 0) return fail(-ETIMEDOUT);
    sd_bus_message* call = nullptr;
    int result = sd_bus_message_new_method_call(bus_.get(), &call, kSystemd, path, interface, method);
    const Message owned_call(call);
    if (result >= 0) result = sd_bus_message_set_auto_start(call, 0);
    for (const char* text : std::initializer_list<const char*>{texts...}) {
      if (result >= 0) result = sd_bus_message_append_basic(call, 's', text);
    }
    if (result < 0) return fail(result);
    sd_bus_error error = SD_BUS_ERROR_NULL;
    sd_bus_message* reply = nullptr;
    result = sd_bus_call(bus_.get(), call, static_cast<std::uint64_t>(left.count()), &error, &reply);
    Message owned_reply(reply);
    const bool refused = result < 0 && error.name != nullptr && refused_by_systemd(error.name);
    sd_bus_error_free(&error);
    if (result < 0 && !refused) return fail(result);
    if (result < 0) return nullptr;
    return owned_reply;
  }

  // An answer of systemd itself, not of the bus or of the transport.
  static bool refused_by_systemd(std::string_view name) {
    return name.starts_with("org.freedesktop.systemd1.") || name == "org.freedesktop.DBus.Error.FileNotFound" ||
           name == "org.freedesktop.DBus.Error.InvalidArgs" || name == "org.freedesktop.DBus.Error.AccessDenied";
  }

  Message fail(int result) {
    if (problem_.empty()) problem_ = std::string("systemd cannot be asked over D-Bus: ") + std::strerror(-result);
    return nullptr;
  }

  std::chrono::steady_clock::time_point deadline_;
  Bus bus_;
  std::string problem_;
};

// The full unit name, or nothing where systemd would not take it.
std::optional<std::string> unit_name(std::string name) {
  if (!std::string_view(name).ends_with(kSuffix)) name += kSuffix;
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.\\@";
  if (name.size() > kUnitNameBytesMax || name.find_first_not_of(kAllowed) != std::string::npos) return std::nullopt;
  return name;
}

std::string system_bus_address() {
  const char* address = std::getenv("DBUS_SYSTEM_BUS_ADDRESS");
  return address != nullptr && *address != '\0' ? address : "unix:path=/run/dbus/system_bus_socket";
}

}  // namespace

UnitStates query_units(const std::vector<std::string>& names, const std::string& bus_address, std::int64_t timeout_ms) {
  UnitStates result;
  for (const std::string& name : names) result.states[name] = {};
  if (names.empty()) return result;
  Questioner systemd(bus_address.empty() ? system_bus_address() : bus_address, timeout_ms);
  for (auto& [name, state] : result.states) {
    if (!systemd.usable()) break;
    const std::optional<std::string> unit = unit_name(name);
    if (!unit) continue;
    state.enabled = systemd.is_enabled(*unit);
    state.started = systemd.is_started(*unit);
  }
  result.problem = systemd.problem();
  return result;
}

}  // namespace backplane::kvm_info
