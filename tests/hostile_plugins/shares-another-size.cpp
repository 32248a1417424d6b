// Shares memory of another size than it says.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  const int memory = ::memfd_create("hostile", MFD_ALLOW_SEALING);
  if (::ftruncate(memory, 4096) != 0) return;
  ::fcntl(memory, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
  hostile::send_with(hostile::shared_head(16 * 1024 * 1024, request->op), {memory});
}
HOSTILE_HANDLER(on_request);
