// What the plugin's side of a link knows of each operation: enough to decide every status without asking the host.
// Any thread; the table's own mutex guards it.
#pragma once

#include <backplane/ext/http.h>

#include <cstddef>
#include <mutex>
#include <unordered_map>

namespace backplane::link {

class OpStates {
 public:
  // --- From the host's messages [plugin thread] ---
  void open(bp_op op, bool websocket);
  void received(bp_op op, std::size_t bytes);
  // Returns true if a writer waits and there is room again.
  bool sent(bp_op op, std::size_t credit);
  // From now on every command is BP_E_GONE. Returns false if the operation is not known.
  bool close(bp_op op);
  bool empty() const;

  // --- Commands: what to answer the plugin. BP_OK has changed the state. [any thread] ---

  // respond and fail.
  bp_status answer(bp_op op);
  // An answer that the queue did not take: as if it had not been given; on_writable follows.
  void take_back_answer(bp_op op);
  // begin. BP_E_LIMIT: kStreamsPerPluginMax streams are open; the operation counts as answered then.
  bp_status begin(bp_op op);
  // BP_E_AGAIN is remembered, so that sent() returns true later.
  bp_status write(bp_op op, std::int32_t kind, std::size_t bytes);
  // A piece that the queue did not take: its credit is free again, and the writer waits.
  void take_back_write(bp_op op, std::size_t bytes);
  // The host sends what follows; the operation counts as no stream from now on.
  bp_status attach(bp_op op, bool messages);
  bp_status end(bp_op op);
  // Sets `give_back` to what should be sent to the host now: small amounts are collected, so that consume may be called
  // for each byte.
  bp_status consume(bp_op op, std::size_t count, std::size_t& give_back);
  bool websocket(bp_op op) const;

  // Operations whose writer was told AGAIN because the queue to the host was full; they get on_writable.
  // [plugin thread]
  bool take_stalled(bp_op& op);

  // What a piece costs of the window: at least as much as keeps the number of pieces within kStreamPiecesMax.
  static std::size_t charge(std::size_t bytes);

 private:
  enum class Phase { kWaiting, kAnswered, kStreaming, kAttached, kEnded };
  struct OpState {
    bool websocket = false;
    Phase phase = Phase::kWaiting;
    bool writer_waits = false;
    bool stalled = false;
    bool counts = false;         // as a stream
    std::size_t under_way = 0;   // charged for pieces that have not left for the client
    std::size_t unconsumed = 0;  // received and not given back
    std::size_t collected = 0;   // given back, and not yet told to the host
  };
  OpState* find(bp_op op);

  mutable std::mutex mutex_;
  std::unordered_map<bp_op, OpState> states_;
  std::size_t streams_ = 0;
  std::size_t stalled_ = 0;
};

}  // namespace backplane::link
