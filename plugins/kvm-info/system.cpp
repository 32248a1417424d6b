#include "kvm-info/system.hpp"

#include <sys/utsname.h>

#include <backplane/text.hpp>

#include "kvm-info/limits.hpp"

namespace backplane::kvm_info {
namespace {

std::optional<std::string> dmi_base(const Sources& sources) {
  const auto vendor = read_attribute(sources.path("/sys/class/dmi/id/sys_vendor"));
  const auto product = read_attribute(sources.path("/sys/class/dmi/id/product_name"));
  if (vendor && product) return *vendor + " " + *product;
  return product ? product : vendor;
}

std::optional<std::string> upper_cased(std::optional<std::string> text) {
  if (!text) return text;
  for (char& c : *text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

Value features(int api_version) {
  if (api_version < 4) {
    return Value::Object{{"HAS_PDEATHSIG", false},
                         {"WITH_GPIO", false},
                         {"WITH_PTHREAD_NP", false},
                         {"WITH_SETPROCTITLE", false},
                         {"WITH_SYSTEMD", false}};
  }
  return Value::Object{{"WITH_GPIO", false},       {"WITH_JANUS", false},  {"WITH_PDEATHSIG", false},
                       {"WITH_PTHREAD_NP", false}, {"WITH_PYTHON", false}, {"WITH_SETPROCTITLE", false},
                       {"WITH_SYSTEMD", false},    {"WITH_V4P", false}};
}

}  // namespace

Value kernel() {
  utsname names{};
  ::uname(&names);
  return Value::Object{
      {"machine", names.machine}, {"release", names.release}, {"system", names.sysname}, {"version", names.version}};
}

std::string host_name() {
  utsname names{};
  ::uname(&names);
  return names.nodename;
}

Platform::Platform(const Sources& sources, const std::string& platform_file) {
  base_ = read_attribute(sources.path("/proc/device-tree/model"));
  if (base_) {
    serial_ = read_attribute(sources.path("/proc/device-tree/serial-number"));
  } else {
    base_ = dmi_base(sources);
    serial_ = read_attribute(sources.path("/sys/class/dmi/id/product_serial"));  // readable for root only
  }
  if (!platform_file.empty()) read_platform_file(platform_file);
}

void Platform::read_platform_file(const std::string& path) {
  const std::optional<std::string> text = read_start(path, kPlatformFileBytesMax);
  if (!text) {
    problem_ = path + ": the platform file cannot be read";
    return;
  }
  for (std::string_view rest = *text; !rest.empty();) {
    const std::size_t line_end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, line_end);
    rest.remove_prefix(std::min(line_end + 1, rest.size()));
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = sdk::trim(line.substr(0, equals), sdk::kWhiteSpace);
    const std::string_view value = sdk::trim(line.substr(equals + 1), sdk::kWhiteSpace);
    if (value.empty()) continue;
    if (key == "PIKVM_MODEL") model_ = value;
    if (key == "PIKVM_VIDEO") video_ = value;
    if (key == "PIKVM_BOARD") board_ = value;
  }
}

Value Platform::describe(int api_version) const {
  Value::Object platform{{"base", base_}, {"serial", serial_}, {"type", "rpi"}};
  if (api_version >= 4) {
    platform["serial"] = upper_cased(serial_);
    platform["board"] = board_;
    platform["model"] = model_;
    platform["video"] = video_;
  }
  return platform;
}

Value system_info(int api_version, const std::string& streamer_version) {
  const bool is_version_3 = api_version < 4;
  const std::string default_streamer = is_version_3 ? "6.12" : "6.62";
  return Value::Object{
      {"kernel", kernel()},
      {"kvmd", Value::Object{{"version", is_version_3 ? "3.291" : "4.197"}}},
      {"streamer", Value::Object{{"app", "ustreamer"},
                                 {"features", features(api_version)},
                                 {"version", streamer_version.empty() ? default_streamer : streamer_version}}},
  };
}

}  // namespace backplane::kvm_info
