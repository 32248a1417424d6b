// How functions report failure: Result on I/O paths, Checked where a person reads the answer.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <utility>

#include "base/error.hpp"

namespace backplane::base {

template <class T>
using Result = boost::system::result<T>;

// What is wrong, in words for the person who can mend it.
struct Problem {
  Error code = Error::kInternal;
  std::string text;   // a sentence: what is wrong and, where there is one, the remedy
  std::string where;  // file:line:column, a path or an address; empty where there is no place to name

  // "where: text", or the text alone.
  std::string message() const { return where.empty() ? text : where + ": " + text; }
};

// boost::system::result needs to know how to throw a Problem; value() on a failed result is our own mistake.
[[noreturn]] void throw_exception_from_error(const Problem& problem, const boost::source_location& location);

template <class T>
using Checked = boost::system::result<T, Problem>;

inline Problem problem(Error code, std::string text, std::string where = {}) {
  return Problem{code, std::move(text), std::move(where)};
}

}  // namespace backplane::base
