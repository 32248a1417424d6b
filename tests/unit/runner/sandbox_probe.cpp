// Enters the sandbox as its command line says, tries one thing and prints what came of it. Exits with 3 where the
// sandbox could not be entered and prints why.
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#include "base/unique_fd.hpp"
#include "probe_options.hpp"

namespace backplane::runner::probe {
namespace {

link::SystemCallNote* map_note(const std::string& path) {
  if (path.empty()) return nullptr;
  const base::UniqueFd file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  void* memory = ::mmap(nullptr, sizeof(link::SystemCallNote), PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  return memory == MAP_FAILED ? nullptr : static_cast<link::SystemCallNote*>(memory);
}

Actions all_actions() {
  Actions all;
  for (Actions some : {file_actions(), process_actions(), socket_actions(), ordinary_actions()}) all.merge(some);
  return all;
}

std::string describe(const std::vector<link::SandboxLayer>& layers) {
  std::string text;
  for (const link::SandboxLayer& layer : layers) {
    text += layer.name + (layer.active ? " | active | " : " | inactive | ") + layer.text + "\n";
  }
  return text;
}

int run(const Options& options) {
  Actions actions = all_actions();
  const auto layers = enter_sandbox(options.settings, options.files, -1, map_note(options.note));
  if (!layers) {
    ::printf("%s\n", layers.error().message().c_str());
    return 3;
  }
  actions["layers"] = [&layers](const Arguments&) { return describe(*layers); };
  ::printf("%s\n", actions.at(options.action)(options.arguments).c_str());
  return 0;
}

}  // namespace
}  // namespace backplane::runner::probe

int main(int count, char** words) {
  using namespace backplane::runner::probe;
  return run(parse(Arguments(words + 1, words + count)));
}
