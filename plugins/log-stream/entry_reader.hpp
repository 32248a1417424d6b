// Walks over the entries that a query asks for, oldest first. Plugin's thread only.
#pragma once

#include <string>

#include "log-stream/entry.hpp"

namespace backplane::log_stream {

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

}  // namespace backplane::log_stream
