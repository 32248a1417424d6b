#include "link/child_output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "link/limits.hpp"

namespace backplane::link {
namespace {

constexpr std::size_t kReadBytes = 4096;
constexpr std::size_t kReadsPerTurnMax = 16;  // a child that writes without end must not hold this thread
constexpr std::size_t kReadsOfRestMax = 256;  // a pipe that the child has made as large as it may

}  // namespace

ChildOutput::ChildOutput(base::Readiness& readiness, const base::Clock& clock, Line line)
    : readiness_(readiness), line_(std::move(line)), gate_(clock) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return;
  reader_ = base::UniqueFd(ends[0]);
  writer_ = base::UniqueFd(ends[1]);
  ::fcntl(reader_.get(), F_SETFL, O_NONBLOCK);
  readiness_.add(reader_.get(), *this);
}

ChildOutput::~ChildOutput() {
  if (reader_) readiness_.remove(reader_.get(), *this);
}

void ChildOutput::on_ready(bool, bool) {
  read(kReadsPerTurnMax);
}

void ChildOutput::read(std::size_t reads_max) {
  std::array<char, kReadBytes> bytes;
  for (std::size_t reads = 0; reads < reads_max; ++reads) {
    const ssize_t got = ::read(reader_.get(), bytes.data(), bytes.size());
    if (got <= 0) return;
    for (const char c : std::string_view(bytes.data(), static_cast<std::size_t>(got))) {
      if (c == '\n') {
        tell();
      } else if (begun_.size() < limits::kProcessOutputLineBytesMax) {
        begun_ += c;
      }
    }
  }
}

void ChildOutput::read_rest() {
  read(kReadsOfRestMax);
  tell();
}

void ChildOutput::tell() {
  if (!begun_.empty() && gate_.pass().open) line_(begun_);
  begun_.clear();
}

}  // namespace backplane::link
