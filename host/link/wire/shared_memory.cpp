#include "link/wire/shared_memory.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace backplane::link {
namespace {

constexpr int kAllSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

base::UniqueFd share(std::string_view bytes) {
  base::UniqueFd memory(::memfd_create("backplane-item", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memory || !write_all(memory.get(), bytes)) return {};
  if (::fcntl(memory.get(), F_ADD_SEALS, kAllSeals) != 0) return {};
  return memory;
}

base::UniqueFd make_shared_page(std::size_t bytes) {
  base::UniqueFd memory(::memfd_create("backplane-page", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memory || ::ftruncate(memory.get(), static_cast<off_t>(bytes)) != 0) return {};
  if (::fcntl(memory.get(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW) != 0) return {};
  return memory;
}

SharedView::~SharedView() {
  if (address_ != nullptr) ::munmap(const_cast<void*>(address_), size_);
}

std::optional<SharedView> view_shared(const base::UniqueFd& memory, std::size_t bytes) {
  const int seals = ::fcntl(memory.get(), F_GET_SEALS);
  struct stat status {};
  if (seals < 0 || (seals & kAllSeals) != kAllSeals || bytes == 0) return std::nullopt;
  if (::fstat(memory.get(), &status) != 0 || status.st_size != static_cast<off_t>(bytes)) return std::nullopt;
  void* address = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE | MAP_POPULATE, memory.get(), 0);
  if (address == MAP_FAILED) return std::nullopt;
  return SharedView(address, bytes);
}

}  // namespace backplane::link
