// Bounds of passwords, sessions, tokens and the audit log, each with a word on why that number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace backplane::auth::limits {

// --- Login ---
inline constexpr std::size_t kPasswordBytesMax = 1024;          // gravwell.md §1.1
inline constexpr std::size_t kPasswordChecksWaitingMax = 32;    // each is 50 to 100 ms: about three seconds of waiting
inline constexpr std::size_t kPasswordChecksPerNetworkMax = 8;  // of those, from one network
inline constexpr std::size_t kPasswordHashesWaitingMax = 8;     // new passwords: administrators set them one by one
inline constexpr std::int64_t kPasswordCacheMs = 60'000;        // S-38
inline constexpr std::size_t kPasswordCacheMax = 256;
inline constexpr std::size_t kSessionsPerUserMax = 64;  // S-27
inline constexpr std::size_t kSessionsMax = 1024;
inline constexpr std::size_t kUsersMax = 1000;
inline constexpr std::size_t kThrottleEntriesMax = 8192;
inline constexpr std::size_t kNetworkFailuresMax = 8192;  // networks that are counted

// --- Login, store ---
inline constexpr std::size_t kUserNameBytesMax = 128;     // kvmd's raw limit (pikvm.md §2)
inline constexpr std::size_t kPasswordCharactersMin = 8;  // ASVS 6.2.1, for passwords that are set
inline constexpr std::size_t kPasswordJoinersMax =
    4096;  // requests that wait for one password check: a connection each
inline constexpr std::uint32_t kArgonMemoryKibMax = 64 * 1024;  // of a stored hash: a hostile file must not take all
inline constexpr std::uint32_t kArgonPassesMax = 16;
inline constexpr std::size_t kPasswordHashBytesMax = 256;  // encoded; ours have 97
inline constexpr std::size_t kUserAgentBytesMax = 256;     // kept of a session's
inline constexpr std::int64_t kSessionTouchMs = 60'000;    // how often one session's use is written: flash wears
inline constexpr std::int64_t kSessionLifetimeSMax = 3650LL * 24 * 3600;
inline constexpr int kThrottleFreeFailures = 5;                  // S-05: what typing mistakes need
inline constexpr std::int64_t kThrottleDelayMsMax = 900'000;     // 15 minutes: 100 tries a day and network
inline constexpr int kThrottleAccountFreeFailures = 30;          // of one account, from strange networks together
inline constexpr int kThrottleAllFreeFailures = 300;             // of everybody together, from strange networks
inline constexpr double kThrottleAllLeakPerSecond = 5;           // so many of them are forgiven
inline constexpr std::int64_t kThrottleWideDelayMsMax = 60'000;  // of the two: an owner on a journey gets in at last
inline constexpr std::size_t kThrottleGoodMax = 1024;            // addresses that are remembered as good
// Failures of a network whatever the names, at once; then one more each time that one is forgiven.
inline constexpr double kNetworkFreeFailures = 20;    // of an IPv4 /24 or IPv6 /64: four people's typing mistakes
inline constexpr double kNetwork56FreeFailures = 40;  // of what one customer has
inline constexpr double kNetwork48FreeFailures = 80;  // of what one site has
inline constexpr double kNetworkForgiveMs = 30'000;   // a /24 or /64 that goes on: 2,880 guesses a day at all names
inline constexpr double kNetwork56ForgiveMs = 15'000;
inline constexpr double kNetwork48ForgiveMs = 7'500;
inline constexpr std::int64_t kThrottleForgetMs = 3'600'000;          // a quiet hour clears the count
inline constexpr std::size_t kTokenBytesMax = 1024;                   // a signed token; ours have under 700
inline constexpr std::int64_t kTokenKeyMs = 30LL * 24 * 3600 * 1000;  // then a new key signs
inline constexpr std::size_t kTokenKeysMax = 4;                       // so that each is good for three more months
inline constexpr std::size_t kVerifiedTokensMax = 4096;               // remembered signatures
inline constexpr std::int64_t kAuditRowsMax = 5'000;                  // about 1 MB
inline constexpr std::size_t kAuditWaitingMax = 256;                  // lines that the disk has not yet taken
inline constexpr std::size_t kAuditRefusalsWaitingMax = 128;          // of those, so that other events have places
inline constexpr std::size_t kAuditTextBytesMax = 128;                // of a name or text that came from a stranger
inline constexpr std::size_t kAuditUnknownNameBytesMax = 3;           // enough to see a slip of one's own

}  // namespace backplane::auth::limits
