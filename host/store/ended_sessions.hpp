// Sessions that have ended although the database could not be told: on a full disk. Their numbers stand in a file whose
// blocks were taken while there was room, so that a logout needs none. One thread at a time, the store's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace backplane::store {

class EndedSessions {
 public:
  // Makes the file (mode 0600) if it is absent. kIo if it cannot be made, read or written.
  static base::Checked<EndedSessions> open(const std::string& path);

  // On the disk when it returns. kIo if that fails, kLimit over kEndedSessionsMax.
  base::Checked<void> add(const std::vector<std::uint64_t>& ids);
  // The database knows of all of them.
  base::Checked<void> clear();
  const std::vector<std::uint64_t>& ids() const { return ids_; }
  bool contains(std::uint64_t id) const;

 private:
  EndedSessions(std::string path, base::UniqueFd file) : path_(std::move(path)), file_(std::move(file)) {}
  base::Checked<void> load();
  base::Checked<void> write(std::size_t place, const std::vector<std::uint64_t>& ids);

  std::string path_;
  base::UniqueFd file_;
  std::vector<std::uint64_t> ids_;  // as they stand in the file; what follows them there is 0
};

}  // namespace backplane::store
