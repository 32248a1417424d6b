// All open operations: gives them numbers, ends those whose deadline passed, whose session ended, or all of them.
// I/O thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>

#include "base/clock.hpp"
#include "op/operation.hpp"

namespace backplane::op {

class OpTable {
 public:
  explicit OpTable(const base::Clock& clock) : clock_(clock) {}
  ~OpTable();

  // Opens an operation; its number is never used again. Its deadline starts with start_deadline.
  void open(const std::shared_ptr<Operation>& operation);
  // From now on the answer must come within the operation's timeout (the last byte of its body has arrived).
  void start_deadline(Operation& operation) const;

  std::shared_ptr<Operation> find(Number number) const;
  std::size_t size() const { return operations_.size(); }

  // Ends what is overdue with 504 in its style. Call every kTickMs.
  void end_overdue();
  // Ends every operation that the predicate picks.
  void end_if(const std::function<bool(const Operation&)>& picks, End reason);
  // Ends streams and WebSockets that had nothing to send since this was last called, and have nothing now (STOPPING):
  // while the daemon drains, who only waits for news would hold it up.
  void end_idle_streams();
  // Called once the table becomes empty, at once where it is empty now.
  void when_empty(std::function<void()> done);

 private:
  void close(const Operation& operation);

  const base::Clock& clock_;
  Number last_number_ = 0;
  std::unordered_map<Number, std::shared_ptr<Operation>> operations_;
  std::function<void()> when_empty_;
};

}  // namespace backplane::op
