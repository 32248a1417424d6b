#include "fake_systemd.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace backplane::kvm_info {
namespace {

constexpr std::string_view kUnitPath = "/unit/";

// Object paths take letters and digits only: the name in hexadecimal.
std::string object_path(std::string_view name) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string path(kUnitPath);
  for (const char c : name) {
    path += kDigits[static_cast<unsigned char>(c) >> 4];
    path += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return path;
}

}  // namespace

FakeSystemd::FakeSystemd(std::map<std::string, Unit> units, bool silent) : units_(std::move(units)), silent_(silent) {
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = tree_.path("/bus");
  std::memcpy(address.sun_path, path.c_str(), path.size());
  EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(::listen(listener_, 1), 0);
  stop_ = ::eventfd(0, EFD_CLOEXEC);
  thread_ = std::thread([this] { serve(); });
}

FakeSystemd::~FakeSystemd() {
  EXPECT_EQ(::eventfd_write(stop_, 1), 0);
  thread_.join();
  ::close(listener_);
  ::close(stop_);
}

void FakeSystemd::serve() {
  while (true) {
    std::array<pollfd, 2> waits{{{listener_, POLLIN, 0}, {stop_, POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), -1);
    if (waits[1].revents != 0) return;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) serve_client(client);
  }
}

void FakeSystemd::serve_client(int client) {
  sd_bus* bus = nullptr;
  sd_bus_new(&bus);
  sd_bus_set_fd(bus, client, client);
  sd_bus_set_server(bus, 1, sd_id128_t{{1}});
  sd_bus_set_anonymous(bus, 1);
  if (sd_bus_start(bus) >= 0) {
    while (true) {
      sd_bus_message* message = nullptr;
      const int result = sd_bus_process(bus, &message);
      if (message != nullptr) handle(message);
      sd_bus_message_unref(message);
      if (result < 0) break;
      if (result > 0) continue;
      std::array<pollfd, 2> waits{
          {{sd_bus_get_fd(bus), static_cast<short>(sd_bus_get_events(bus)), 0}, {stop_, POLLIN, 0}}};
      ::poll(waits.data(), waits.size(), -1);
      if (waits[1].revents != 0) break;
    }
  }
  sd_bus_close_unref(bus);
}

void FakeSystemd::handle(sd_bus_message* message) {
  if (sd_bus_message_is_method_call(message, nullptr, nullptr) <= 0) return;
  const std::string_view member = sd_bus_message_get_member(message);
  if (member == "Hello") {
    sd_bus_reply_method_return(message, "s", ":1.1");
  } else if (!silent_) {
    answer(message, member);
  }
}

int FakeSystemd::answer(sd_bus_message* message, std::string_view member) {
  const char* text = nullptr;
  sd_bus_message_read(message, "s", &text);
  if (member == "Get") {
    for (const auto& [name, unit] : units_) {
      if (object_path(name) != sd_bus_message_get_path(message)) continue;
      return sd_bus_reply_method_return(message, "v", "s", unit.active_state.c_str());
    }
    return sd_bus_reply_method_errorf(message, SD_BUS_ERROR_UNKNOWN_OBJECT, "no such object");
  }
  const auto unit = units_.find(text);
  if (member == "GetUnit") {
    if (unit == units_.end() || unit->second.active_state.empty()) {
      return sd_bus_reply_method_errorf(message, "org.freedesktop.systemd1.NoSuchUnit", "not loaded");
    }
    return sd_bus_reply_method_return(message, "o", object_path(text).c_str());
  }
  if (unit == units_.end() || unit->second.file_state.empty()) {
    return sd_bus_reply_method_errorf(message, SD_BUS_ERROR_FILE_NOT_FOUND, "no such file");
  }
  return sd_bus_reply_method_return(message, "s", unit->second.file_state.c_str());
}

}  // namespace backplane::kvm_info
