#include "feed/attached_reader.hpp"

#include <string_view>
#include <utility>

namespace backplane::feed {

constexpr std::string_view kCount = "{count}";

std::optional<op::Data> AttachedReader::take() {
  while (!waiting_) {
    auto taken = Reader::take();
    if (!taken) return std::nullopt;
    lost_ += taken->lost;
    if (framing_.kind == op::DataKind::kText && !taken->item->text) {
      ++lost_;  // a message that is no UTF-8 would end the connection
      continue;
    }
    if (says_nothing(*taken->item)) continue;  // an empty chunk would end the body
    waiting_ = std::move(taken->item);
  }
  if (lost_ != 0 && !framing_.lost.empty()) {
    op::Data told{framing_.kind, lost_text()};
    lost_ = 0;
    return told;
  }
  return framed(std::exchange(waiting_, nullptr));
}

bool AttachedReader::says_nothing(const Item& item) const {
  return framing_.kind == op::DataKind::kBytes && item.bytes.empty() && framing_.prefix.empty() &&
         framing_.suffix.empty();
}

std::string AttachedReader::lost_text() const {
  std::string text = framing_.lost;
  const std::size_t place = text.find(kCount);
  if (place != std::string::npos) text.replace(place, kCount.size(), std::to_string(lost_));
  return text;
}

op::Data AttachedReader::framed(std::shared_ptr<const Item> item) const {
  const std::string* const bytes = &item->bytes;
  return {.kind = framing_.kind,
          .bytes = {},
          .before = framing_.prefix,
          .shared = std::shared_ptr<const std::string>(std::move(item), bytes),
          .after = framing_.suffix};
}

}  // namespace backplane::feed
