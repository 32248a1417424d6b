// Hides what looks like a credential, by rules of the configuration: for readers who may not see secrets. It looks at
// one value at a time, so a secret whose parts stand in two entries, or in two fields, is not found.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "log-stream/entry.hpp"

namespace backplane::log_stream {

class Masks {
 public:
  // Each rule is an RE2 expression with one capture group: what it captures is replaced by "***", wherever it is found.
  // A match whose group took no part is passed over: with "harmless|secret=(\S+)" a rule names its own exceptions.
  // Rules work on bytes (RE2's Latin-1 mode), so that no byte can stop them; [ä] in a rule is two bytes.
  // Throws std::invalid_argument where a rule is none, with its number (from 1) and what is wrong.
  explicit Masks(const std::vector<std::string>& rules);
  ~Masks();
  Masks(const Masks&) = delete;
  Masks& operator=(const Masks&) = delete;

  // The rules that hold where the configuration names none.
  static const std::vector<std::string>& defaults();

  // A cursor of a client without its hash over all fields of the entry, by which a guess could be confirmed as well.
  static std::string without_hash(std::string_view cursor);

  // Whether a field can hold what somebody wrote; the others are facts of the system and are left alone.
  static bool covers(std::string_view field_name);

  // Whether apply would replace something.
  bool finds(std::string_view text) const;
  // True where something was replaced.
  bool apply(std::string& text) const;
  // Looks at the fields that may hold credentials. A field whose name says that it is one ("PASSWORD") is hidden whole.
  // The cursor loses its hash over all fields, by which a guessed password could be confirmed; it still leads here.
  bool apply(Entry& entry) const;

 private:
  class Rules;
  std::unique_ptr<const Rules> rules_;
};

}  // namespace backplane::log_stream
