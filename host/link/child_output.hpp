// What a child process writes to its standard error, as log lines: a library's last words are often the only hint.
// Bounded in length and in lines a second. I/O thread only.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/readiness.hpp"
#include "base/unique_fd.hpp"
#include "link/wire/log_gate.hpp"

namespace backplane::link {

class ChildOutput final : private base::Readiness::Watcher {
 public:
  using Line = std::function<void(std::string_view)>;

  ChildOutput(base::Readiness& readiness, const base::Clock& clock, Line line);
  ~ChildOutput() override;
  ChildOutput(const ChildOutput&) = delete;
  ChildOutput& operator=(const ChildOutput&) = delete;

  // What the child is given; closed with close_writer() once it has it. -1: there is no pipe to be had.
  int writer() const { return writer_.get(); }
  void close_writer() { writer_.reset(); }
  // Takes what is there, also a line without an end: before the end of the child is told.
  void read_rest();

 private:
  void on_ready(bool readable, bool peer_ended) override;
  void read(std::size_t reads_max);
  void tell();

  base::Readiness& readiness_;
  const Line line_;
  LogGate gate_;
  base::UniqueFd reader_;
  base::UniqueFd writer_;
  std::string begun_;  // of a line that has not ended
};

}  // namespace backplane::link
