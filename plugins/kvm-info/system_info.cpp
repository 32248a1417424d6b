#include "kvm-info/system_info.hpp"

#include "kvm-info/kernel.hpp"

namespace backplane::kvm_info {
namespace {

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
