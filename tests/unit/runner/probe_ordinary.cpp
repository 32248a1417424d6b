#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <new>
#include <stdexcept>
#include <thread>

#include "base/unique_fd.hpp"
#include "probe_action.hpp"

namespace backplane::runner::probe {
namespace {

using base::UniqueFd;

// Takes that many bytes on the heap and writes to each page.
std::string allocate(const Arguments& arguments) {
  try {
    const std::size_t size = std::stoul(arguments[0]);
    const std::unique_ptr<char[]> memory(new char[size]);
    for (std::size_t i = 0; i < size; i += 4096) static_cast<volatile char*>(memory.get())[i] = 1;
    return "ok";
  } catch (const std::bad_alloc&) {
    return "bad_alloc";
  }
}

std::string map_memory(const Arguments& arguments) {
  const std::size_t size = std::stoul(arguments[0]);
  return outcome(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
}

std::string threads(const Arguments&) {
  std::atomic<int> ran = 0;
  std::vector<std::thread> all;
  for (int i = 0; i < 8; ++i) all.emplace_back([&ran] { ++ran; });
  for (std::thread& thread : all) thread.join();
  return std::to_string(ran);
}

// A thread that tries what the first one may not either.
std::string fork_on_thread(const Arguments&) {
  std::thread([] {
    if (::fork() == 0) ::_exit(0);
  }).join();
  return "ok";
}

std::string load_library(const Arguments& arguments) {
  void* library = ::dlopen(arguments[0].c_str(), RTLD_NOW | RTLD_LOCAL);
  return library != nullptr ? "ok" : ::dlerror();
}

std::string throw_and_catch(const Arguments&) {
  try {
    throw std::runtime_error("ok");
  } catch (const std::exception& error) {
    return error.what();
  }
}

// A timer, a counter and a signal, each waited for through epoll.
std::string wait_for_events(const Arguments&) {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGUSR1);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  const UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  const UniqueFd timer(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
  const UniqueFd counter(::eventfd(0, EFD_CLOEXEC));
  const UniqueFd signal(::signalfd(-1, &signals, SFD_CLOEXEC));
  const itimerspec soon{{0, 0}, {0, 1}};
  if (::timerfd_settime(timer.get(), 0, &soon, nullptr) != 0 || ::eventfd_write(counter.get(), 1) != 0 ||
      ::raise(SIGUSR1) != 0) {
    return outcome(false);
  }
  for (const UniqueFd* source : {&timer, &counter, &signal}) {
    epoll_event event{EPOLLIN, {}};
    if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, source->get(), &event) != 0) return outcome(false);
    if (::epoll_wait(epoll.get(), &event, 1, -1) != 1) return outcome(false);
    if (::epoll_ctl(epoll.get(), EPOLL_CTL_DEL, source->get(), nullptr) != 0) return outcome(false);
  }
  return "ok";
}

std::string descriptor_limit(const Arguments&) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return std::to_string(limit.rlim_cur) + " " + std::to_string(limit.rlim_max);
}

std::string core_limit(const Arguments&) {
  rlimit limit{};
  ::getrlimit(RLIMIT_CORE, &limit);
  return std::to_string(limit.rlim_max);
}

// Whether a descriptor from before the sandbox is still open.
std::string is_open(const Arguments& arguments) {
  return outcome(::fcntl(std::stoi(arguments[0]), F_GETFD) >= 0);
}

}  // namespace

Actions ordinary_actions() {
  return {{"allocate", allocate},      {"map", map_memory},
          {"threads", threads},        {"fork-on-thread", fork_on_thread},
          {"load", load_library},      {"throw", throw_and_catch},
          {"events", wait_for_events}, {"descriptor-limit", descriptor_limit},
          {"core-limit", core_limit},  {"is-open", is_open}};
}

}  // namespace backplane::runner::probe
