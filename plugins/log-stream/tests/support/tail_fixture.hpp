// The shared reader over lines that a test writes, and what the fake host is given of them.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "log-stream/tail.hpp"
#include "support/breakable_reader.hpp"
#include "support/daemon_lines.hpp"
#include "support/served.hpp"

namespace backplane::log_stream {

using Opened = sdk::Result<std::unique_ptr<EntryReader>>;
using Pumped = Tail::Pumped;
using test::Published;

inline const std::uint32_t kShortFeed = feed_of(Format::kShort, false);
inline const std::uint32_t kShortMasked = feed_of(Format::kShort, true);
inline const std::uint32_t kKvmdFeed = feed_of(Format::kKvmd, false);
inline const std::uint32_t kJsonFeed = feed_of(Format::kJson, false);

class TailTest : public testing::Test {
 protected:
  TailTest() { tail_.set_rules(std::make_shared<const Masks>(std::vector<std::string>{"pin=(\\d+)"}), {"backplane*"}); }

  Opened open(const Query& query) {
    if (problem_) return *problem_;
    Opened opened = lines_.log().open(query, nullptr);
    if (!opened) return opened;
    return std::make_unique<BreakableReader>(*std::move(opened), broken_);
  }
  Tail tail() {
    return Tail(served_.host, [this](const Query& query, Fields) { return open(query); });
  }
  // Pumps until everything is published.
  static Pumped pump(Tail& tail) {
    for (;;) {
      const Pumped pumped = tail.pump();
      if (pumped != Pumped::kMore) return pumped;
    }
  }
  // The lines that one feed was given since the last call, without what stands before the text.
  std::vector<std::string> lines_of(std::uint32_t feed) {
    std::vector<std::string> texts;
    for (const Published& item : served_.fake.take_published()) {
      if (item.feed == feed) texts.push_back(item.bytes.substr(item.bytes.find(": ") + 2));
    }
    return texts;
  }

  Served served_;
  DaemonLines lines_;
  std::optional<sdk::Failure> problem_;
  bool broken_ = false;
  Tail tail_ = tail();
};

}  // namespace backplane::log_stream
