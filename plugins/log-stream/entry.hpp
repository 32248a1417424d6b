// One entry of the log as it is read: its place, its times and its fields; who reads entries one by one; and what is
// made of an entry, or in place of one.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace backplane::log_stream {

// One log entry: its times, its place and its fields, copied out of wherever it was read. Plain data that is filled
// again and again, so that reading many entries allocates for the largest of them only.
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

// Walks over the entries that a query asks for, oldest first. Plugin's thread only.
class EntryReader {
 public:
  virtual ~EntryReader() = default;

  enum class Step {
    kEntry,     // `entry` holds the next one
    kPause,     // has looked at many that did not pass: let others work, then call again
    kEnd,       // there is nothing more now
    kFinished,  // nothing more can come: the query's count or end is reached
    kFailed,    // problem() says why
  };
  virtual Step next(Entry& entry) = 0;
  virtual const std::string& problem() const = 0;

  // Readable when entries may have come; then call on_ready, then next. -1: whoever adds entries says so otherwise.
  virtual int descriptor() = 0;
  virtual void on_ready() = 0;
};

// Which fields of a journal entries can be selected by.

// Whether libsystemd takes a match of that name: a field's, but not one of its own such as __CURSOR.
bool is_match_field(std::string_view name);

// What JSON and the export format say of an entry beside its fields, under the names that systemd gives it.

// Calls append(name, value) for the entry's place, times and boot, in systemd's order.
template <class Append>
void for_own_fields(const Entry& entry, Append append) {
  char digits[20];  // the longest 64-bit number
  const auto number = [&digits](std::uint64_t value) {
    return std::string_view(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  };
  if (!entry.cursor.empty()) append(std::string_view("__CURSOR"), std::string_view(entry.cursor));
  append(std::string_view("__REALTIME_TIMESTAMP"), number(entry.realtime_us));
  append(std::string_view("__MONOTONIC_TIMESTAMP"), number(entry.monotonic_us));
  if (!entry.boot_id.empty()) append(std::string_view("_BOOT_ID"), std::string_view(entry.boot_id));
}

// Whether a field of the entry is written: names that begin with "__" and the boot are systemd's to say.
inline bool is_shown_field(std::string_view name) {
  return is_field_name(name) && !name.starts_with("__") && name != "_BOOT_ID";
}

// What this plugin itself has to say to whoever reads the log, in the shape of an entry, so that every form can say it.

// An error of the daemon's, of now; BACKPLANE_NOTICE tells it from entries of the log.
void make_notice(std::string_view text, Entry& into);

// Entries that are too large for one message or item: what can be said of them there.

// The entry with nothing but what names it and the beginning of its message, and a field that says so:
// BACKPLANE_SHORTENED. Its cursor finds the whole.
void shorten(const Entry& entry, Entry& into);

}  // namespace backplane::log_stream
