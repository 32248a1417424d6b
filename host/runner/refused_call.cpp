#include "runner/refused_call.hpp"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace backplane::runner {
namespace {

link::SystemCallNote* the_note = nullptr;

// Runs in the place of the call, with the signal's own action back to ending the process.
void on_refused_call(int number, siginfo_t* info, void*) {
  if (the_note != nullptr) the_note->number.store(info->si_syscall, std::memory_order_relaxed);
  ::syscall(SYS_tgkill, ::syscall(SYS_getpid), ::syscall(SYS_gettid), number);
  ::_exit(128 + number);  // a shell's way to say the same, where the signal did not end it
}

}  // namespace

void note_refused_calls(link::SystemCallNote* note) {
  the_note = note;
  struct sigaction action {};
  action.sa_sigaction = on_refused_call;
  action.sa_flags = SA_SIGINFO | SA_NODEFER | static_cast<int>(SA_RESETHAND);
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGSYS, &action, nullptr);
}

}  // namespace backplane::runner
