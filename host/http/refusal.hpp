// Why a request cannot be read: the status that answers it and a fixed sentence for the client.
#pragma once

#include <string_view>

namespace backplane::http {

struct Refusal {
  int status = 0;         // 0: nothing is wrong
  std::string_view text;  // static storage

  explicit operator bool() const noexcept { return status != 0; }
};

}  // namespace backplane::http
