#include "link/wire/message_rules.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/utf8.hpp"
#include "exchange/limits.hpp"
#include "feed/limits.hpp"
#include "link/limits.hpp"
#include "link/wire/metric_text.hpp"
#include "op/limits.hpp"

namespace backplane::link {
namespace {

template <class... Values>
Verdict invalid(fmt::format_string<Values...> text, Values&&... values) {
  return {BP_E_INVALID, fmt::format(text, std::forward<Values>(values)...)};
}

template <class... Values>
Verdict too_much(fmt::format_string<Values...> text, Values&&... values) {
  return {BP_E_LIMIT, fmt::format(text, std::forward<Values>(values)...)};
}

Verdict check_text(const char* part, std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max) return too_much("has {} bytes for its {}, over {}", text.size(), part, bytes_max);
  if (!base::valid_utf8(text)) return invalid("has a {} that is not UTF-8", part);
  return {};
}

Verdict check_consumed(const Count& count) {
  // A window, and a message that came when it was all but spent.
  constexpr std::size_t kBytesMax = op::limits::kStreamWindowBytes + op::limits::kWebSocketMessageBytesMax;
  if (count.count <= kBytesMax) return {};
  return too_much("gives back {} bytes, over {}", count.count, kBytesMax);
}

Verdict check_metric(std::uint64_t number, const Metric& metric) {
  if (number == 0 || number > limits::kMetricsPerPluginMax) {
    return too_much("has the number {}, and not 1 to {}", number, limits::kMetricsPerPluginMax);
  }
  if (Verdict name = check_metric_name(metric.name); !name.ok()) return name;
  if (metric.labels.size() > limits::kMetricLabelsBytesMax || !valid_labels_text(metric.labels)) {
    return invalid("has labels that are none, or over {} bytes", limits::kMetricLabelsBytesMax);
  }
  return {};
}

Verdict check_attach(const Attach& attach) {
  if (attach.feed >= limits::kFeedsPerPluginMax) return invalid("has the feed {}, which is none", attach.feed);
  return check_framing(attach.framing);
}

Verdict check_items_taken(const Count& count) {
  if (count.count <= limits::kSubscriptionItemsMax) return {};
  return too_much("has taken {} items, over {}", count.count, limits::kSubscriptionItemsMax);
}

Verdict check_hello(const Hello& hello) {
  if (hello.extensions.size() > limits::kExtensionsMax) {
    return too_much("has {} extensions, over {}", hello.extensions.size(), limits::kExtensionsMax);
  }
  for (const std::string& extension : hello.extensions) {
    if (Verdict name = check_text("name", extension, limits::kLinkNameBytesMax); !name.ok()) return name;
  }
  return {};
}

Verdict check_sandboxed(const Sandboxed& sandboxed) {
  if (sandboxed.layers.size() > limits::kSandboxLayersMax) {
    return too_much("has {} layers, over {}", sandboxed.layers.size(), limits::kSandboxLayersMax);
  }
  for (const SandboxLayer& layer : sandboxed.layers) {
    if (Verdict name = check_text("name", layer.name, limits::kLinkNameBytesMax); !name.ok()) return name;
    if (Verdict text = check_text("text", layer.text, limits::kPluginTextBytesMax); !text.ok()) return text;
  }
  return {};
}

Verdict check_payload(const Message& message) {
  switch (message.code) {
    case Code::kStarted:
    case Code::kConfigured:
      return check_text("text", std::get<Outcome>(message.payload).text, limits::kPluginTextBytesMax);
    case Code::kRespond: {
      const auto& answer = std::get<exchange::Response>(message.payload);
      return check_answer(answer, answer.bytes());
    }
    case Code::kFail:
      return check_failure(std::get<Failure>(message.payload));
    case Code::kBegin: {
      // Which of the two it must be is known where its operation is.
      const auto& head = std::get<exchange::Response>(message.payload);
      return check_begin(head, head.status == 101);
    }
    case Code::kWrite: {
      const auto& piece = std::get<Data>(message.payload);
      return check_piece(piece.kind, piece.bytes);
    }
    case Code::kEnd: {
      const auto& close = std::get<Close>(message.payload);
      return check_close(close.code, close.reason);
    }
    case Code::kConsume:
      return check_consumed(std::get<Count>(message.payload));
    case Code::kLog:
      return check_text("text", std::get<Log>(message.payload).text, limits::kLogTextBytesMax);
    case Code::kState:
      return check_text("text", std::get<State>(message.payload).text, limits::kPluginTextBytesMax);
    case Code::kMetric:
      return check_metric(message.id, std::get<Metric>(message.payload));
    case Code::kHello:
      return check_hello(std::get<Hello>(message.payload));
    case Code::kPublish: {
      const auto& item = std::get<Item>(message.payload);
      return check_item(item.bytes, item.id);
    }
    case Code::kAttach:
      return check_attach(std::get<Attach>(message.payload));
    case Code::kSubscribe:
      return check_text("name", std::get<Subscribe>(message.payload).feed, limits::kFeedNameBytesMax);
    case Code::kItemsTaken:
      return check_items_taken(std::get<Count>(message.payload));
    case Code::kSandboxed:
      return check_sandboxed(std::get<Sandboxed>(message.payload));
    default:
      return {};  // says nothing but its code
  }
}

}  // namespace

Verdict check_answer(const exchange::Response& answer, std::string_view body) {
  if (!valid_answer_head(answer, false))
    return invalid("has a status, a type or headers that may not stand in an answer");
  if (body.size() > limits::kAnswerBodyBytesMax) {
    return too_much("has a body of {} bytes, over {}", body.size(), limits::kAnswerBodyBytesMax);
  }
  if (!body.empty() && (answer.status == 204 || answer.status == 304)) {
    return invalid("has a body with the status {}, which has none", answer.status);
  }
  if (answer.fresh_ms < 0) return invalid("is fresh for {} ms", answer.fresh_ms);
  return {};
}

Verdict check_begin(const exchange::Response& head, bool websocket) {
  if (!valid_answer_head(head, websocket))
    return invalid("has a status, a type or headers that may not stand in an answer");
  if (!head.bytes().empty()) return invalid("has a body, which belongs into writes");
  if (head.fresh_ms != 0) return invalid("asks for a copy, which a stream has none of");
  return {};
}

Verdict check_failure(const Failure& failure) {
  if (failure.status < 400 || failure.status > 599) {
    return invalid("has the status {}, which is no failure", failure.status);
  }
  if (!valid_error_class(failure.error_class)) return invalid("has an error class that is no name");
  if (failure.retry_after_s < -1 || failure.retry_after_s > limits::kPluginRetryAfterSMax) {
    return invalid("sends the client away for {} s, and not for 0 to {}", failure.retry_after_s,
                   limits::kPluginRetryAfterSMax);
  }
  return check_text("text", failure.text, limits::kPluginTextBytesMax);
}

Verdict check_piece(op::DataKind kind, std::string_view bytes) {
  if (bytes.size() > op::limits::kStreamWindowBytes) {
    return too_much("has a piece of {} bytes, over {}", bytes.size(), op::limits::kStreamWindowBytes);
  }
  if (kind == op::DataKind::kBytes && bytes.empty()) return invalid("has an empty piece of a body");
  if (kind == op::DataKind::kText && !base::valid_utf8(bytes)) return invalid("has a text that is not UTF-8");
  return {};
}

Verdict check_close(std::int32_t code, std::string_view reason) {
  if (!valid_close_code(code)) return invalid("has the close code {}, which may not be sent", code);
  return check_text("reason", reason, limits::kCloseReasonBytesMax);
}

Verdict check_item(std::string_view bytes, std::string_view id) {
  if (bytes.size() > feed::limits::kFeedItemBytesMax) {
    return too_much("has an item of {} bytes, over {}", bytes.size(), feed::limits::kFeedItemBytesMax);
  }
  if (id.size() > feed::limits::kFeedItemIdBytesMax) {
    return too_much("has an id of {} bytes, over {}", id.size(), feed::limits::kFeedItemIdBytesMax);
  }
  return {};
}

Verdict check_framing(const feed::Framing& framing) {
  const std::string* const texts[] = {&framing.prefix, &framing.suffix, &framing.lost};
  for (const std::string* text : texts) {
    if (text->size() > feed::limits::kFramingBytesMax) {
      return too_much("has a framing of over {} bytes", feed::limits::kFramingBytesMax);
    }
  }
  if (framing.kind != op::DataKind::kText) return {};
  for (const std::string* text : texts) {
    if (!base::valid_utf8(*text)) return invalid("has a framing that is not UTF-8, for messages of text");
  }
  return {};
}

Verdict check_metric_name(std::string_view name) {
  constexpr const char* kText = "has a name that is none, or over {} bytes";
  if (!valid_metric_name(name)) return invalid(fmt::runtime(kText), limits::kMetricNameBytesMax);
  if (name.size() > limits::kMetricNameBytesMax) return too_much(fmt::runtime(kText), limits::kMetricNameBytesMax);
  return {};
}

bool valid_answer_head(const exchange::Response& head, bool websocket) {
  if (websocket ? head.status != 101 : head.status < 200 || head.status > 599) return false;
  if (!exchange::valid_header("X", head.content_type)) return false;
  if (head.headers.size() > exchange::limits::kHeadersMax) return false;
  std::size_t bytes = head.content_type.size();
  for (const exchange::Field& header : head.headers) {
    bytes += header.name.size() + header.value.size();
    if (bytes > limits::kAnswerHeadBytesMax || !exchange::valid_header(header.name, header.value)) return false;
  }
  return bytes <= limits::kAnswerHeadBytesMax;
}

bool valid_error_class(std::string_view name) {
  if (name.size() > limits::kErrorClassBytesMax) return false;
  for (char c : name) {
    const bool allowed = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
    if (!allowed) return false;
  }
  return true;
}

bool valid_close_code(std::int32_t code) {
  // 1004 to 1006 and 1015 never stand in a frame.
  return code == 0 || (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
         (code >= 3000 && code <= 4999);
}

Verdict check(const Message& message) {
  if (!is_from_plugin(message.code)) return invalid("{} is not a plugin's to say", code_name(message.code));
  Verdict verdict = check_payload(message);
  if (!verdict.ok()) verdict.text = fmt::format("{} {}", code_name(message.code), verdict.text);
  return verdict;
}

}  // namespace backplane::link
