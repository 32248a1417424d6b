#include "link/wire/message_rules.hpp"

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "exchange/limits.hpp"
#include "feed/limits.hpp"
#include "link/limits.hpp"
#include "link/wire/metric_text.hpp"
#include "op/limits.hpp"

namespace backplane::link {
namespace {

// Each of these gives what is wrong, as said after a code's name; empty: nothing.

std::string wrong_with_text(const char* part, std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max) return fmt::format("has {} bytes for its {}, over {}", text.size(), part, bytes_max);
  if (!base::valid_utf8(text)) return fmt::format("has a {} that is not UTF-8", part);
  return {};
}

std::string wrong_with_respond(const exchange::Response& answer) {
  if (!valid_answer_head(answer, false)) return "has a status, a type or headers that may not stand in an answer";
  const std::size_t bytes = answer.bytes().size();
  if (bytes > limits::kAnswerBodyBytesMax) {
    return fmt::format("has a body of {} bytes, over {}", bytes, limits::kAnswerBodyBytesMax);
  }
  if (bytes != 0 && (answer.status == 204 || answer.status == 304)) {
    return fmt::format("has a body with the status {}, which has none", answer.status);
  }
  if (answer.fresh_ms < 0) return fmt::format("is fresh for {} ms", answer.fresh_ms);
  return {};
}

std::string wrong_with_begin(const exchange::Response& head) {
  // Which of the two it must be is known where its operation is.
  if (!valid_answer_head(head, false) && !valid_answer_head(head, true)) {
    return "has a status, a type or headers that may not stand in an answer";
  }
  if (!head.bytes().empty()) return "has a body, which belongs into writes";
  if (head.fresh_ms != 0) return "asks for a copy, which a stream has none of";
  return {};
}

std::string wrong_with_fail(const Failure& failure) {
  if (failure.status < 400 || failure.status > 599) {
    return fmt::format("has the status {}, which is no failure", failure.status);
  }
  if (!valid_error_class(failure.error_class)) return "has an error class that is no name";
  if (failure.retry_after_s < -1 || failure.retry_after_s > limits::kPluginRetryAfterSMax) {
    return fmt::format("sends the client away for {} s, and not for 0 to {}", failure.retry_after_s,
                       limits::kPluginRetryAfterSMax);
  }
  return wrong_with_text("text", failure.text, limits::kPluginTextBytesMax);
}

std::string wrong_with_write(const Data& data) {
  if (data.bytes.size() > op::limits::kStreamWindowBytes) {
    return fmt::format("has a piece of {} bytes, over {}", data.bytes.size(), op::limits::kStreamWindowBytes);
  }
  if (data.kind == op::DataKind::kBytes && data.bytes.empty()) return "has an empty piece of a body";
  if (data.kind == op::DataKind::kText && !base::valid_utf8(data.bytes)) return "has a text that is not UTF-8";
  return {};
}

std::string wrong_with_end(const Close& close) {
  if (!valid_close_code(close.code)) return fmt::format("has the close code {}, which may not be sent", close.code);
  return wrong_with_text("reason", close.reason, limits::kCloseReasonBytesMax);
}

std::string wrong_with_consume(const Count& count) {
  // A window, and a message that came when it was all but spent.
  constexpr std::size_t kBytesMax = op::limits::kStreamWindowBytes + op::limits::kWebSocketMessageBytesMax;
  if (count.count <= kBytesMax) return {};
  return fmt::format("gives back {} bytes, over {}", count.count, kBytesMax);
}

std::string wrong_with_metric(std::uint64_t number, const Metric& metric) {
  if (number == 0 || number > limits::kMetricsPerPluginMax) {
    return fmt::format("has the number {}, and not 1 to {}", number, limits::kMetricsPerPluginMax);
  }
  if (metric.name.size() > limits::kMetricNameBytesMax || !valid_metric_name(metric.name)) {
    return fmt::format("has a name that is none, or over {} bytes", limits::kMetricNameBytesMax);
  }
  if (metric.labels.size() > limits::kMetricLabelsBytesMax || !valid_labels_text(metric.labels)) {
    return fmt::format("has labels that are none, or over {} bytes", limits::kMetricLabelsBytesMax);
  }
  return {};
}

std::string wrong_with_publish(const Item& item) {
  if (item.bytes.size() > feed::limits::kFeedItemBytesMax) {
    return fmt::format("has an item of {} bytes, over {}", item.bytes.size(), feed::limits::kFeedItemBytesMax);
  }
  if (item.id.size() > feed::limits::kFeedItemIdBytesMax) {
    return fmt::format("has an id of {} bytes, over {}", item.id.size(), feed::limits::kFeedItemIdBytesMax);
  }
  return {};
}

std::string wrong_with_attach(const Attach& attach) {
  if (attach.feed >= limits::kFeedsPerPluginMax) return fmt::format("has the feed {}, which is none", attach.feed);
  if (!framing_fits(attach.framing))
    return fmt::format("has a framing of over {} bytes", feed::limits::kFramingBytesMax);
  return valid_framing(attach.framing) ? std::string() : "has a framing that is not UTF-8, for messages of text";
}

std::string wrong_with_items_taken(const Count& count) {
  if (count.count <= limits::kSubscriptionItemsMax) return {};
  return fmt::format("has taken {} items, over {}", count.count, limits::kSubscriptionItemsMax);
}

std::string wrong_with_hello(const Hello& hello) {
  if (hello.extensions.size() > limits::kExtensionsMax) {
    return fmt::format("has {} extensions, over {}", hello.extensions.size(), limits::kExtensionsMax);
  }
  for (const std::string& extension : hello.extensions) {
    std::string wrong = wrong_with_text("name", extension, limits::kLinkNameBytesMax);
    if (!wrong.empty()) return wrong;
  }
  return {};
}

std::string wrong_with_sandboxed(const Sandboxed& sandboxed) {
  if (sandboxed.layers.size() > limits::kSandboxLayersMax) {
    return fmt::format("has {} layers, over {}", sandboxed.layers.size(), limits::kSandboxLayersMax);
  }
  for (const SandboxLayer& layer : sandboxed.layers) {
    std::string wrong = wrong_with_text("name", layer.name, limits::kLinkNameBytesMax);
    if (wrong.empty()) wrong = wrong_with_text("text", layer.text, limits::kPluginTextBytesMax);
    if (!wrong.empty()) return wrong;
  }
  return {};
}

std::string wrong_with_payload(const Message& message) {
  switch (message.code) {
    case Code::kStarted:
    case Code::kConfigured:
      return wrong_with_text("text", std::get<Outcome>(message.payload).text, limits::kPluginTextBytesMax);
    case Code::kRespond:
      return wrong_with_respond(std::get<exchange::Response>(message.payload));
    case Code::kFail:
      return wrong_with_fail(std::get<Failure>(message.payload));
    case Code::kBegin:
      return wrong_with_begin(std::get<exchange::Response>(message.payload));
    case Code::kWrite:
      return wrong_with_write(std::get<Data>(message.payload));
    case Code::kEnd:
      return wrong_with_end(std::get<Close>(message.payload));
    case Code::kConsume:
      return wrong_with_consume(std::get<Count>(message.payload));
    case Code::kLog:
      return wrong_with_text("text", std::get<Log>(message.payload).text, limits::kLogTextBytesMax);
    case Code::kState:
      return wrong_with_text("text", std::get<State>(message.payload).text, limits::kPluginTextBytesMax);
    case Code::kMetric:
      return wrong_with_metric(message.id, std::get<Metric>(message.payload));
    case Code::kHello:
      return wrong_with_hello(std::get<Hello>(message.payload));
    case Code::kPublish:
      return wrong_with_publish(std::get<Item>(message.payload));
    case Code::kAttach:
      return wrong_with_attach(std::get<Attach>(message.payload));
    case Code::kSubscribe:
      return wrong_with_text("name", std::get<Subscribe>(message.payload).feed, limits::kFeedNameBytesMax);
    case Code::kItemsTaken:
      return wrong_with_items_taken(std::get<Count>(message.payload));
    case Code::kSandboxed:
      return wrong_with_sandboxed(std::get<Sandboxed>(message.payload));
    default:
      return {};  // says nothing but its code
  }
}

}  // namespace

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

bool framing_fits(const feed::Framing& framing) {
  return framing.prefix.size() <= feed::limits::kFramingBytesMax &&
         framing.suffix.size() <= feed::limits::kFramingBytesMax &&
         framing.lost.size() <= feed::limits::kFramingBytesMax;
}

bool valid_framing(const feed::Framing& framing) {
  return framing.kind != op::DataKind::kText ||
         (base::valid_utf8(framing.prefix) && base::valid_utf8(framing.suffix) && base::valid_utf8(framing.lost));
}

std::string wrong_with(const Message& message) {
  if (!is_from_plugin(message.code)) return fmt::format("{} is not a plugin's to say", code_name(message.code));
  const std::string wrong = wrong_with_payload(message);
  return wrong.empty() ? wrong : fmt::format("{} {}", code_name(message.code), wrong);
}

}  // namespace backplane::link
