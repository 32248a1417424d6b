// One way to read a body's parameters, whatever form they come in: urlencoded, multipart or JSON.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "exchange/request.hpp"

namespace backplane::http {

enum class FormKind : std::uint8_t {
  kNone,        // no body
  kUrlencoded,  // application/x-www-form-urlencoded
  kMultipart,   // multipart/form-data
  kJson,        // application/json or anything+json
  kOther,       // another type, or none and no JSON object in it
};

// What form a body is in, by its Content-Type; with no such header it is JSON where its first visible byte is '{'
// (gravwell.md: a client sends JSON without a type).
FormKind form_kind(std::string_view content_type, std::string_view body);

// Appends the fields of the whole body to `fields`. kNone and kOther give none: which kinds a route wants is its own
// business (form_kind tells). A file in a multipart body is a field like any other, so it must be text.
// kInvalid: the body is malformed or breaks a rule of append_field; kUnsupported: a charset that is not UTF-8.
base::Checked<FormKind> read_fields(std::string_view content_type, std::string_view body,
                                    std::vector<exchange::Field>& fields);

}  // namespace backplane::http
