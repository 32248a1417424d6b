// One log entry: its times, its place and its fields, copied out of wherever it was read. Plain data that is filled
// again and again, so that reading many entries allocates for the largest of them only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace backplane::log_stream {

struct Field {
  std::string_view name;
  std::string_view value;  // any bytes
};

class Entry {
 public:
  std::uint64_t realtime_us = 0;   // since 1970, UTC
  std::uint64_t monotonic_us = 0;  // since the boot
  std::string boot_id;             // 32 hex digits
  std::string cursor;              // its place, for a Range header; empty where the format does not want it

  void clear();
  // Copies both.
  void add(std::string_view name, std::string_view value);
  // Puts another value in the place of one; `value` must not lie in this entry.
  void set_value(std::size_t index, std::string_view value);

  std::size_t size() const { return places_.size(); }
  // In the order of the journal; a name may stand more than once. Valid until the entry is changed.
  Field field(std::size_t index) const {
    const Place& place = places_[index];
    const char* bytes = bytes_.data();
    return {{bytes + place.name_begin, place.value_begin - place.name_begin},
            {bytes + place.value_begin, place.value_end - place.value_begin}};
  }
  // The first value of that name; empty where there is none.
  std::string_view find(std::string_view name) const;

 private:
  struct Place {
    std::uint32_t name_begin;
    std::uint32_t value_begin;
    std::uint32_t value_end;
  };
  std::string bytes_;  // names and values, one after the other
  std::vector<Place> places_;
};

// Whether journald would take it as a field's name: A-Z, 0-9 and '_', at most 64, no digit first.
bool is_field_name(std::string_view name);

// Which fields a format looks at: reading fewer is faster.
enum class Fields {
  kText,  // MESSAGE, PRIORITY, _HOSTNAME, SYSLOG_IDENTIFIER, _COMM, _PID, SYSLOG_PID, _SYSTEMD_UNIT and
          // _SOURCE_REALTIME_TIMESTAMP
  kAll,   // every field, and the cursor
};

}  // namespace backplane::log_stream
