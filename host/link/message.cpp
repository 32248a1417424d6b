#include "link/message.hpp"

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
};

}  // namespace

std::size_t bytes_of(const Message& message) {
  return sizeof message + std::visit(Size{}, message.payload);
}

}  // namespace backplane::link
