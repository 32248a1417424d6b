// Writes JSON, for plugins and for the host: a thin cover over RapidJSON's streaming writer.
// Differences from it: numbers never have an exponent, a whole double keeps its ".0", invalid UTF-8 becomes U+FFFD,
// and the kvmd form is what Python's json.dumps(indent=4, ensure_ascii=True) gives. Keys stand in the order in which
// they are written; a contract that wants them sorted is met by writing them sorted.
#pragma once

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

namespace backplane::sdk {

enum class JsonForm {
  kCompact,  // one line, UTF-8 as it is
  kKvmd,     // four blanks of indent, ": ", non-ASCII as \uXXXX
};

// Appends `text` to `out` as a JSON string with its quotes.
inline void append_json_string(std::string& out, std::string_view text, bool ascii_only);

class JsonWriter {
 public:
  explicit JsonWriter(JsonForm form = JsonForm::kCompact) : form_(form), compact_(buffer_), pretty_(buffer_) {
    pretty_.SetIndent(' ', 4);
  }
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  JsonWriter& begin_object() {
    return each([](auto& w) { w.StartObject(); });
  }
  JsonWriter& end_object() {
    return each([](auto& w) { w.EndObject(); });
  }
  JsonWriter& begin_array() {
    return each([](auto& w) { w.StartArray(); });
  }
  JsonWriter& end_array() {
    return each([](auto& w) { w.EndArray(); });
  }
  JsonWriter& key(std::string_view name) { return string(name); }
  JsonWriter& string(std::string_view text) {
    scratch_.clear();
    append_json_string(scratch_, text, form_ == JsonForm::kKvmd);
    return raw_as(scratch_, rapidjson::kStringType);
  }
  JsonWriter& boolean(bool value) {
    return each([&](auto& w) { w.Bool(value); });
  }
  JsonWriter& null() {
    return each([](auto& w) { w.Null(); });
  }
  JsonWriter& integer(std::int64_t value) {
    return each([&](auto& w) { w.Int64(value); });
  }
  JsonWriter& number(double value) {
    if (!std::isfinite(value)) return null();
    char digits[400];
    auto [end, error] = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed);
    std::string_view text(digits, static_cast<std::size_t>(end - digits));
    scratch_.assign(text);
    if (text.find('.') == std::string_view::npos) scratch_ += ".0";
    return raw_as(scratch_, rapidjson::kNumberType);
  }
  // A value that is JSON already, passed through untouched.
  JsonWriter& raw(std::string_view json) { return raw_as(json, rapidjson::kObjectType); }

  std::string_view view() const { return {buffer_.GetString(), buffer_.GetSize()}; }
  std::string take() { return std::string(view()); }

 private:
  template <class Action>
  JsonWriter& each(Action action) {
    if (form_ == JsonForm::kCompact) {
      action(compact_);
    } else {
      action(pretty_);
    }
    return *this;
  }
  JsonWriter& raw_as(std::string_view json, rapidjson::Type type) {
    return each([&](auto& w) { w.RawValue(json.data(), json.size(), type); });
  }

  JsonForm form_;
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> compact_;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> pretty_;
  std::string scratch_;
};

namespace detail {

// Reads one code point at `position` and moves past it; U+FFFD for a byte that starts no valid sequence.
inline char32_t next_code_point(std::string_view text, std::size_t& position) {
  constexpr char32_t kReplacement = 0xFFFD;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(position);
  if (lead < 0x80) return text[position++];
  const int length = lead >= 0xF0 && lead <= 0xF4  ? 4
                     : lead >= 0xE0 && lead < 0xF0 ? 3
                     : lead >= 0xC2 && lead < 0xE0 ? 2
                                                   : 0;
  if (length == 0 || position + length > text.size()) {
    ++position;
    return kReplacement;
  }
  char32_t point = lead & (0xFF >> (length + 1));
  for (int i = 1; i < length; ++i) {
    if ((byte(position + i) & 0xC0) != 0x80) {
      ++position;
      return kReplacement;
    }
    point = (point << 6) | (byte(position + i) & 0x3F);
  }
  const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  if (overlong || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
    ++position;
    return kReplacement;
  }
  position += length;
  return point;
}

inline void append_unicode_escape(std::string& out, char32_t unit) {
  constexpr char kHex[] = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kHex[(unit >> shift) & 0xF];
}

inline void append_utf8(std::string& out, char32_t point) {
  if (point < 0x800) {
    out += static_cast<char>(0xC0 | (point >> 6));
  } else {
    if (point < 0x10000) {
      out += static_cast<char>(0xE0 | (point >> 12));
    } else {
      out += static_cast<char>(0xF0 | (point >> 18));
      out += static_cast<char>(0x80 | ((point >> 12) & 0x3F));
    }
    out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
  }
  out += static_cast<char>(0x80 | (point & 0x3F));
}

}  // namespace detail

inline void append_json_string(std::string& out, std::string_view text, bool ascii_only) {
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    const char32_t point = detail::next_code_point(text, i);
    switch (point) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (point < 0x20) {
          detail::append_unicode_escape(out, point);
        } else if (point < 0x80) {
          out += static_cast<char>(point);
        } else if (!ascii_only) {
          detail::append_utf8(out, point);
        } else if (point < 0x10000) {
          detail::append_unicode_escape(out, point);
        } else {
          detail::append_unicode_escape(out, 0xD800 + ((point - 0x10000) >> 10));
          detail::append_unicode_escape(out, 0xDC00 + ((point - 0x10000) & 0x3FF));
        }
    }
  }
  out += '"';
}

}  // namespace backplane::sdk
