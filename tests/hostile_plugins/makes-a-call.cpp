// Makes the system call whose number and arguments are in the query, by commas.
#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  std::istringstream numbers(hostile::query(request));
  long call[7] = {};
  for (long& number : call) {
    std::string text;
    if (std::getline(numbers, text, ',')) number = std::strtol(text.c_str(), nullptr, 0);
  }
  ::syscall(call[0], call[1], call[2], call[3], call[4], call[5], call[6]);
  bad::respond(request->op, std::strerror(errno));
}
HOSTILE_HANDLER(on_request);
