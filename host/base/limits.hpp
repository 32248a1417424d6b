// Every bound of the host in one place, each with a word on why that number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace backplane::base::limits {

// --- Request heads (contracts/security.md S-25) ---
inline constexpr std::size_t kHeadBytesMax = 8 * 1024;  // what small servers and proxies allow
inline constexpr std::size_t kHeadersMax = 100;
inline constexpr std::size_t kTargetBytesMax = 4 * 1024;  // half a head

// --- Bodies ---
inline constexpr std::size_t kBodyBeforeLoginBytesMax = 4 * 1024;  // S-25; a login form is under 1 KiB
inline constexpr std::size_t kBodyBytesDefaultMax = 1024 * 1024;   // aiohttp's default, which kvmd's clients know
inline constexpr std::size_t kFieldsMax = 200;                     // fields in one form or JSON body
inline constexpr std::size_t kFieldNameBytesMax = 256;
inline constexpr std::size_t kJsonDepthMax = 32;

// --- Timers of a connection, in milliseconds (plugin-abi.md "Extensions") ---
inline constexpr std::int64_t kHandshakeMs = 10'000;
inline constexpr std::int64_t kHeadMs = 10'000;       // S-25: from the first byte of a request to the end of its head
inline constexpr std::int64_t kBodyIdleMs = 10'000;   // between two pieces of a body
inline constexpr std::int64_t kKeepAliveMs = 75'000;  // nginx's default
inline constexpr std::int64_t kStreamStallMs = 30'000;
inline constexpr std::int64_t kRouteTimeoutMs = 30'000;   // a route may name its own
inline constexpr std::int64_t kWebSocketPingMs = 15'000;  // kvmd's heartbeat (pikvm.md §7)
inline constexpr std::int64_t kDrainMs = 5'000;           // what SIGTERM grants to open operations
inline constexpr std::int64_t kTickMs = 250;              // how finely deadlines are looked at

// --- Connections ---
inline constexpr std::size_t kConnectionsMax = 4096;                  // file descriptors and memory of a 128 MB board
inline constexpr std::size_t kConnectionsPerAddressMax = 1536;        // one address cannot take them all (S-25)
inline constexpr std::size_t kHandshakesPerSecondMax = 200;           // a P-256 handshake is about 1 ms of CPU
inline constexpr std::size_t kWriteTurnBytesMax = 64 * 1024;          // written per turn, so that others get theirs
inline constexpr std::size_t kEarlyAnswerDrainBytesMax = 256 * 1024;  // read on after an early answer, then close

// --- Operations ---
inline constexpr std::size_t kOperationsPerPluginMax = 64;
inline constexpr std::size_t kStreamPiecesMax = 1024;  // queued pieces of one stream, however small
inline constexpr std::size_t kStreamsPerPluginMax = 64;
inline constexpr std::size_t kStreamWindowBytes = 256 * 1024;  // credit of one byte stream in one direction
inline constexpr std::size_t kWebSocketMessageBytesMax = 1024 * 1024;

// --- Answer cache ---
inline constexpr std::size_t kAnswersCachedMax = 256;
inline constexpr std::size_t kAnswerCachedBytesMax = 256 * 1024;
inline constexpr std::size_t kAnswerJoinersMax = 4096;  // requests that wait for one plugin call: a connection each

// --- Login ---
inline constexpr std::size_t kPasswordBytesMax = 1024;        // gravwell.md §1.1
inline constexpr std::size_t kPasswordChecksWaitingMax = 32;  // each is 50 to 100 ms: about three seconds of waiting
inline constexpr std::int64_t kPasswordCacheMs = 60'000;      // S-38
inline constexpr std::size_t kPasswordCacheMax = 256;
inline constexpr std::size_t kSessionsPerUserMax = 64;  // S-27
inline constexpr std::size_t kSessionsMax = 1024;
inline constexpr std::size_t kUsersMax = 1000;
inline constexpr std::size_t kThrottleEntriesMax = 8192;
inline constexpr std::size_t kStoreJobsMax = 1024;

// --- Plugins ---
inline constexpr std::size_t kPluginsMax = 64;
inline constexpr std::size_t kManifestBytesMax = 256 * 1024;
inline constexpr std::size_t kLinkMessagesMax = 1024;          // undelivered to a plugin
inline constexpr std::size_t kLinkBytesMax = 8 * 1024 * 1024;  // undelivered to a plugin, or from it
inline constexpr std::size_t kLogTextBytesMax = 4 * 1024;      // one log call of a plugin
inline constexpr std::size_t kLogLinesPerSecondMax = 50;       // per plugin
inline constexpr std::size_t kMetricsPerPluginMax = 512;
inline constexpr std::int64_t kPluginStartMs = 10'000;
inline constexpr std::int64_t kPluginStopMs = 5'000;
inline constexpr std::int64_t kPluginBlockedMs = 2'000;  // a handler that has not come back is reported

// --- Configuration ---
inline constexpr std::size_t kConfigBytesMax = 1024 * 1024;
inline constexpr std::size_t kConfigIncludesMax = 64;
inline constexpr std::size_t kConfigProblemsMax = 50;

}  // namespace backplane::base::limits
