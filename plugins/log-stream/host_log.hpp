// The daemon's own log, for a machine without a journal: keeps the newest lines that the feed "host/log" brings, as
// entries that look like a journal's. Plugin's thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "log-stream/entry_reader.hpp"
#include "log-stream/masks.hpp"
#include "log-stream/problem.hpp"
#include "log-stream/query.hpp"

namespace backplane::log_stream {

class HostLog {
 public:
  HostLog(std::string host_name, std::string boot_id);

  // An item of the feed; one that is none is left out.
  void add(std::string_view item);
  void clear();

  // A cursor means the same line also in another life of the plugin, to which the host sends its kept lines again, and
  // before they have come. The log must outlive the reader; so must the masks, which may be null.
  std::variant<std::unique_ptr<EntryReader>, Problem> open(const Query& query, const Masks* masks) const;

  struct Line {
    std::uint64_t place = 0;  // its time, or a little more where others came at that time: no two have the same
    std::uint64_t time_us = 0;
    int priority = 6;
    std::string text;
  };
  // The first line at or behind a place, and the last one before it; null: there is none.
  const Line* at_or_behind(std::uint64_t place) const;
  const Line* before(std::uint64_t place) const;
  void read(const Line& line, Entry& entry) const;

 private:
  const std::string host_name_;
  const std::string boot_id_;
  std::deque<Line> lines_;
  std::uint64_t last_place_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace backplane::log_stream
