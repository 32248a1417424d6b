// Opens the files that the query names, by commas, and answers what came of it; "parent" is the daemon.
#include <fcntl.h>
#include <unistd.h>

#include <sstream>

#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  std::istringstream paths(hostile::query(request));
  std::string said;
  for (std::string path; std::getline(paths, path, ',');) {
    const std::size_t parent = path.find("parent");
    if (parent != std::string::npos) path.replace(parent, 6, std::to_string(::getppid()));
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    said += path + (file < 0 ? std::string(": ") + std::strerror(errno) : ": open") + "\n";
  }
  bad::respond(request->op, said);
}
HOSTILE_HANDLER(on_request);
