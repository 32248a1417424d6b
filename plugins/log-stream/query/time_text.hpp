// Reads points of time as people and programs write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace backplane::log_stream {

// Microseconds since 1970. Takes RFC 3339 ("2026-11-22T18:41:05Z", with a fraction and an offset where given), local
// time ("2026-11-22", "2026-11-22 18:41", "2026-11-22 18:41:05"), seconds since 1970 ("1795408777", "@1795408777.5"),
// "-15m" and the like before now (s, m, h, d, w; "+" for after), "now", "today" and "yesterday". Nothing for others.
std::optional<std::uint64_t> parse_time(std::string_view text, std::uint64_t now_us);

// Seconds since 1970, perhaps with a fraction, and nothing else.
std::optional<std::uint64_t> parse_seconds(std::string_view text);

// For an error text: the forms that are taken.
inline constexpr std::string_view kTimeForms =
    "an RFC 3339 time, \"YYYY-MM-DD HH:MM:SS\", seconds since 1970, -15m, -2h, -1d, now, today or yesterday";

}  // namespace backplane::log_stream
