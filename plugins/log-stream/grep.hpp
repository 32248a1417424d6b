// A pattern that is searched for in messages: RE2, so that no pattern takes longer than the text is long.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "log-stream/problem.hpp"

namespace re2 {
class RE2;
}

namespace backplane::log_stream {

class Grep {
 public:
  // Ignores case where the pattern has no capital letter, as journalctl --grep.
  static std::variant<Grep, Problem> compile(const std::string& pattern);

  Grep(Grep&&) noexcept;
  Grep& operator=(Grep&&) noexcept;
  ~Grep();

  bool finds(std::string_view text) const;

 private:
  explicit Grep(std::unique_ptr<const re2::RE2> pattern);
  std::unique_ptr<const re2::RE2> pattern_;
};

}  // namespace backplane::log_stream
