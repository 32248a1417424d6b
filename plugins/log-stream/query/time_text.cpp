#include "log-stream/query/time_text.hpp"

#include <charconv>
#include <ctime>

#include "log-stream/limits.hpp"

namespace backplane::log_stream {
namespace {

constexpr std::uint64_t kSecondUs = 1'000'000;
constexpr std::uint64_t kSecondsMax = 253'402'300'799;  // the end of the year 9999
constexpr int kFractionDigits = 6;
constexpr int kYearMin = 1970;
constexpr int kYearBase = 1900;
constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

// Takes from the front of a text, piece by piece.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  bool take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // Exactly so many digits, within the bounds.
  bool take_number(std::size_t digits, int min, int max, int& number) {
    const std::string_view text = rest_.substr(0, digits);
    if (text.size() != digits || text.find_first_not_of("0123456789") != std::string_view::npos) return false;
    std::from_chars(text.data(), text.data() + text.size(), number);
    rest_.remove_prefix(digits);
    return number >= min && number <= max;
  }
  // ".25" and the like, where there is one; digits after the sixth are dropped.
  bool take_fraction(std::uint64_t& microseconds) {
    microseconds = 0;
    if (!take('.')) return true;
    int digits = 0;
    for (; !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; rest_.remove_prefix(1), ++digits) {
      if (digits < kFractionDigits) microseconds = microseconds * 10 + static_cast<std::uint64_t>(rest_[0] - '0');
    }
    for (int i = digits; i < kFractionDigits; ++i) microseconds *= 10;
    return digits > 0;
  }

 private:
  std::string_view rest_;
};

std::optional<std::uint64_t> microseconds(std::int64_t seconds, std::uint64_t fraction) {
  if (seconds < 0 || static_cast<std::uint64_t>(seconds) > kSecondsMax) return std::nullopt;
  return static_cast<std::uint64_t>(seconds) * kSecondUs + fraction;
}

bool take_date(Scanner& text, std::tm& date) {
  int year = 0;
  int month = 0;
  if (!text.take_number(4, kYearMin, 9999, year) || !text.take('-') || !text.take_number(2, 1, 12, month) ||
      !text.take('-') || !text.take_number(2, 1, 31, date.tm_mday)) {
    return false;
  }
  date.tm_year = year - kYearBase;
  date.tm_mon = month - 1;
  // The 30th of February would become the 2nd of March.
  std::tm normal = date;
  return timegm(&normal) >= 0 && normal.tm_mday == date.tm_mday;
}

bool take_clock(Scanner& text, std::tm& date, std::uint64_t& fraction) {
  if (!text.take_number(2, 0, 23, date.tm_hour) || !text.take(':') || !text.take_number(2, 0, 59, date.tm_min)) {
    return false;
  }
  if (!text.take(':')) return true;
  return text.take_number(2, 0, 60, date.tm_sec) && text.take_fraction(fraction);
}

// Seconds east of Greenwich; nothing where there is no offset.
std::optional<std::int64_t> take_offset(Scanner& text) {
  if (text.take('Z') || text.take('z')) return 0;
  const bool west = text.take('-');
  if (!west && !text.take('+')) return std::nullopt;
  int hours = 0;
  int minutes = 0;
  if (!text.take_number(2, 0, 23, hours) || !text.take(':') || !text.take_number(2, 0, 59, minutes)) {
    return std::nullopt;
  }
  const std::int64_t offset = hours * kHour + minutes * kMinute;
  return west ? -offset : offset;
}

std::optional<std::uint64_t> local_time(std::tm date, std::uint64_t fraction) {
  date.tm_isdst = -1;
  return microseconds(mktime(&date), fraction);
}

std::optional<std::uint64_t> parse_date(std::string_view all) {
  Scanner text(all);
  std::tm date{};
  std::uint64_t fraction = 0;
  if (!take_date(text, date)) return std::nullopt;
  if (text.at_end()) return local_time(date, 0);
  if (!text.take('T') && !text.take('t') && !text.take(' ')) return std::nullopt;
  if (!take_clock(text, date, fraction)) return std::nullopt;
  if (text.at_end()) return local_time(date, fraction);
  const std::optional<std::int64_t> offset = take_offset(text);
  if (!offset || !text.at_end()) return std::nullopt;
  return microseconds(timegm(&date) - *offset, fraction);
}

std::optional<std::uint64_t> parse_relative(std::string_view text, std::uint64_t now_us) {
  const bool before = text[0] == '-';
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data() + 1, end, number);
  if (error != std::errc() || end - at != 1 || number > kSecondsMax) return std::nullopt;
  std::int64_t unit = 0;
  switch (*at) {
    case 's':
      unit = 1;
      break;
    case 'm':
      unit = kMinute;
      break;
    case 'h':
      unit = kHour;
      break;
    case 'd':
      unit = kDay;
      break;
    case 'w':
      unit = 7 * kDay;
      break;
    default:
      return std::nullopt;
  }
  const std::uint64_t distance = number * static_cast<std::uint64_t>(unit) * kSecondUs;
  if (number * static_cast<std::uint64_t>(unit) > kSecondsMax) return std::nullopt;
  // Long before 1970 is as good as its begin: everything.
  if (before) return distance > now_us ? 0 : now_us - distance;
  return now_us + distance;
}

std::optional<std::uint64_t> midnight(std::uint64_t now_us, int days_ago) {
  const auto now = static_cast<std::time_t>(now_us / kSecondUs);
  std::tm date{};
  localtime_r(&now, &date);
  date.tm_hour = date.tm_min = date.tm_sec = 0;
  date.tm_mday -= days_ago;
  return local_time(date, 0);
}

}  // namespace

std::optional<std::uint64_t> parse_seconds(std::string_view text) {
  std::int64_t seconds = 0;
  if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, seconds);
  Scanner rest(std::string_view(at, static_cast<std::size_t>(end - at)));
  std::uint64_t fraction = 0;
  if (error != std::errc() || !rest.take_fraction(fraction) || !rest.at_end()) return std::nullopt;
  return microseconds(seconds, fraction);
}

std::optional<std::uint64_t> parse_time(std::string_view text, std::uint64_t now_us) {
  if (text.empty() || text.size() > kTimeTextBytesMax) return std::nullopt;
  if (text == "now") return now_us;
  if (text == "today") return midnight(now_us, 0);
  if (text == "yesterday") return midnight(now_us, 1);
  if (text[0] == '-' || text[0] == '+') return parse_relative(text, now_us);
  if (text[0] == '@') return parse_seconds(text.substr(1));
  if (const std::optional<std::uint64_t> seconds = parse_seconds(text)) return seconds;
  return parse_date(text);
}

}  // namespace backplane::log_stream
