// One end of the socket between the daemon and a plugin's process: turns messages into frames and frames into messages,
// and carries payloads that no frame can hold in sealed shared memory beside the socket. Never blocks. One thread may
// send while another receives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "link/limits.hpp"
#include "link/wire/codec.hpp"
#include "link/wire/message.hpp"

namespace backplane::link {

class FrameStream {
 public:
  using Speaker = link::Speaker;
  // A connected, non-blocking local stream socket, and who speaks at its other end: frames that only the other may send
  // are refused before they are decoded.
  FrameStream(base::UniqueFd socket, Speaker other, std::size_t inline_bytes_max = limits::kFrameBytesMax)
      : socket_(std::move(socket)), other_(other), inline_bytes_max_(inline_bytes_max) {}
  ~FrameStream();
  FrameStream(const FrameStream&) = delete;
  FrameStream& operator=(const FrameStream&) = delete;

  int socket() const { return socket_.get(); }

  // Keeps a message until flush.
  void put(const Message& message);
  // Bytes that the socket has not taken, with those in shared memory.
  std::size_t unsent() const { return out_.size() - out_at_ + parcels_bytes_; }
  // Sends what the socket takes. False: the other side is gone.
  bool flush();

  enum class Received {
    kAll,     // what there was; more may come
    kSome,    // `frames_max` messages, or as many bytes as a turn may take: there may be more now
    kClosed,  // the other side has closed
    kWrong,   // it broke the protocol: problem() says how
  };
  // Reads and hands each message on. Frames with unknown codes are counted and passed over. `handle` returns false
  // if nothing more may be handed on; then it is not called again and this may be destroyed.
  Received receive(std::size_t frames_max, const std::function<bool(Message&)>& handle);
  const std::string& problem() const { return problem_; }
  // Whether the other side has closed; also true if that was within a frame.
  bool closed() const { return closed_; }
  std::uint64_t unknown_frames() const { return unknown_frames_; }

 private:
  struct Parcel {
    std::size_t at;  // offset in out_ of the frame that it goes with
    base::UniqueFd memory;
    std::size_t bytes;
  };
  bool may_share(std::size_t bytes);
  bool put_shared(const Message& message, std::string_view payload);
  enum class Read { kSome, kNothing, kClosed, kWrong };
  Read read_some();
  // One whole frame of what was read; empty if there is none yet, or it is wrong.
  std::optional<Message> next(bool& unknown);
  void fail(std::string problem);
  void compact();

  base::UniqueFd socket_;
  const Speaker other_;
  const std::size_t inline_bytes_max_;  // larger payloads go through shared memory
  std::string out_;
  std::size_t out_at_ = 0;
  std::deque<Parcel> parcels_;
  std::size_t parcels_bytes_ = 0;
  std::size_t shared_bytes_ = 0;  // sent since the other side had read everything
  std::string payload_;           // of the message being put; kept for its memory
  std::vector<char> in_;
  std::size_t in_at_ = 0;
  std::size_t in_end_ = 0;
  std::size_t taken_bytes_ = 0;         // of frames, by the present receive
  std::deque<base::UniqueFd> arrived_;  // memory whose frames have not been read yet
  std::string problem_;
  std::uint64_t unknown_frames_ = 0;
  bool closed_ = false;
};

}  // namespace backplane::link
