// backplane.http/1, the host's side.
#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "link/fields.hpp"
#include "link/host_tables.hpp"
#include "link/plugin_side.hpp"

namespace backplane::link {
namespace {

namespace limits = base::limits;

constexpr std::size_t kErrorClassBytesMax = 64;
constexpr std::size_t kCloseReasonBytesMax = 123;  // RFC 6455 §5.5: a control frame holds 125 bytes, two are the code

bp_status read_head(const bp_response* from, bool websocket, exchange::Response& into) {
  if (from == nullptr || !BP_HAS(from, body)) return BP_E_INVALID;
  if (websocket) {
    into.status = 101;
  } else if (from->status < 200 || from->status > 599) {
    return BP_E_INVALID;
  } else {
    into.status = from->status;
  }
  into.content_type = to_text(from->content_type);
  if (!exchange::valid_header("X", into.content_type)) return BP_E_INVALID;
  std::size_t bytes = into.content_type.size();
  if (from->headers.count > limits::kHeadersMax) return BP_E_INVALID;
  into.headers.reserve(from->headers.count);
  for (std::size_t i = 0; i < from->headers.count; ++i) {
    const bp_field& header = field_at(from->headers, i);
    const std::string_view name = to_text(header.name);
    const std::string_view value = to_text(header.value);
    bytes += name.size() + value.size();
    if (!exchange::valid_header(name, value) || bytes > limits::kAnswerHeadBytesMax) return BP_E_INVALID;
    into.headers.push_back({std::string(name), std::string(value)});
  }
  if (bytes > limits::kAnswerHeadBytesMax) return BP_E_INVALID;
  return BP_OK;
}

bp_status respond(const bp_host* host, bp_op op, const bp_response* response) {
  PluginSide& side = side_of(host);
  exchange::Response answer;
  if (const bp_status status = read_head(response, false, answer); status != BP_OK) return status;
  const std::string_view body = to_text(response->body);
  if (body.size() > limits::kAnswerBodyBytesMax) return BP_E_LIMIT;
  if (!body.empty() && (answer.status == 204 || answer.status == 304)) return BP_E_INVALID;
  if (BP_HAS(response, fresh_ms) && response->fresh_ms > 0) answer.fresh_ms = response->fresh_ms;
  if (const bp_status status = side.states().answer(op); status != BP_OK) return status;
  answer.body = body;
  if (side.to_host().send({Code::kRespond, op, std::move(answer)})) return BP_OK;
  side.states().take_back_answer(op);
  return BP_E_AGAIN;
}

bool is_class_name(std::string_view name) {
  if (name.size() > kErrorClassBytesMax) return false;
  for (char c : name) {
    const bool allowed = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
    if (!allowed) return false;
  }
  return true;
}

bp_status fail(const bp_host* host, bp_op op, std::int32_t status, bp_bytes error_class, bp_bytes text) {
  PluginSide& side = side_of(host);
  if (status < 400 || status > 599 || !is_class_name(to_text(error_class))) return BP_E_INVALID;
  if (const bp_status refused = side.states().answer(op); refused != BP_OK) return refused;
  side.to_host().send(
      {Code::kFail, op,
       Failure{status, std::string(to_text(error_class)), base::cut_text(to_text(text), limits::kPluginTextBytesMax)}});
  return BP_OK;
}

bp_status begin(const bp_host* host, bp_op op, const bp_response* head) {
  PluginSide& side = side_of(host);
  exchange::Response answer;
  if (const bp_status status = read_head(head, side.states().websocket(op), answer); status != BP_OK) return status;
  const bp_status status = side.states().begin(op);
  if (status == BP_OK) {
    side.to_host().send({Code::kBegin, op, std::move(answer)});
  } else if (status == BP_E_LIMIT) {
    side.to_host().send({Code::kFail, op, Failure{503, {}, "too many streams are open", limits::kPluginRetryAfterS}});
  }
  return status;
}

op::DataKind to_kind(std::int32_t kind) {
  if (kind == BP_DATA_TEXT) return op::DataKind::kText;
  return kind == BP_DATA_BINARY ? op::DataKind::kBinary : op::DataKind::kBytes;
}

bp_status write(const bp_host* host, bp_op op, std::int32_t kind, bp_bytes bytes) {
  PluginSide& side = side_of(host);
  const std::string_view text = to_text(bytes);
  if (kind == BP_DATA_TEXT && text.size() <= BP_HTTP_WINDOW && !base::valid_utf8(text)) return BP_E_INVALID;
  const bp_status status = side.states().write(op, kind, text.size());
  if (status != BP_OK || (text.empty() && kind == BP_DATA_BYTES)) return status;
  if (side.to_host().send({Code::kWrite, op, Data{to_kind(kind), std::string(text), false}})) return BP_OK;
  side.states().take_back_write(op, text.size());
  return BP_E_AGAIN;
}

bool is_close_code(std::int32_t code) {
  // RFC 6455 §7.4: 1004 to 1006 and 1015 never stand in a frame.
  return code == 0 || (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
         (code >= 3000 && code <= 4999);
}

bp_status end(const bp_host* host, bp_op op, std::int32_t code, bp_bytes reason) {
  PluginSide& side = side_of(host);
  const bool websocket = side.states().websocket(op);
  if (websocket && !is_close_code(code)) return BP_E_INVALID;
  const bp_status status = side.states().end(op);
  if (status != BP_OK) return status;
  Close close;
  if (websocket) close = {static_cast<std::uint16_t>(code), base::cut_text(to_text(reason), kCloseReasonBytesMax)};
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

const bp_host_http& http_table() {
  static const bp_host_http kTable{sizeof(bp_host_http), 0, respond, fail, begin, write, end, consume};
  return kTable;
}

}  // namespace backplane::link
