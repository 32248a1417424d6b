// Entries that are too large for one message or item: what can be said of them there.
#pragma once

#include "log-stream/entry.hpp"

namespace backplane::log_stream {

// The entry with nothing but what names it and the beginning of its message, and a field that says so:
// BACKPLANE_SHORTENED. Its cursor finds the whole.
void shorten(const Entry& entry, Entry& into);

}  // namespace backplane::log_stream
