#include "probe_options.hpp"

#include <cstddef>

namespace backplane::runner::probe {

Options parse(const Arguments& words) {
  Options options;
  link::SandboxSettings& settings = options.settings;
  const std::map<std::string, std::function<void(const std::string&)>> named{
      {"--uid", [&](const std::string& value) { settings.uid = std::stoll(value); }},
      {"--gid", [&](const std::string& value) { settings.gid = std::stoll(value); }},
      {"--group", [&](const std::string& value) { settings.groups.push_back(std::stoll(value)); }},
      {"--device", [&](const std::string& value) { settings.devices.push_back(value); }},
      {"--read",
       [&](const std::string& value) {
         settings.paths.push_back({value, false});
       }},
      {"--write",
       [&](const std::string& value) {
         settings.paths.push_back({value, true});
       }},
      {"--capability", [&](const std::string& value) { settings.capabilities.push_back(value); }},
      {"--network", [&](const std::string& value) { settings.network = value == "yes"; }},
      {"--memory", [&](const std::string& value) { settings.memory_bytes_max = std::stoull(value); }},
      {"--library", [&](const std::string& value) { options.files.library = value; }},
      {"--state", [&](const std::string& value) { options.files.state_dir = value; }},
      {"--data", [&](const std::string& value) { options.files.data_dir = value; }},
      {"--note", [&](const std::string& value) { options.note = value; }},
  };
  std::size_t next = 0;
  for (; next + 1 < words.size() && named.contains(words[next]); next += 2) named.at(words[next])(words[next + 1]);
  options.action = words.at(next);
  options.arguments.assign(words.begin() + static_cast<std::ptrdiff_t>(next) + 1, words.end());
  return options;
}

}  // namespace backplane::runner::probe
