#include "http/body/body_reader.hpp"

#include <algorithm>

#include "http/characters.hpp"
#include "http/limits.hpp"

namespace backplane::http {
namespace {

constexpr Refusal kMalformed{400, "The chunked body is malformed"};
constexpr Refusal kTooLarge{413, "The body is too large"};
constexpr std::uint8_t kSizeDigitsMax = 16;  // 64 bit

}  // namespace

BodyReader::BodyReader(const Head& head, std::uint64_t bytes_max) : bytes_max_(bytes_max) {
  if (head.framing == Framing::kChunked) {
    state_ = State::kSize;
  } else if (head.framing == Framing::kLength && head.body_bytes > 0) {
    state_ = State::kLength;
    remaining_ = head.body_bytes;
  }
}

BodyReader::Step BodyReader::read(std::string_view input) {
  Step step;
  const auto refuse = [&](Refusal refusal) {
    state_ = State::kFailed;
    step.refusal = refusal;
    return step;
  };
  if (state_ == State::kFailed) return refuse(kMalformed);
  if (state_ == State::kLength && too_large()) return refuse(kTooLarge);
  while (state_ != State::kFinished && step.consumed < input.size()) {
    if (state_ == State::kData || state_ == State::kLength) {
      const std::uint64_t size = std::min<std::uint64_t>(remaining_, input.size() - step.consumed);
      step.data = input.substr(step.consumed, static_cast<std::size_t>(size));
      step.consumed += step.data.size();
      remaining_ -= size;
      received_ += size;
      if (remaining_ == 0) state_ = state_ == State::kLength ? State::kFinished : State::kDataReturn;
      break;
    }
    if (const Refusal refusal = take_framing_byte(input[step.consumed])) return refuse(refusal);
    ++step.consumed;
  }
  step.finished = state_ == State::kFinished;
  return step;
}

Refusal BodyReader::take_framing_byte(char c) {
  const auto expect = [&](char wanted, State next) {
    if (c != wanted) return kMalformed;
    state_ = next;
    return Refusal{};
  };
  switch (state_) {
    case State::kSize:
      return take_size_byte(c);
    case State::kExtension:
      if (c == '\r') {
        state_ = State::kSizeLineFeed;
        return {};
      }
      if (!is_character(c, kValueCharacter) || ++extension_bytes_ > limits::kChunkExtensionsBytesMax) return kMalformed;
      return {};
    case State::kSizeLineFeed:
      if (c != '\n') return kMalformed;
      return size_known();
    case State::kDataReturn:
      return expect('\r', State::kDataLineFeed);
    case State::kDataLineFeed:
      return expect('\n', State::kSize);
    case State::kTrailerStart:
    case State::kTrailerName:
    case State::kTrailerValue:
    case State::kTrailerLineFeed:
      return take_trailer_byte(c);
    case State::kLastLineFeed:
      return expect('\n', State::kFinished);
    default:
      return kMalformed;
  }
}

Refusal BodyReader::take_size_byte(char c) {
  const int digit = hex_value(c);
  if (digit >= 0) {
    if (++size_digits_ > kSizeDigitsMax) return kMalformed;
    remaining_ = remaining_ * 16 + static_cast<std::uint64_t>(digit);
    return {};
  }
  if (size_digits_ == 0) return kMalformed;
  if (c == ';') {
    state_ = State::kExtension;
    return ++extension_bytes_ > limits::kChunkExtensionsBytesMax ? kMalformed : Refusal{};
  }
  if (c != '\r') return kMalformed;
  state_ = State::kSizeLineFeed;
  return {};
}

Refusal BodyReader::size_known() {
  size_digits_ = 0;
  if (remaining_ == 0) {
    state_ = State::kTrailerStart;
    return {};
  }
  if (too_large()) return kTooLarge;
  state_ = State::kData;
  return {};
}

Refusal BodyReader::take_trailer_byte(char c) {
  if (++trailer_bytes_ > limits::kTrailersBytesMax) return kMalformed;
  switch (state_) {
    case State::kTrailerStart:
      if (c == '\r') {
        state_ = State::kLastLineFeed;
        return {};
      }
      if (!is_character(c, kTokenCharacter)) return kMalformed;
      state_ = State::kTrailerName;
      return {};
    case State::kTrailerName:
      if (c == ':') {
        state_ = State::kTrailerValue;
        return {};
      }
      return is_character(c, kTokenCharacter) ? Refusal{} : kMalformed;
    case State::kTrailerValue:
      if (c == '\r') {
        state_ = State::kTrailerLineFeed;
        return {};
      }
      return is_character(c, kValueCharacter) ? Refusal{} : kMalformed;
    default:
      if (c != '\n') return kMalformed;
      state_ = State::kTrailerStart;
      return {};
  }
}

}  // namespace backplane::http
