// backplane.http/1, the host's side.
#include "base/utf8.hpp"
#include "exchange/limits.hpp"
#include "link/limits.hpp"
#include "link/plugin_side/abi_values.hpp"
#include "link/plugin_side/host_tables.hpp"
#include "link/plugin_side/plugin_side.hpp"
#include "link/wire/message_rules.hpp"

namespace backplane::link {
namespace {

bp_status read_head(const bp_response* from, bool websocket, exchange::Response& into) {
  if (from == nullptr || !BP_HAS(from, body)) return BP_E_INVALID;
  if (from->headers.count > exchange::limits::kHeadersMax) return BP_E_INVALID;  // before they are copied
  into.status = websocket ? 101 : from->status;
  into.content_type = to_text(from->content_type);
  into.headers.reserve(from->headers.count);
  for (std::size_t i = 0; i < from->headers.count; ++i) {
    const bp_field& header = field_at(from->headers, i);
    into.headers.push_back({std::string(to_text(header.name)), std::string(to_text(header.value))});
  }
  return BP_OK;
}

// A plugin that answers twice goes unnoticed, also by its author; at this level it is told.
bp_status tell_wrong_order(const bp_host* host, const char* function, bp_status status) {
  if (status == BP_E_INVALID && base::log_enabled(base::Level::kDebug)) {
    host->log(host, BP_LOG_DEBUG, to_bytes(std::string(function) + std::string(kWrongOrderLog)));
  }
  return status;
}

bp_status respond(const bp_host* host, bp_op op, const bp_response* response) {
  PluginSide& side = side_of(host);
  exchange::Response answer;
  if (const bp_status status = read_head(response, false, answer); status != BP_OK) return status;
  const std::string_view body = to_text(response->body);
  if (const Verdict checked = check_answer(answer, body); !checked.ok()) return checked.status;
  if (BP_HAS(response, fresh_ms) && response->fresh_ms > 0) answer.fresh_ms = response->fresh_ms;
  if (const bp_status status = side.states().answer(op); status != BP_OK) {
    return tell_wrong_order(host, "respond", status);
  }
  answer.body = body;
  if (side.to_host().send({Code::kRespond, op, std::move(answer)})) return BP_OK;
  side.states().take_back_answer(op);
  return BP_E_AGAIN;
}

bp_status fail(const bp_host* host, bp_op op, std::int32_t status, bp_bytes error_class, bp_bytes text) {
  PluginSide& side = side_of(host);
  Failure failure{status, std::string(to_text(error_class)),
                  base::clean_text(to_text(text), limits::kPluginTextBytesMax)};
  if (const Verdict checked = check_failure(failure); !checked.ok()) return checked.status;
  if (const bp_status refused = side.states().answer(op); refused != BP_OK) {
    return tell_wrong_order(host, "fail", refused);
  }
  side.to_host().send({Code::kFail, op, std::move(failure)});
  return BP_OK;
}

bp_status begin(const bp_host* host, bp_op op, const bp_response* head) {
  PluginSide& side = side_of(host);
  exchange::Response answer;
  const bool websocket = side.states().websocket(op);
  if (const bp_status status = read_head(head, websocket, answer); status != BP_OK) return status;
  if (const Verdict checked = check_begin(answer, websocket); !checked.ok()) return checked.status;
  const bp_status status = side.states().begin(op);
  if (status == BP_OK) {
    side.to_host().send({Code::kBegin, op, std::move(answer)});
  } else if (status == BP_E_LIMIT) {
    side.to_host().send({Code::kFail, op, Failure{503, {}, "too many streams are open", limits::kPluginRetryAfterS}});
  }
  return tell_wrong_order(host, "begin", status);
}

bp_status write(const bp_host* host, bp_op op, std::int32_t kind, bp_bytes bytes) {
  PluginSide& side = side_of(host);
  const std::string_view text = to_text(bytes);
  // What is too large, or empty, is looked at by what its operation takes.
  if (kind == BP_DATA_TEXT && check_piece(op::DataKind::kText, text).status == BP_E_INVALID) return BP_E_INVALID;
  const bp_status status = side.states().write(op, kind, text.size());
  if (status != BP_OK || (text.empty() && kind == BP_DATA_BYTES)) return status;
  if (side.to_host().send({Code::kWrite, op, Data{*to_data_kind(kind), std::string(text), false}})) return BP_OK;
  side.states().take_back_write(op, text.size());
  return BP_E_AGAIN;
}

bp_status end(const bp_host* host, bp_op op, std::int32_t code, bp_bytes reason) {
  PluginSide& side = side_of(host);
  const bool websocket = side.states().websocket(op);
  if (websocket && !check_close(code, {}).ok()) return BP_E_INVALID;
  const bp_status status = side.states().end(op);
  if (status != BP_OK) return status;
  Close close;
  if (websocket)
    close = {static_cast<std::uint16_t>(code), base::clean_text(to_text(reason), limits::kCloseReasonBytesMax)};
  side.to_host().send({Code::kEnd, op, std::move(close)});
  return BP_OK;
}

bp_status consume(const bp_host* host, bp_op op, std::size_t count) {
  PluginSide& side = side_of(host);
  std::size_t give_back = 0;
  const bp_status status = side.states().consume(op, count, give_back);
  if (give_back != 0) side.to_host().send({Code::kConsume, op, Count{give_back}});
  return status;
}

}  // namespace

const void* http_table() {
  static const bp_host_http kTable{sizeof(bp_host_http), 0, respond, fail, begin, write, end, consume};
  return &kTable;
}

}  // namespace backplane::link
