// Writes JSON, for plugins and for the host: a thin cover over RapidJSON's streaming writer.
// Differences from it: numbers never have an exponent, a whole double keeps its ".0", invalid UTF-8 becomes U+FFFD,
// and the kvmd form is what Python's json.dumps(indent=4, ensure_ascii=True) gives. Keys stand in the order in which
// they are written; a contract that wants them sorted is met by writing them sorted.
#pragma once

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <backplane/text.hpp>
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

inline void append_unicode_escape(std::string& out, char32_t unit) {
  constexpr char kHex[] = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kHex[(unit >> shift) & 0xF];
}

}  // namespace detail

inline void append_json_string(std::string& out, std::string_view text, bool ascii_only) {
  out += '"';
  while (!text.empty()) {
    const char32_t point = take_character(text).value_or(kReplacementCharacter);
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
          append_character(out, point);
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
