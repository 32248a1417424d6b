// Reads one configuration file into memory, bounded, and makes sure that it is text.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "config/problems.hpp"

namespace backplane::config {

// The whole file, at most kConfigBytesMax bytes of UTF-8 without control characters (so without NUL, and without the
// 0x04 that yaml-cpp takes for the end of input). Else nothing, and the reason in `problems`; a file that does not
// exist is reported with `remedy`. Never blocks on a FIFO or a device.
std::optional<std::string> read_source(const std::shared_ptr<const SourceFile>& source,
                                       const std::filesystem::path& path, std::string_view remedy, Problems& problems);

// The same check for text that is in memory already.
bool check_text(const std::shared_ptr<const SourceFile>& source, std::string_view text, Problems& problems);

}  // namespace backplane::config
