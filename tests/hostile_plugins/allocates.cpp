// Takes memory for as long as it is given some.
#include <string>
#include <vector>

#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  for (std::vector<std::string> taken;;) taken.emplace_back(1024 * 1024, 'x');
}
HOSTILE_HANDLER(on_request);
