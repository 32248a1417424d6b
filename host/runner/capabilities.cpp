#include "runner/capabilities.hpp"

#include <errno.h>
#include <sys/capability.h>

#include <algorithm>
#include <memory>

#include "runner/refusal.hpp"

namespace backplane::runner {
namespace {

struct Free {
  void operator()(cap_t state) const { ::cap_free(state); }
};
using State = std::unique_ptr<std::remove_pointer_t<cap_t>, Free>;

constexpr char kCannot[] = "the sandbox cannot drop its capabilities";

bool is_permitted(const State& state, cap_value_t capability) {
  cap_flag_value_t value = CAP_CLEAR;
  return ::cap_get_flag(state.get(), capability, CAP_PERMITTED, &value) == 0 && value == CAP_SET;
}

base::Checked<std::vector<cap_value_t>> resolve(const std::vector<std::string>& granted, const State& present) {
  std::vector<cap_value_t> capabilities;
  for (const std::string& name : granted) {
    cap_value_t capability = 0;
    // The library would take a number or small letters as well; elsewhere it is compared by its name.
    if (!name.starts_with("CAP_") || ::cap_from_name(name.c_str(), &capability) != 0) {
      return base::problem(base::Error::kInvalid,
                           "there is no capability " + name + "; see capabilities(7) for the names");
    }
    if (!is_permitted(present, capability)) {
      return base::problem(base::Error::kForbidden, "the daemon has no " + name +
                                                        " itself and cannot grant it; add it to AmbientCapabilities "
                                                        "and CapabilityBoundingSet in the daemon's systemd unit");
    }
    capabilities.push_back(capability);
  }
  return capabilities;
}

// Without the right to do so it stays as it is: with no new privileges it gives nothing any more.
bool shrink_bounding_set(const State& present, const std::vector<cap_value_t>& kept) {
  const cap_value_t shrink = CAP_SETPCAP;
  if (!is_permitted(present, shrink)) return true;
  // A change of user has emptied the effective set.
  if (::cap_set_flag(present.get(), CAP_EFFECTIVE, 1, &shrink, CAP_SET) != 0) return false;
  if (::cap_set_proc(present.get()) != 0) return false;
  for (cap_value_t capability = 0; capability < ::cap_max_bits(); ++capability) {
    const bool keep = std::find(kept.begin(), kept.end(), capability) != kept.end();
    if (!keep && ::cap_get_bound(capability) == 1 && ::cap_drop_bound(capability) != 0) return false;
  }
  return true;
}

// The inheritable and the ambient set are for programs that are started, and none may be.
bool keep_only(const std::vector<cap_value_t>& kept) {
  const State wanted(::cap_init());
  const int count = static_cast<int>(kept.size());
  if (!wanted || ::cap_reset_ambient() != 0) return false;
  if (count != 0 && (::cap_set_flag(wanted.get(), CAP_PERMITTED, count, kept.data(), CAP_SET) != 0 ||
                     ::cap_set_flag(wanted.get(), CAP_EFFECTIVE, count, kept.data(), CAP_SET) != 0)) {
    return false;
  }
  return ::cap_set_proc(wanted.get()) == 0;
}

}  // namespace

bool has_capability(int capability) {
  const State present(::cap_get_proc());
  return present && is_permitted(present, capability);
}

base::Checked<link::SandboxLayer> drop_capabilities(const std::vector<std::string>& granted) {
  const State present(::cap_get_proc());
  if (!present) return refusal(kCannot, errno);
  const auto kept = resolve(granted, present);
  if (!kept) return kept.error();
  if (!shrink_bounding_set(present, *kept) || !keep_only(*kept)) return refusal(kCannot, errno);
  std::string text = granted.empty() ? "none" : "only";
  for (const std::string& name : granted) text += (&name == &granted.front() ? " " : ", ") + name;
  return link::SandboxLayer{"capabilities", true, std::move(text)};
}

}  // namespace backplane::runner
