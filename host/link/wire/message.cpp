#include "link/wire/message.hpp"

namespace backplane::link {
namespace {

struct Size {
  std::size_t operator()(std::monostate) const { return 0; }
  std::size_t operator()(const Config& config) const { return config.json.size(); }
  std::size_t operator()(const Request& request) const {
    std::size_t size = request.request->head.size() + request.request->body.size();
    for (const exchange::Field& field : request.request->fields) size += field.name.size() + field.value.size();
    return size;
  }
  std::size_t operator()(const Part& part) const {
    return part.head.name.size() + part.head.content_type.size() +
           (part.head.filename ? part.head.filename->size() : 0);
  }
  std::size_t operator()(const Data& data) const { return data.bytes.size(); }
  std::size_t operator()(const Count&) const { return 0; }
  std::size_t operator()(const Reason&) const { return 0; }
  std::size_t operator()(const Outcome& outcome) const { return outcome.text.size(); }
  std::size_t operator()(const exchange::Response& response) const {
    std::size_t size = response.bytes().size();
    for (const exchange::Field& header : response.headers) size += header.name.size() + header.value.size();
    return size;
  }
  std::size_t operator()(const Failure& failure) const { return failure.error_class.size() + failure.text.size(); }
  std::size_t operator()(const Close& close) const { return close.reason.size(); }
  std::size_t operator()(const Log& log) const { return log.text.size(); }
  std::size_t operator()(const State& state) const { return state.text.size(); }
  std::size_t operator()(const Metric& metric) const { return metric.name.size() + metric.labels.size(); }
  std::size_t operator()(const SetUp& set_up) const {
    return set_up.settings->config_json.size() + set_up.settings->manifest.size();
  }
  std::size_t operator()(const Hello&) const { return 0; }
  std::size_t operator()(const Sandboxed&) const { return 0; }
  std::size_t operator()(const Demand& demand) const { return demand.last_id.size(); }
  std::size_t operator()(const Item& item) const { return item.bytes.size() + item.id.size(); }
  std::size_t operator()(const Attach& attach) const {
    return attach.framing.prefix.size() + attach.framing.suffix.size() + attach.framing.lost.size();
  }
  std::size_t operator()(const Subscribe& subscribe) const { return subscribe.feed.size(); }
};

}  // namespace

const char* code_name(Code code) {
  switch (code) {
    case Code::kStart:
      return "kStart";
    case Code::kStop:
      return "kStop";
    case Code::kConfig:
      return "kConfig";
    case Code::kRequest:
      return "kRequest";
    case Code::kPart:
      return "kPart";
    case Code::kData:
      return "kData";
    case Code::kSent:
      return "kSent";
    case Code::kEnded:
      return "kEnded";
    case Code::kRoom:
      return "kRoom";
    case Code::kSetUp:
      return "kSetUp";
    case Code::kPing:
      return "kPing";
    case Code::kDemand:
      return "kDemand";
    case Code::kItem:
      return "kItem";
    case Code::kStarted:
      return "kStarted";
    case Code::kStopped:
      return "kStopped";
    case Code::kConfigured:
      return "kConfigured";
    case Code::kRespond:
      return "kRespond";
    case Code::kFail:
      return "kFail";
    case Code::kBegin:
      return "kBegin";
    case Code::kWrite:
      return "kWrite";
    case Code::kEnd:
      return "kEnd";
    case Code::kConsume:
      return "kConsume";
    case Code::kLog:
      return "kLog";
    case Code::kState:
      return "kState";
    case Code::kMetric:
      return "kMetric";
    case Code::kHello:
      return "kHello";
    case Code::kSandboxed:
      return "kSandboxed";
    case Code::kPong:
      return "kPong";
    case Code::kPublish:
      return "kPublish";
    case Code::kAttach:
      return "kAttach";
    case Code::kSubscribe:
      return "kSubscribe";
    case Code::kUnsubscribe:
      return "kUnsubscribe";
    case Code::kItemsTaken:
      return "kItemsTaken";
    case Code::kLost:
      return "kLost";
  }
  return "an unknown code";
}

bool is_from_plugin(Code code) {
  return code >= Code::kStarted && code <= Code::kItemsTaken;
}

std::size_t bytes_of(const Message& message) {
  return sizeof message + std::visit(Size{}, message.payload);
}

}  // namespace backplane::link
