#include "validate/tap.hpp"

#include <algorithm>
#include <utility>

#include "link/plugin_side/host_tables.hpp"

namespace backplane::validate {
namespace {

// How the SDK answers where an exception left a handler, and how it counts it.
constexpr std::string_view kSdkEscapeAnswer = "The plugin failed to handle this request.";
constexpr std::string_view kSdkEscapeMetric = "callback_exceptions";

}  // namespace

Tap::Tap(const link::ProcessHost& host, link::Settings settings, link::Receiver& receiver, std::shared_ptr<Heard> heard)
    : receiver_(receiver), heard_(std::move(heard)), inner_(host, std::move(settings), *this) {}

void Tap::hear_mistake(std::string text) {
  auto& mistakes = heard_->mistakes;
  if (mistakes.size() >= Heard::kMistakesMax) return;
  if (std::find(mistakes.begin(), mistakes.end(), text) == mistakes.end()) mistakes.push_back(std::move(text));
}

void Tap::hear_log(const link::Log& line) {
  if (line.level >= base::Level::kError) heard_->last_error = line.text;
  if (line.text.starts_with(link::kEscapeLog)) hear_mistake(line.text);
  if (line.text.ends_with(link::kWrongOrderLog)) {
    const std::string function = line.text.substr(0, line.text.size() - link::kWrongOrderLog.size());
    hear_mistake("it called " + function + " for a request that it had answered already");
  }
}

void Tap::on_message(link::Message& message) {
  switch (message.code) {
    case link::Code::kLog:
      return hear_log(std::get<link::Log>(message.payload));
    case link::Code::kMetric:
      if (const auto& metric = std::get<link::Metric>(message.payload);
          metric.name == kSdkEscapeMetric && metric.value > 0) {
        hear_mistake("an exception left a callback" +
                     (heard_->last_error.empty() ? "" : " (" + heard_->last_error + ")"));
      }
      break;
    case link::Code::kFail:
      if (std::get<link::Failure>(message.payload).text == kSdkEscapeAnswer) {
        hear_mistake("an exception left a callback" +
                     (heard_->last_error.empty() ? "" : " (" + heard_->last_error + ")"));
      }
      break;
    case link::Code::kRespond:
      heard_->bytes += std::get<exchange::Response>(message.payload).bytes().size();
      break;
    case link::Code::kWrite:
      heard_->bytes += std::get<link::Data>(message.payload).bytes.size();
      break;
    default:
      break;
  }
  receiver_.on_message(message);  // may destroy this
}

}  // namespace backplane::validate
