#include "link/plugin_side/op_states.hpp"

#include <algorithm>
#include <utility>

#include "link/limits.hpp"
#include "op/limits.hpp"

namespace backplane::link {
namespace {

static_assert(op::limits::kStreamWindowBytes == BP_HTTP_WINDOW);

constexpr std::size_t kChargeMin = op::limits::kStreamWindowBytes / op::limits::kStreamPiecesMax;
constexpr std::size_t kGiveBackBytes = op::limits::kStreamWindowBytes / 8;

}  // namespace

std::size_t OpStates::charge(std::size_t bytes) {
  return std::max(bytes, kChargeMin);
}

OpStates::OpState* OpStates::find(bp_op op) {
  const auto found = states_.find(op);
  return found == states_.end() ? nullptr : &found->second;
}

void OpStates::open(bp_op op, bool websocket) {
  std::lock_guard lock(mutex_);
  states_.try_emplace(op).first->second.websocket = websocket;
}

void OpStates::received(bp_op op, std::size_t bytes) {
  std::lock_guard lock(mutex_);
  if (OpState* state = find(op)) state->unconsumed += bytes;
}

bool OpStates::sent(bp_op op, std::size_t credit) {
  std::lock_guard lock(mutex_);
  OpState* state = find(op);
  if (state == nullptr) return false;
  state->under_way -= std::min(credit, state->under_way);
  // Half a window of room before the writer is called again, so that it works in pieces worth a call.
  if (!state->writer_waits || state->under_way > op::limits::kStreamWindowBytes / 2) return false;
  state->writer_waits = false;
  return state->phase == Phase::kStreaming;
}

bool OpStates::close(bp_op op) {
  std::lock_guard lock(mutex_);
  const auto found = states_.find(op);
  if (found == states_.end()) return false;
  if (found->second.counts) --streams_;
  if (found->second.stalled) --stalled_;
  states_.erase(found);
  return true;
}

bool OpStates::empty() const {
  std::lock_guard lock(mutex_);
  return states_.empty();
}

bp_status OpStates::answer(bp_op op) {
  std::lock_guard lock(mutex_);
  OpState* state = find(op);
  if (state == nullptr) return BP_E_GONE;
  if (state->phase != Phase::kWaiting) return BP_E_INVALID;
  state->phase = Phase::kAnswered;
  return BP_OK;
}

void OpStates::take_back_answer(bp_op op) {
  std::lock_guard lock(mutex_);
  OpState* state = find(op);
  if (state == nullptr) return;
  state->phase = Phase::kWaiting;
  if (!state->stalled) ++stalled_;
  state->stalled = true;
}

bp_status OpStates::begin(bp_op op) {
  std::lock_guard lock(mutex_);
  OpState* state = find(op);
  if (state == nullptr) return BP_E_GONE;
  if (state->phase != Phase::kWaiting) return BP_E_INVALID;
  if (streams_ >= limits::kStreamsPerPluginMax) {
    state->phase = Phase::kAnswered;
    return BP_E_LIMIT;
  }
  state->phase = Phase::kStreaming;
  state->counts = true;
  ++streams_;
  return BP_OK;
}

bp_status OpStates::write(bp_op op, std::int32_t kind, std::size_t bytes) {
  std::lock_guard lock(mutex_);
  OpState* state = find(op);
  if (state == nullptr) return BP_E_GONE;
  if (state->phase != Phase::kStreaming) return BP_E_INVALID;
  const bool message = kind == BP_DATA_TEXT || kind == BP_DATA_BINARY;
  if ((!message && kind != BP_DATA_BYTES) || message != state->websocket) return BP_E_INVALID;
  if (bytes > op::limits::kStreamWindowBytes) return BP_E_LIMIT;
  if (bytes == 0 && !message) return BP_OK;  // nothing to send: an empty chunk would end the body
  if (state->under_way + charge(bytes) > op::limits::kStreamWindowBytes) {
    state->writer_waits = true;
    return BP_E_AGAIN;
  }
  state->under_way += charge(bytes);
  return BP_OK;
}

void OpStates::take_back_write(bp_op op, std::size_t bytes) {
  std::lock_guard lock(mutex_);
  OpState* state = find(op);
  if (state == nullptr) return;
  state->under_way -= std::min(charge(bytes), state->under_way);
  if (!state->stalled) ++stalled_;
  state->stalled = true;
}

bool OpStates::take_stalled(bp_op& op) {
  std::lock_guard lock(mutex_);
  if (stalled_ == 0) return false;
  for (auto& [number, state] : states_) {
    if (!state.stalled) continue;
    state.stalled = false;
    --stalled_;
    op = number;
    return true;
  }
  return false;
}

bp_status OpStates::attach(bp_op op, bool messages) {
  std::lock_guard lock(mutex_);
  OpState* state = find(op);
  if (state == nullptr) return BP_E_GONE;
  if (state->phase != Phase::kStreaming || messages != state->websocket) return BP_E_INVALID;
  state->phase = Phase::kAttached;
  state->writer_waits = false;
  state->counts = false;
  --streams_;
  return BP_OK;
}

bp_status OpStates::end(bp_op op) {
  std::lock_guard lock(mutex_);
  OpState* state = find(op);
  if (state == nullptr) return BP_E_GONE;
  if (state->phase != Phase::kStreaming && state->phase != Phase::kAttached) return BP_E_INVALID;
  state->phase = Phase::kEnded;
  state->writer_waits = false;
  return BP_OK;
}

bp_status OpStates::consume(bp_op op, std::size_t count, std::size_t& give_back) {
  give_back = 0;
  std::lock_guard lock(mutex_);
  OpState* state = find(op);
  if (state == nullptr) return BP_E_GONE;
  if (count > state->unconsumed) return BP_E_INVALID;
  state->unconsumed -= count;
  state->collected += count;
  const bool sender_may_wait = state->unconsumed + state->collected > op::limits::kStreamWindowBytes / 2;
  if (state->unconsumed == 0 || state->collected >= kGiveBackBytes || sender_may_wait) {
    give_back = std::exchange(state->collected, 0);
  }
  return BP_OK;
}

bool OpStates::websocket(bp_op op) const {
  std::lock_guard lock(mutex_);
  const auto found = states_.find(op);
  return found != states_.end() && found->second.websocket;
}

}  // namespace backplane::link
