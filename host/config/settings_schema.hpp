// The tables of every key of the configuration.
#pragma once

#include "config/reader.hpp"
#include "config/settings.hpp"

namespace backplane::config {

// Reads the root of the main file; `plugins` are appended.
void read_main_file(const Cursor& at, Settings& out);
// Reads the root of an included file, which holds plugins and nothing else.
void read_included_file(const Cursor& at, Settings& out);

}  // namespace backplane::config
