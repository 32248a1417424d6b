#include "op/op_table.hpp"

#include <utility>
#include <vector>

namespace backplane::op {

OpTable::~OpTable() {
  end_if([](const Operation&) { return true; }, End::kStopping);
}

void OpTable::open(const std::shared_ptr<Operation>& operation) {
  operation->number_ = ++last_number_;
  operation->close_ = [this](const Operation& closed) { close(closed); };
  operations_.emplace(operation->number_, operation);
}

void OpTable::start_deadline(Operation& operation) const {
  if (operation.ended() || operation.phase() != Operation::Phase::kWaiting || operation.timeout_ms() == 0) return;
  operation.deadline_ms_ = clock_.steady_ms() + operation.timeout_ms();
}

std::shared_ptr<Operation> OpTable::find(Number number) const {
  const auto found = operations_.find(number);
  return found == operations_.end() ? nullptr : found->second;
}

void OpTable::end_overdue() {
  const std::int64_t now_ms = clock_.steady_ms();
  end_if(
      [now_ms](const Operation& operation) { return operation.deadline_ms_ != 0 && operation.deadline_ms_ <= now_ms; },
      End::kDeadline);
}

void OpTable::end_if(const std::function<bool(const Operation&)>& picks, End reason) {
  std::vector<std::shared_ptr<Operation>> picked;
  for (const auto& [number, operation] : operations_) {
    if (picks(*operation)) picked.push_back(operation);
  }
  for (const auto& operation : picked) operation->finish(reason);
}

void OpTable::end_idle_streams() {
  std::vector<std::shared_ptr<Operation>> idle;
  for (const auto& [number, operation] : operations_) {
    const bool streams = operation->phase() == Operation::Phase::kStreaming;
    if (streams && !std::exchange(operation->moved_, false) && !operation->has_output()) idle.push_back(operation);
  }
  for (const auto& operation : idle) operation->finish(End::kStopping);
}

void OpTable::when_empty(std::function<void()> done) {
  if (operations_.empty()) {
    done();
  } else {
    when_empty_ = std::move(done);
  }
}

void OpTable::close(const Operation& operation) {
  operations_.erase(operation.number_);
  if (operations_.empty() && when_empty_) std::exchange(when_empty_, nullptr)();
}

}  // namespace backplane::op
