// Bounds of connections, each with a word on why that number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace backplane::net::limits {

// --- Bodies ---
inline constexpr std::size_t kBodyBeforeLoginBytesMax = 4 * 1024;  // S-25; a login form is under 1 KiB

// --- Timers of a connection, in milliseconds (plugin-abi.md "Extensions") ---
inline constexpr std::int64_t kHandshakeMs = 10'000;
inline constexpr std::int64_t kHandshakeTurnMs = 30'000;    // until many others have had theirs
inline constexpr std::int64_t kStrangersAnswerMs = 10'000;  // to take an answer, without a login
inline constexpr std::int64_t kHeadMs = 10'000;       // S-25: from the first byte of a request to the end of its head
inline constexpr std::int64_t kBodyIdleMs = 10'000;   // between two pieces of a body
inline constexpr std::int64_t kKeepAliveMs = 75'000;  // nginx's default
inline constexpr std::int64_t kStreamStallMs = 30'000;
inline constexpr std::int64_t kWebSocketPingMs = 15'000;  // kvmd's heartbeat (pikvm.md §7)

// --- Connections ---
inline constexpr std::size_t kConnectionsMax = 4096;                // file descriptors and memory of a 128 MB board
inline constexpr std::size_t kConnectionsPerAddressMax = 1536;      // one address cannot take them all (S-25)
inline constexpr std::size_t kHandshakesPerSecondMax = 200;         // a P-256 handshake is about 1 ms of CPU
inline constexpr std::size_t kHandshakesPerAddressSecondMax = 100;  // one address leaves half of them to others
inline constexpr int kHandshakeRecordsMax = 64;             // a client needs four, one that fragments them about twenty
inline constexpr int kRecordsWithoutDataPerSecondMax = 4;   // a KeyUpdate is 16 µs of CPU; clients send one in hours
inline constexpr std::int64_t kTurnMicroseconds = 20;       // of a connection that has input, then others get theirs
inline constexpr std::size_t kReceiveBytes = 16 * 1024;     // taken in at once: one TLS record
inline constexpr std::size_t kUnsentBytesMax = 128 * 1024;  // in the kernel, of one connection: no stale frames
inline constexpr std::size_t kIdleBytesMax = 4 * 1024;      // of buffer that a connection keeps when all is used
inline constexpr std::size_t kWriteTurnBytesMax = 64 * 1024;          // written at once, so that others get theirs
inline constexpr std::size_t kEarlyAnswerDrainBytesMax = 256 * 1024;  // read on after an early answer, then close
inline constexpr std::size_t kPieceCostBytes = 256;  // what the least piece counts then: each costs a TLS record

// --- Access lines of clients without a login ---
inline constexpr std::int64_t kAccessSharePeriodMs = 1'000;      // what was left out is told as often
inline constexpr std::size_t kAccessLinesOfStrangerMax = 16;     // in a period; a browser at the login page asks for 6
inline constexpr std::size_t kAccessBytesOfStrangerMax = 8'192;  // in a period: all strangers together 2 MB/s at most
inline constexpr std::size_t kAccessFoldedLineBytesMax = 1'024;  // a longer one counts against the share each time
inline constexpr std::size_t kAccessStrangersMax = 256;          // with a share of their own; all others have one

// --- Ends of connections ---
inline constexpr std::int64_t kLingerMs = 2'000;  // for a client that still sends to read its last answer
inline constexpr std::int64_t kFarewellMs =
    500;                                 // to take the reason of an end by the host; with a tick under S-13's 1 s
inline constexpr int kPeerSilentS = 60;  // an idle peer is then asked whether it is still there
inline constexpr int kPeerUnreachableMs = 30'000;  // what was sent is not acknowledged: the peer has gone

}  // namespace backplane::net::limits
