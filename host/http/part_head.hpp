// Reads the headers of one part of a multipart body; a part of multipart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "exchange/request.hpp"

namespace backplane::http {

// Splits `text`, which ends in an empty line, into headers that look into it. kInvalid for a line without a colon or
// with an invalid name or value, a folded line, a bare CR or LF.
base::Checked<void> read_part_headers(std::string_view text, std::vector<exchange::Header>& headers);

}  // namespace backplane::http
