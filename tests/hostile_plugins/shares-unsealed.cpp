// Shares memory that it can still change.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  const int memory = ::memfd_create("hostile", MFD_ALLOW_SEALING);
  if (::ftruncate(memory, 100'000) != 0) return;
  hostile::send_with(hostile::shared_head(100'000, request->op), {memory});
}
HOSTILE_HANDLER(on_request);
