// Shares memory sealed against writing alone, and takes it away as it is looked at.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  const int memory = ::memfd_create("hostile", MFD_ALLOW_SEALING);
  if (::ftruncate(memory, 100'000) != 0) return;
  ::fcntl(memory, F_ADD_SEALS, F_SEAL_WRITE);
  hostile::send_with(hostile::shared_head(100'000, request->op), {memory});
  while (::ftruncate(memory, 0) == 0 && ::ftruncate(memory, 100'000) == 0) {
  }
}
HOSTILE_HANDLER(on_request);
