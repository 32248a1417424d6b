#include "store/ended_sessions.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <utility>

#include "store/limits.hpp"

namespace backplane::store {
namespace {

constexpr std::size_t kIdBytes = sizeof(std::uint64_t);

base::Problem problem_of(const std::string& path) {
  return base::problem(base::Error::kIo, std::strerror(errno), path);
}

}  // namespace

base::Checked<EndedSessions> EndedSessions::open(const std::string& path) {
  base::UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return problem_of(path);
  EndedSessions ended(path, std::move(file));
  if (auto done = ended.load(); !done) return done.error();
  return ended;
}

base::Checked<void> EndedSessions::load() {
  std::vector<std::uint64_t> all(limits::kEndedSessionsMax, 0);
  const ssize_t got = ::pread(file_.get(), all.data(), all.size() * kIdBytes, 0);
  if (got < 0) return problem_of(path_);
  ids_.clear();
  std::copy_if(all.begin(), all.end(), std::back_inserter(ids_), [](std::uint64_t id) { return id != 0; });
  if (static_cast<std::size_t>(got) == all.size() * kIdBytes) return {};
  return write(0, all);  // a new one takes its blocks now
}

bool EndedSessions::contains(std::uint64_t id) const {
  return std::find(ids_.begin(), ids_.end(), id) != ids_.end();
}

base::Checked<void> EndedSessions::add(const std::vector<std::uint64_t>& ids) {
  std::vector<std::uint64_t> fresh;
  std::copy_if(ids.begin(), ids.end(), std::back_inserter(fresh), [this](std::uint64_t id) { return !contains(id); });
  if (fresh.empty()) return {};
  if (ids_.size() + fresh.size() > limits::kEndedSessionsMax) {
    return base::problem(base::Error::kLimit, "too many sessions have ended while the disk is full", path_);
  }
  if (auto done = write(ids_.size(), fresh); !done) return done;
  ids_.insert(ids_.end(), fresh.begin(), fresh.end());
  return {};
}

base::Checked<void> EndedSessions::clear() {
  if (ids_.empty()) return {};
  auto done = write(0, std::vector<std::uint64_t>(ids_.size(), 0));
  if (done) ids_.clear();
  return done;
}

base::Checked<void> EndedSessions::write(std::size_t place, const std::vector<std::uint64_t>& ids) {
  const std::size_t bytes = ids.size() * kIdBytes;
  const ssize_t put = ::pwrite(file_.get(), ids.data(), bytes, static_cast<off_t>(place * kIdBytes));
  if (put < 0) return problem_of(path_);
  if (static_cast<std::size_t>(put) != bytes) {
    return base::problem(base::Error::kIo, "the disk is full; free some space", path_);
  }
  if (::fdatasync(file_.get()) != 0) return problem_of(path_);
  return {};
}

}  // namespace backplane::store
