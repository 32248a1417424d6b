// Sends a file of its own in place of memory.
#include <fcntl.h>
#include <unistd.h>

#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  const int file = ::open(hostile::query(request).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (::ftruncate(file, 100'000) != 0) return;
  hostile::send_with(hostile::shared_head(100'000, request->op), {file});
}
HOSTILE_HANDLER(on_request);
