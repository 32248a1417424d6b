// Reaches for what is not its own: memory, processes, programs, files, the network, the daemon.
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <vector>

#include "hostile_plugins/misdeeds.hpp"

namespace hostile {
namespace {

// Takes memory for as long as it is given some.
void allocate(Plugin&, const bp_request&) {
  for (std::vector<std::string> taken;;) taken.emplace_back(1024 * 1024, 'x');
}

void start_a_process(Plugin& plugin, const bp_request& request) {
  plugin.respond(request.op, ::fork() < 0 ? "refused" : "started");
}

void become_another_program(Plugin& plugin, const bp_request& request) {
  ::execl("/bin/true", "true", nullptr);
  plugin.respond(request.op, "refused");
}

// To a host in the network, without a grant.
void connect_out(Plugin& plugin, const bp_request& request) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(9);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  plugin.respond(request.op, "tried");
}

void kill_the_daemon(Plugin& plugin, const bp_request& request) {
  ::kill(::getppid(), SIGKILL);
  plugin.respond(request.op, "tried");
}

// Takes the daemon's memory and registers into its hands.
void trace_the_daemon(Plugin& plugin, const bp_request& request) {
  ::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr);
  plugin.respond(request.op, "tried");
}

// The system call whose number and arguments are in the query, by commas.
void make_a_call(Plugin& plugin, const bp_request& request) {
  std::istringstream numbers(query(request));
  long call[7] = {};
  for (long& number : call) {
    std::string text;
    if (std::getline(numbers, text, ',')) number = std::strtol(text.c_str(), nullptr, 0);
  }
  ::syscall(call[0], call[1], call[2], call[3], call[4], call[5], call[6]);
  plugin.respond(request.op, std::strerror(errno));
}

// Opens the files that the query names, by commas, and answers what came of it; "parent" is the daemon.
void read_secrets(Plugin& plugin, const bp_request& request) {
  std::istringstream paths(query(request));
  std::string said;
  for (std::string path; std::getline(paths, path, ',');) {
    const std::size_t parent = path.find("parent");
    if (parent != std::string::npos) path.replace(parent, 6, std::to_string(::getppid()));
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    said += path + (file < 0 ? std::string(": ") + std::strerror(errno) : ": open") + "\n";
  }
  plugin.respond(request.op, said);
}

constexpr Misdeed kRows[] = {
    {"allocates", allocate},
    {"forks", start_a_process},
    {"executes", become_another_program},
    {"connects-out", connect_out},
    {"kills-its-parent", kill_the_daemon},
    {"traces-its-parent", trace_the_daemon},
    {"makes-a-call", make_a_call},
    {"reads-secrets", read_secrets},
};

}  // namespace

std::span<const Misdeed> reach() {
  return kRows;
}

}  // namespace hostile
