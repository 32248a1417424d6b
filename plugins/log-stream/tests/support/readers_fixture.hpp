// The readers of a plugin on real journal files, whose descriptors can be watched.
#pragma once

#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "log-stream/readers.hpp"
#include "support/breakable_reader.hpp"
#include "support/journal_reading.hpp"
#include "support/served.hpp"

namespace backplane::log_stream {

using Opened = sdk::Result<std::unique_ptr<EntryReader>>;

inline constexpr bp_cookie kTailTimer = 1;
inline const std::uint32_t kFeed = feed_of(Format::kKvmd, false);
inline constexpr AnswerForm kOwn{.format = Format::kShort, .masked = false, .follow = true};
inline constexpr AnswerForm kShared{
    .format = Format::kKvmd, .entry_a_piece = true, .masked = false, .follow = true, .shared = true};

class ReadersTest : public testing::Test {
 protected:
  ReadersTest() {
    files_.write("system", said_in_turn(0, 3));
    readers_.set_rules(nullptr, {"cgminer.service"});
  }

  Opened open(const Query& query) const {
    if (problem_) return *problem_;
    auto opened = JournalReader::open(files_.place(), query, Fields::kAll, nullptr);
    if (!opened) return std::move(opened).failure();
    return std::make_unique<BreakableReader>(*std::move(opened), broken_);
  }
  sdk::Operation add(bp_op number, const AnswerForm& form) {
    Query query;
    query.follow = form.follow;
    const sdk::Operation operation = served_.begin(number);
    readers_.add(operation, reader_of(files_, query), form, nullptr);
    return operation;
  }
  std::size_t watched() const { return served_.fake.watches().size(); }
  // As the host does it as long as they are readable, which they are after a new entry.
  void deliver_watches() {
    for (const auto& [watch, descriptor] : served_.fake.watches()) served_.loop.on_fd(watch, BP_FD_READ);
  }
  bool is_readable() const {
    const auto watches = served_.fake.watches();
    return std::any_of(watches.begin(), watches.end(), [](const auto& watch) {
      pollfd look{watch.second, POLLIN, 0};
      return ::poll(&look, 1, 0) > 0;
    });
  }
  void expect_nothing_left() {
    EXPECT_EQ(readers_.size(), 0U);
    EXPECT_EQ(watched(), 0U);
    served_.run_posts();
    EXPECT_EQ(watched(), 0U);
  }

  JournalFiles files_;
  std::optional<sdk::Failure> problem_;
  bool broken_ = false;  // for the tail
  Served served_;
  Readers readers_{served_.host, served_.loop, [this](const Query& query, Fields) { return open(query); }};
};

}  // namespace backplane::log_stream
