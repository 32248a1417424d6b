// Why something cannot be done, in words for people.
#pragma once

#include <string>
#include <string_view>

namespace backplane::log_stream {

struct Problem {
  enum class Cause {
    kRequest,  // what was asked for makes no sense: asking again is of no use
    kJournal,  // the log cannot be read: the machine needs care
  };
  Cause cause = Cause::kRequest;
  std::string text;
};

// What a client sent, in quotes, cut to a bound and with every byte that is not printable ASCII as "?", so that an
// error text can show it.
std::string quoted(std::string_view text);

}  // namespace backplane::log_stream
