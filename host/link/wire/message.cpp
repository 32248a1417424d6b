#include "link/wire/message.hpp"

#include <array>

namespace backplane::link {
namespace {

constexpr MessageRow kRows[] = {
#define BACKPLANE_ROW(name, number, Data, speaker, when_full, merging) \
  {Code::name, #name, Speaker::speaker, WhenFull::when_full, Merging::merging},
    BACKPLANE_LINK_MESSAGES(BACKPLANE_ROW)
#undef BACKPLANE_ROW
};

constexpr std::size_t kNumbersMax = 256;
constexpr std::uint8_t kNoRow = 0xff;
static_assert(std::size(kRows) < kNoRow);

constexpr auto kPlaces = [] {
  std::array<std::uint8_t, kNumbersMax> places{};
  places.fill(kNoRow);
  std::uint8_t place = 0;
  for (const MessageRow& row : kRows) places.at(static_cast<std::size_t>(row.code)) = place++;
  return places;
}();

// An archive of fields() that counts the bytes of texts. What has a fixed size is part of sizeof Message.
class Sizer {
 public:
  void number(const char*, std::integral auto) {}
  void size(const char*, std::size_t) {}
  void real(const char*, double) {}
  void flag(const char*, bool) {}
  template <class Enum>
  void choice(const char*, Enum, Enum) {}
  void text(const char*, std::string_view value) { bytes_ += value.size(); }
  void path(const char*, const std::filesystem::path& value) { bytes_ += value.native().size(); }
  template <class List, class Each>
  void list(const char*, const List& items, std::size_t, Each each, std::size_t = 0) {
    for (const auto& item : items) each(item);
  }
  template <class Value, class Each>
  void optional(const char*, const Value& value, Each each) {
    if (value) each(*value);
  }
  template <class T, class Each>
  void shared(const std::shared_ptr<const T>& value, Each each) {
    each(*value);
  }

  void add(std::size_t bytes) { bytes_ += bytes; }
  std::size_t bytes() const { return bytes_; }

 private:
  std::size_t bytes_ = 0;
};

// What a request holds, which is its whole head and its body, and not what it would take on the wire.
void fields(Sizer& sizer, const exchange::Request& request) {
  sizer.add(request.head.size() + request.body.size());
  for (const exchange::Field& field : request.fields) sizer.add(field.name.size() + field.value.size());
}

}  // namespace

const MessageRow* row_of(std::uint16_t number) {
  const std::uint8_t place = number < kNumbersMax ? kPlaces[number] : kNoRow;
  return place == kNoRow ? nullptr : &kRows[place];
}

const char* code_name(Code code) {
  const MessageRow* row = row_of(code);
  return row == nullptr ? "an unknown code" : row->name;
}

bool is_from_plugin(Code code) {
  const MessageRow* row = row_of(code);
  return row != nullptr && row->speaker == Speaker::kPlugin;
}

std::size_t bytes_of(const Message& message) {
  Sizer sizer;
  std::visit([&](const auto& data) { fields(sizer, data); }, message.payload);
  return sizeof message + sizer.bytes();
}

bool merge(Message& waiting, Message& next) {
  switch (row_of(next.code)->merging) {
    case Merging::kApart:
      return false;
    case Merging::kSum:
      std::get<Count>(waiting.payload).count += std::get<Count>(next.payload).count;
      return true;
    case Merging::kLatest:
      waiting.payload = std::move(next.payload);
      return true;
    case Merging::kPieces: {
      Data& data = std::get<Data>(waiting.payload);
      Data& more = std::get<Data>(next.payload);
      if (data.kind != op::DataKind::kBytes || more.kind != op::DataKind::kBytes || data.last) return false;
      data.bytes += more.bytes;
      data.last = more.last;
      return true;
    }
  }
  return false;
}

}  // namespace backplane::link
