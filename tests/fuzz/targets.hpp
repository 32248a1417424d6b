// The fuzz targets: each takes any bytes, and stops the process where the code under test breaks a promise of its
// header. libFuzzer calls one of them (libfuzzer_entry.cpp), the replay test all of them with the stored corpus.
#pragma once

#include <string_view>

namespace backplane::fuzz {

void head_check(std::string_view input);
void target(std::string_view input);
void urlencoded(std::string_view input);
void multipart(std::string_view input);
void json_fields(std::string_view input);
void chunked(std::string_view input);
void token(std::string_view input);
void frame(std::string_view input);

}  // namespace backplane::fuzz
