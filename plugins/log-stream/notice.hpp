// What this plugin itself has to say to whoever reads the log, in the shape of an entry, so that every form can say it.
#pragma once

#include <string_view>

#include "log-stream/entry.hpp"

namespace backplane::log_stream {

// An error of the daemon's, of now; BACKPLANE_NOTICE tells it from entries of the log.
void make_notice(std::string_view text, Entry& into);

}  // namespace backplane::log_stream
