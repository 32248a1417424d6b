// What the probe can try. An action returns "ok", a value, or the name of the errno value that it met ("EACCES").
#pragma once

#include <errno.h>
#include <string.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace backplane::runner::probe {

using Arguments = std::vector<std::string>;
using Action = std::function<std::string(const Arguments&)>;
using Actions = std::map<std::string, Action>;

inline std::string outcome(bool succeeded) {
  return succeeded ? "ok" : ::strerrorname_np(errno);
}

Actions file_actions();
Actions process_actions();
Actions socket_actions();
Actions ordinary_actions();

}  // namespace backplane::runner::probe
