// What every field must meet, whatever body or query it came in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "exchange/request.hpp"

namespace backplane::http {

// Appends the field, or says with kInvalid why not: kFieldsMax fields, kFieldNameBytesMax, UTF-8 without NUL.
base::Checked<void> append_field(std::string name, std::string value, std::vector<exchange::Field>& fields);

// application/x-www-form-urlencoded, in a query and in a form's body (WHATWG URL Standard §5).

// Appends the fields of "a=1&b=2" to `fields`, decoded: '+' is a blank, %XX a byte. As browsers and kvmd do it, a '%'
// that starts no escape stands for itself, a name without '=' has the value "", and empty pairs are skipped.
// Refused with kInvalid: more than kFieldsMax fields in all, a name over kFieldNameBytesMax, a NUL, what is not UTF-8.
base::Checked<void> read_urlencoded(std::string_view text, std::vector<exchange::Field>& fields);

}  // namespace backplane::http
