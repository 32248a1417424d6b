#include "link/plugin_side/abi_values.hpp"

namespace backplane::link {

std::optional<op::DataKind> to_data_kind(std::int32_t kind) {
  if (kind == BP_DATA_BYTES) return op::DataKind::kBytes;
  if (kind == BP_DATA_TEXT) return op::DataKind::kText;
  return kind == BP_DATA_BINARY ? std::optional(op::DataKind::kBinary) : std::nullopt;
}

std::int32_t to_abi(op::DataKind kind) {
  switch (kind) {
    case op::DataKind::kBytes:
      return BP_DATA_BYTES;
    case op::DataKind::kText:
      return BP_DATA_TEXT;
    case op::DataKind::kBinary:
      return BP_DATA_BINARY;
  }
  return BP_DATA_BYTES;
}

std::int32_t to_abi(op::End end) {
  switch (end) {
    case op::End::kDone:
      return BP_END_DONE;
    case op::End::kClientGone:
      return BP_END_CLIENT_GONE;
    case op::End::kDeadline:
      return BP_END_DEADLINE;
    case op::End::kRevoked:
      return BP_END_REVOKED;
    case op::End::kStopping:
      return BP_END_STOPPING;
    case op::End::kOverrun:
      return BP_END_OVERRUN;
  }
  return BP_END_DONE;
}

}  // namespace backplane::link
