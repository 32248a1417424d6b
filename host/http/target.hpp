// From the target of a request to the path that the router matches and the query's fields.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "exchange/request.hpp"

namespace backplane::http {

// Writes the decoded path to `path` (its capacity is used again) and points `query` at what follows '?', undecoded.
// `target` is a Head's target. Double slashes count as one and a trailing slash as none, so that "/api//info/" is the
// route "/api/info" (contracts/README.md "trailing slash"); "/" stays "/" and "*" stays "*".
// Refused with kInvalid: an escape that is not two hex digits, an encoded slash, an encoded control character or NUL, a
// segment "." or ".." (encoded or not), a path that is not UTF-8. What passes can be split at '/' with no surprise.
base::Checked<void> read_target_path(std::string_view target, std::string& path, std::string_view& query);

}  // namespace backplane::http
