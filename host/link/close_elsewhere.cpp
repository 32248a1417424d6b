#include "link/close_elsewhere.hpp"

#include <system_error>
#include <thread>
#include <utility>

namespace backplane::link {

void close_elsewhere(std::vector<base::UniqueFd> descriptors) {
  try {
    std::thread([descriptors = std::move(descriptors)] {}).detach();
  } catch (const std::system_error&) {
    // No thread is to be had; they are closed by now, and rather here than never.
  }
}

}  // namespace backplane::link
