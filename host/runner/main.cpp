// backplane-runner: started by the daemon for each plugin with `isolation: process`.
#include "base/clock.hpp"
#include "runner/runner.hpp"

int main() {
  return backplane::runner::run(backplane::base::system_clock());
}
