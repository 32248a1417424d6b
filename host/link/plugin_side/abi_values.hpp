// The ABI's numbers, byte ranges and field lists, and what they are in the host.
#pragma once

#include <backplane/abi.h>
#include <backplane/ext/http.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "op/operation.hpp"

namespace backplane::link {

// Nothing: it is no kind.
std::optional<op::DataKind> to_data_kind(std::int32_t kind);

std::int32_t to_abi(op::DataKind kind);  // BP_DATA_…
std::int32_t to_abi(op::End end);        // BP_END_…

inline bp_bytes to_bytes(std::string_view text) {
  return {text.data(), text.size()};
}

inline std::string_view to_text(bp_bytes bytes) {
  return bytes.data == nullptr ? std::string_view()
                               : std::string_view(static_cast<const char*>(bytes.data), bytes.size);
}

// The list's own stride counts, not our sizeof: the other side may know a longer bp_field.
inline const bp_field& field_at(const bp_fields& fields, std::size_t index) {
  const std::size_t stride = fields.stride == 0 ? sizeof(bp_field) : fields.stride;
  return *reinterpret_cast<const bp_field*>(reinterpret_cast<const char*>(fields.items) + index * stride);
}

}  // namespace backplane::link
