#include "config/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <backplane/text.hpp>
#include <charconv>
#include <climits>
#include <optional>

#include "base/capability_names.hpp"
#include "config/limits.hpp"
#include "config/yaml/scalar.hpp"

namespace backplane::config {
namespace {

constexpr std::size_t kNameBytesMax = 64;

template <class T>
std::optional<T> parse_digits(std::string_view text, int base = 10) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size() || text.front() == '-') return std::nullopt;
  return value;
}

constexpr Choice<bool> kSwitch[] = {{"on", true}, {"off", false}, {"true", true}, {"false", false}};

std::int64_t unit_seconds(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 24 * 3600;
    default:
      return 0;
  }
}

constexpr std::uint64_t kKibi = 1024;

std::uint64_t unit_bytes(char unit) {
  switch (unit) {
    case 'K':
      return kKibi;
    case 'M':
      return kKibi * kKibi;
    case 'G':
      return kKibi * kKibi * kKibi;
    default:
      return 1;
  }
}

// As short as it can be written.
std::string size_text(std::uint64_t bytes) {
  for (const char unit : {'G', 'M', 'K'}) {
    if (bytes % unit_bytes(unit) == 0) return fmt::format("{}{}", bytes / unit_bytes(unit), unit);
  }
  return std::to_string(bytes);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const std::uint64_t unit = unit_bytes(text.back());
  if (unit != 1) text.remove_suffix(1);
  const auto count = text.empty() ? std::nullopt : parse_digits<std::uint64_t>(text);
  if (!count || *count > std::numeric_limits<std::uint64_t>::max() / unit) return std::nullopt;
  return *count * unit;
}

}  // namespace

bool is_name(std::string_view text) {
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= kNameBytesMax && is_word(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return is_word(c) || c == '_' || c == '-'; });
}

bool is_feed_name(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || !is_name(text.substr(0, slash))) return false;
  const std::string_view id = text.substr(slash + 1);
  return is_name(id) && id.front() >= 'a' && id.find('_') == std::string_view::npos;
}

bool is_absolute_path(std::string_view text) {
  const bool clean =
      std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
  if (!clean || text.empty() || text.front() != '/' || text.size() >= PATH_MAX) return false;
  return text == "/" || (text.back() != '/' && std::filesystem::path(text).lexically_normal().native() == text);
}

bool read_text(const Cursor& at, std::string& out) {
  if (!expect_scalar(at, "a text")) return false;
  if (!at.node.quoted) {
    const ScalarKind kind = read_plain_scalar(at.node.text).kind;
    if (kind != ScalarKind::kText) {
      at.refuse(
          fmt::format("a text is needed, not {}; put {} in quotes if it is meant", kind_name(kind), at.node.text));
      return false;
    }
  }
  if (at.node.text.empty()) {
    at.refuse("must not be empty");
    return false;
  }
  out = at.node.text;
  return true;
}

void read_any_text(const Cursor& at, std::string& out) {
  read_text(at, out);
}

void read_file_path(const Cursor& at, std::filesystem::path& out) {
  std::string text;
  if (read_text(at, text)) out = text;
}

void read_absolute_path(const Cursor& at, std::string& out) {
  std::string text;
  if (!read_text(at, text)) return;
  if (!is_absolute_path(text)) {
    at.refuse(
        fmt::format("{} is no absolute path; allowed: one that begins with \"/\", without \".\" and \"..\" and without "
                    "a slash at its end, such as \"/dev/video0\"",
                    shown(text)));
    return;
  }
  out = std::move(text);
}

void read_system_user(const Cursor& at, std::string& out) {
  std::string text;
  if (!read_text(at, text)) return;
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  const bool clean =
      text.size() <= limits::kSystemUserBytesMax && is_word(text.front()) &&
      std::all_of(text.begin(), text.end(), [&](char c) { return is_word(c) || c == '-' || c == '.' || c == '@'; });
  if (!clean) {
    at.refuse(fmt::format("{} is no name of a system user; allowed: letters, digits, \"_\", \"-\", \".\" and \"@\"",
                          shown(text)));
    return;
  }
  out = std::move(text);
}

void read_capability(const Cursor& at, std::string& out) {
  std::string text;
  if (!read_text(at, text)) return;
  if (base::capability_number(text) < 0) {
    at.refuse(fmt::format("{} is no capability of Linux; allowed: such as \"CAP_NET_RAW\" (capabilities(7)){}",
                          shown(text), sdk::did_you_mean(text, base::capability_names())));
    return;
  }
  out = std::move(text);
}

void read_feed_name(const Cursor& at, std::string& out) {
  std::string text;
  if (!read_text(at, text)) return;
  if (!is_feed_name(text)) {
    at.refuse(fmt::format("{} is no feed; allowed: \"<instance>/<id>\", such as \"host/log\"", shown(text)));
    return;
  }
  out = std::move(text);
}

void read_url_path(const Cursor& at, std::string& out) {
  std::string text;
  if (!read_text(at, text)) return;
  const std::string closed = text + "/";
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f && c != '\\'; });
  if (!plain || text.front() != '/' || text.find("//") != std::string::npos ||
      closed.find("/./") != std::string::npos || closed.find("/../") != std::string::npos ||
      text.find_first_of("?#%") != std::string::npos) {
    at.refuse(fmt::format("{} is no path prefix; it begins with one \"/\", such as \"/api/\"", shown(text)));
    return;
  }
  out = std::move(text);
}

void read_name(const Cursor& at, std::string& out) {
  std::string text;
  if (!read_text(at, text)) return;
  if (!is_name(text)) {
    at.refuse(fmt::format("{} is no name; allowed: a-z, 0-9, \"_\" and \"-\", at most {} characters", shown(text),
                          kNameBytesMax));
    return;
  }
  out = std::move(text);
}

void read_switch(const Cursor& at, bool& out) {
  read_choice<kSwitch>(at, out);
}

void read_duration_s(const Cursor& at, std::int64_t& out) {
  constexpr std::string_view kWanted = "a duration such as 15s, 30m, 6h, 7d, or 0 for none";
  constexpr std::int64_t kMostSeconds = std::int64_t{limits::kConfigDurationDaysMax} * 24 * 3600;
  if (!expect_scalar(at, kWanted)) return;
  const std::string_view text = at.node.text;
  if (text == "0") {
    out = 0;
    return;
  }
  const std::int64_t unit = text.empty() ? 0 : unit_seconds(text.back());
  const auto count = text.size() < 2 ? std::nullopt : parse_digits<std::int64_t>(text.substr(0, text.size() - 1));
  if (unit == 0 || !count) {
    const bool no_unit = !text.empty() && parse_digits<std::int64_t>(text).has_value();
    at.refuse(fmt::format("{} is {}; allowed: {}", shown(text), no_unit ? "without a unit" : "no duration", kWanted));
  } else if (*count > kMostSeconds / unit) {
    at.refuse(fmt::format("{} is more than {} days", shown(text), limits::kConfigDurationDaysMax));
  } else {
    out = *count * unit;
  }
}

void read_mode(const Cursor& at, std::uint32_t& out) {
  constexpr std::string_view kWanted = "a mode in octal from \"0000\" to \"0777\"";
  if (!expect_scalar(at, kWanted)) return;
  const auto mode =
      at.node.text.size() < 3 || at.node.text.size() > 4 ? std::nullopt : parse_digits<std::uint32_t>(at.node.text, 8);
  if (!mode || *mode > 0777) return at.refuse(fmt::format("{} is not {}", shown(at.node.text), kWanted));
  out = *mode;
}

void read_address(const Cursor& at, IpAddress& out) {
  std::string text;
  if (!read_text(at, text)) return;
  const auto address = parse_address(text);
  if (!address) {
    at.refuse(
        fmt::format("{} is no IP address; allowed: an IPv4 or IPv6 literal such as \"0.0.0.0\", \"127.0.0.1\" or "
                    "\"::\"",
                    shown(text)));
    return;
  }
  out = *address;
}

void read_cidr(const Cursor& at, Cidr& out) {
  std::string text;
  if (!read_text(at, text)) return;
  auto block = parse_cidr(text);
  if (!block) return at.refuse(fmt::format("{}: {}", shown(text), block.error().text));
  out = *block;
}

bool read_size(const Cursor& at, std::uint64_t least, std::uint64_t most, std::uint64_t& out) {
  const std::string wanted = fmt::format("a size from {} to {}: bytes, or a number with K, M or G behind it",
                                         size_text(least), size_text(most));
  if (!expect_scalar(at, wanted)) return false;
  const auto size = parse_size(at.node.text);
  if (!size || *size < least || *size > most) {
    at.refuse(fmt::format("{} is not {}", shown(at.node.text), wanted));
    return false;
  }
  out = *size;
  return true;
}

bool read_whole_number(const Cursor& at, std::int64_t least, std::int64_t most, std::int64_t& out) {
  const std::string wanted = fmt::format("a whole number from {} to {}", least, most);
  if (!expect_scalar(at, wanted)) return false;
  const Scalar scalar = at.node.quoted ? Scalar{} : read_plain_scalar(at.node.text);
  const auto* value = scalar.value.as<std::int64_t>();
  if (value == nullptr || *value < least || *value > most) {
    at.refuse(fmt::format("{}{} is not {}", shown(at.node.text), at.node.quoted ? " in quotes" : "", wanted));
    return false;
  }
  out = *value;
  return true;
}

}  // namespace backplane::config
