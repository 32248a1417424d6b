// Ends its process, or never comes to an end.
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "hostile_plugins/misdeeds.hpp"
#include "hostile_plugins/past_runner.hpp"

namespace hostile {

void crash() {
  ::signal(SIGSEGV, SIG_DFL);
  ::raise(SIGSEGV);
  ::_exit(99);
}

namespace {

[[noreturn]] void spin() {
  volatile bool on = true;
  while (on) {
  }
  std::abort();
}

// Before anything of the module was asked for. Its configuration is not there yet; the runner's last argument names it.
[[gnu::constructor]] void misbehave_on_load(int argument_count, char** arguments, char**) {
  const std::string_view instance = arguments[argument_count - 1];
  if (instance == "crashes-on-load") crash();
  if (instance == "spins-on-load") spin();
}

bool crash_in_create(Plugin&) {
  crash();
}
bool crash_in_start(Plugin& plugin) {
  plugin.table.start = [](void*, bp_cookie) { crash(); };
  return true;
}
bool crash_in_stop(Plugin& plugin) {
  plugin.table.stop = [](void*, bp_cookie) { crash(); };
  return true;
}

void crash_in_a_handler(Plugin&, const bp_request&) {
  crash();
}
void exit_in_a_handler(Plugin&, const bp_request&) {
  std::exit(7);
}
void abort_in_a_handler(Plugin&, const bp_request&) {
  std::abort();
}
void throw_in_a_thread(Plugin&, const bp_request&) {
  std::thread([] { throw std::runtime_error("thrown on purpose"); }).join();
}
void spin_in_a_handler(Plugin&, const bp_request&) {
  tell_that_it_begins();
  spin();
}

constexpr Misdeed kRows[] = {
    {"crashes-on-load", nullptr},
    {"crashes-in-create", nullptr, crash_in_create},
    {"crashes-in-start", nullptr, crash_in_start},
    {"crashes-in-a-handler", crash_in_a_handler},
    {"crashes-in-stop", nullptr, crash_in_stop},
    {"exits", exit_in_a_handler},
    {"aborts", abort_in_a_handler},
    {"throws-in-a-thread", throw_in_a_thread},
    {"spins", spin_in_a_handler},
    {"spins-on-load", nullptr},
};

}  // namespace

std::span<const Misdeed> ends() {
  return kRows;
}

}  // namespace hostile
