// Hides what looks like a credential, by rules of the configuration: for readers who may not see secrets.
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
  // Throws std::invalid_argument where a rule is none, with its number and what is wrong.
  explicit Masks(const std::vector<std::string>& rules);
  ~Masks();
  Masks(const Masks&) = delete;
  Masks& operator=(const Masks&) = delete;

  // The rules that hold where the configuration names none.
  static const std::vector<std::string>& defaults();

  // Whether a field can hold what somebody wrote; the others are facts of the system and are left alone.
  static bool covers(std::string_view field_name);

  bool finds(std::string_view text) const;
  // True where something was replaced.
  bool apply(std::string& text) const;
  bool apply(Entry& entry) const;

 private:
  struct Rules;
  std::unique_ptr<const Rules> rules_;
};

}  // namespace backplane::log_stream
