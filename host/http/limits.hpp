// Bounds of heads, bodies, routes and copies of answers, each with a word on why that number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace backplane::http::limits {

// --- Request heads (contracts/security.md S-25) ---
inline constexpr std::size_t kHeadBytesMax = 8 * 1024;    // what small servers and proxies allow
inline constexpr std::size_t kTargetBytesMax = 4 * 1024;  // half a head

// --- Bodies ---
inline constexpr std::size_t kBodyBytesDefaultMax = 1024 * 1024;  // aiohttp's default, which kvmd's clients know
inline constexpr std::size_t kFieldsMax = 200;                    // fields in one form or JSON body
inline constexpr std::size_t kFieldNameBytesMax = 256;

// --- Timers of a connection, in milliseconds (plugin-abi.md "Extensions") ---
inline constexpr std::int64_t kRouteTimeoutMs = 30'000;  // a route may name its own

// --- Answer cache ---
inline constexpr std::size_t kAnswersCachedMax = 256;
inline constexpr std::size_t kAnswerCachedBytesMax = 256 * 1024;
inline constexpr std::size_t kAnswerJoinersMax = 4096;  // requests that wait for one plugin call: a connection each

// --- Routes and answers ---
inline constexpr std::size_t kRoutesMax = 2048;      // 64 plugins with 32 routes each
inline constexpr std::size_t kPatternPartsMax = 16;  // "/a/b/{c}": deeper than any contract's path
inline constexpr std::size_t kAnswersCachedTotalBytesMax =
    4 * 1024 * 1024;                                          // all copies together, on a board of 128 MB
inline constexpr std::int64_t kAnswerFreshMsMax = 3'600'000;  // a copy older than an hour is nobody's wish

// --- Parts of bodies ---
inline constexpr std::size_t kPartHeadersMax = 16;  // of one multipart part: a browser sends two in about 150 bytes
inline constexpr std::size_t kPartHeadBytesMax = 4 * 1024;
inline constexpr std::size_t kChunkExtensionsBytesMax = 4 * 1024;  // of one body: bytes that carry nothing
inline constexpr std::size_t kTrailersBytesMax = 4 * 1024;

}  // namespace backplane::http::limits
