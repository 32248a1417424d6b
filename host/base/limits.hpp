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
inline constexpr std::size_t kConnectionsMax = 4096;                // file descriptors and memory of a 128 MB board
inline constexpr std::size_t kConnectionsPerAddressMax = 1536;      // one address cannot take them all (S-25)
inline constexpr std::size_t kHandshakesPerSecondMax = 200;         // a P-256 handshake is about 1 ms of CPU
inline constexpr std::size_t kHandshakesPerAddressSecondMax = 100;  // one address leaves half of them to others
inline constexpr std::size_t kReceiveBytes = 16 * 1024;             // taken in at once: one TLS record
inline constexpr std::size_t kUnsentBytesMax = 128 * 1024;          // in the kernel, of one connection: no stale frames
inline constexpr std::size_t kIdleBytesMax = 4 * 1024;        // of buffer that a connection keeps when all is used
inline constexpr std::size_t kWriteTurnBytesMax = 64 * 1024;  // written per turn, so that others get theirs
inline constexpr std::size_t kEarlyAnswerDrainBytesMax = 256 * 1024;  // read on after an early answer, then close

// --- Operations ---
inline constexpr std::size_t kOperationsPerPluginMax = 64;
inline constexpr std::size_t kStreamPiecesMax = 1024;  // queued pieces of one stream, however small
inline constexpr std::size_t kStreamsPerPluginMax = 64;
inline constexpr std::size_t kStreamWindowBytes = 256 * 1024;  // credit of one byte stream in one direction
inline constexpr std::size_t kWebSocketMessageBytesMax = kStreamWindowBytes;  // a message must fit the window

// --- Answer cache ---
inline constexpr std::size_t kAnswersCachedMax = 256;
inline constexpr std::size_t kAnswerCachedBytesMax = 256 * 1024;
inline constexpr std::size_t kAnswerJoinersMax = 4096;  // requests that wait for one plugin call: a connection each

// --- Login ---
inline constexpr std::size_t kPasswordBytesMax = 1024;          // gravwell.md §1.1
inline constexpr std::size_t kPasswordChecksWaitingMax = 32;    // each is 50 to 100 ms: about three seconds of waiting
inline constexpr std::size_t kPasswordChecksPerNetworkMax = 8;  // of those, from one network
inline constexpr std::size_t kPasswordPlacesOfKnown = 8;        // of those, for who has logged in from there before
inline constexpr std::int64_t kPasswordCacheMs = 60'000;        // S-38
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

// --- Feeds ---
inline constexpr std::size_t kFeedsPerPluginMax = 32;          // log-stream has eight
inline constexpr std::size_t kFeedDepthDefault = 256;          // a second or two of what a busy writer says
inline constexpr std::size_t kFeedDepthMax = 8192;             // items kept for slow readers
inline constexpr std::size_t kFeedBytesMax = 1024 * 1024;      // the same in bytes: all readers share them
inline constexpr std::size_t kFeedItemBytesMax = 128 * 1024;   // with its framing it fits a WebSocket's message
inline constexpr std::size_t kFeedItemIdBytesMax = 512;        // a journal's cursor has about 150
inline constexpr std::size_t kFramingBytesMax = 256;           // of one text around the items
inline constexpr std::size_t kSubscriptionsPerPluginMax = 16;  // a plugin that gathers reads a few others
inline constexpr std::size_t kSubscriptionsKnownMax =
    64;                                                   // with those given up whose items are under way; then it ends
inline constexpr std::size_t kFeedNameBytesMax = 160;     // an instance's name, '/', and an id
inline constexpr std::size_t kSubscriptionItemsMax = 64;  // sent to a plugin that has not come round to them
inline constexpr std::size_t kSubscriptionBytesMax = 256 * 1024;  // the same in bytes; one item may be larger

inline constexpr std::size_t kLogFeedLines = 500;  // of the daemon's own log, kept, and as many on their way to be
inline constexpr std::size_t kLogFeedTextBytesMax = 8 * 1024;  // of one of them; a plugin's has kLogTextBytesMax

// --- Plugins in processes of their own ---
inline constexpr std::uint64_t kPluginMemoryBytesDefault = std::uint64_t{128} << 20;  // private memory
inline constexpr std::uint64_t kPluginMemoryBytesMin = std::uint64_t{8} << 20;  // C++ runtime, link and two threads
inline constexpr std::uint64_t kPluginMemoryBytesMax = std::uint64_t{4} << 30;  // more would bound nothing on a board
inline constexpr std::size_t kSystemUserBytesMax = 64;                          // of a name; useradd takes 32
inline constexpr std::size_t kSystemUserRecordBytesMax = 1024 * 1024;  // of one entry of the system's user database
inline constexpr std::size_t kSystemGroupsMax = 65'536;                // the kernel takes no more for a process

// --- Configuration ---
inline constexpr std::size_t kConfigBytesMax = 1024 * 1024;
inline constexpr std::size_t kConfigIncludesMax = 64;
inline constexpr std::size_t kConfigProblemsMax = 50;
inline constexpr std::size_t kConfigNodesMax = 20'000;   // YAML values with every alias counted in full
inline constexpr std::size_t kConfigListItemsMax = 256;  // one list of addresses, folders or paths
inline constexpr std::size_t kConfigShownBytesMax = 60;  // of a wrong value repeated in a message
inline constexpr std::size_t kConfigDurationDaysMax = 3650;
inline constexpr std::size_t kListenersMax = 32;
inline constexpr std::size_t kRolesMax = 64;
inline constexpr std::size_t kRoleScopesMax = 256;

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
inline constexpr std::size_t kThrottleGoodMax = 1024;            // networks that are remembered as good
inline constexpr std::int64_t kThrottleForgetMs = 3'600'000;     // a quiet hour clears the count
inline constexpr int kStoreBusyMs = 5'000;                       // while another program reads the database

inline constexpr std::size_t kTokenBytesMax = 1024;  // a signed token; ours have under 700
inline constexpr std::size_t kTokenKeyBytes = 32;
inline constexpr std::int64_t kTokenKeyMs = 30LL * 24 * 3600 * 1000;  // then a new key signs
inline constexpr std::size_t kTokenKeysMax = 4;                       // so that each is good for three more months
inline constexpr std::size_t kVerifiedTokensMax = 4096;               // remembered signatures
inline constexpr std::int64_t kAuditRowsMax = 5'000;                  // about 1 MB
inline constexpr std::size_t kAuditWaitingMax = 256;                  // lines that the disk has not yet taken
inline constexpr std::size_t kAuditTextBytesMax = 128;                // of a name or text that came from a stranger
inline constexpr std::int64_t kAuditPageMax = 500;

// --- Links ---
inline constexpr std::size_t kPluginPostsMax = 1024;
inline constexpr std::size_t kTimersPerPluginMax = 256;
inline constexpr std::size_t kWatchesPerPluginMax = 64;
inline constexpr std::size_t kBlockingJobsMax = 64;  // of one plugin, until it has heard of their end
inline constexpr std::size_t kBlockingThreads = 2;   // of one plugin: one slow device leaves a thread for another
inline constexpr std::size_t kAnswerBodyBytesMax = 8 * 1024 * 1024;  // whole answers; larger ones are streamed
inline constexpr std::size_t kAnswerHeadBytesMax = 16 * 1024;        // an answer's headers together
inline constexpr std::size_t kPluginTextBytesMax = 4 * 1024;         // a plugin's reason, state or error text
inline constexpr std::size_t kMetricNameBytesMax = 128;
inline constexpr std::size_t kMetricLabelsBytesMax = 1024;  // all labels of one metric, escaped
inline constexpr std::int64_t kPluginTimerMsMax = 3650LL * 24 * 3600 * 1000;
inline constexpr std::int64_t kPluginRetryAfterS = 1;        // told to a client whose request found the plugin busy
inline constexpr std::int64_t kPluginRetryAfterSMax = 3600;  // what a plugin may tell a client: later is never
inline constexpr std::size_t kErrorClassBytesMax = 64;       // kvmd's longest has about half
inline constexpr std::size_t kCloseReasonBytesMax = 123;     // RFC 6455 §5.5: 125 bytes, two of them are the code
inline constexpr std::size_t kExtensionsMax = 64;            // of one host: it has four
inline constexpr std::size_t kSandboxLayersMax = 32;         // told of one process: a kernel has under ten
inline constexpr std::size_t kLinkNameBytesMax = 128;        // of an extension or a layer
inline constexpr std::size_t kRoutesPerPluginMax = 512;
inline constexpr std::size_t kScopesPerPluginMax = 64;
inline constexpr std::size_t kManifestProblemsMax = 50;

// --- Plugins in processes of their own ---
inline constexpr std::size_t kFrameBytesMax = 1024 * 1024;  // in the stream; larger payloads go through shared memory
inline constexpr std::size_t kFrameSharedBytesMax = 16 * 1024 * 1024;  // twice the largest answer
inline constexpr std::size_t kFrameDescriptorsMax = 16;                // arrived and not used yet
inline constexpr std::size_t kFramesPerTurnMax = 64;  // taken of one process, so that others get their turn
inline constexpr std::size_t kFrameBytesPerTurnMax = 1024 * 1024;  // the same in bytes; one frame may be larger
inline constexpr std::size_t kFramesUnsentBytesMax = 256 * 1024;   // encoded ahead; the rest waits in its queue
inline constexpr std::int64_t kHeartbeatMs = 1'000;                // how often a process is asked whether it is there
inline constexpr std::int64_t kProcessStalledMs = 10'000;          // then it is killed
inline constexpr std::size_t kProcessCrashesMax = 5;               // within the time below: then it stays down
inline constexpr std::int64_t kProcessCrashesMs = 600'000;
inline constexpr std::int64_t kProcessRestartMsMin = 500;  // after the second crash; the first restart is at once
inline constexpr std::int64_t kProcessRestartMsMax = 60'000;
inline constexpr std::size_t kLivesLeavingMax = 2;               // old processes of one plugin that still drain
inline constexpr std::size_t kProcessOutputLineBytesMax = 1024;  // of what it writes to standard error

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

// --- Ends of connections ---
inline constexpr std::int64_t kLingerMs = 2'000;  // for a client that still sends to read its last answer
inline constexpr std::int64_t kFarewellMs =
    500;                                 // to take the reason of an end by the host; with a tick under S-13's 1 s
inline constexpr int kPeerSilentS = 60;  // an idle peer is then asked whether it is still there
inline constexpr int kPeerUnreachableMs = 30'000;  // what was sent is not acknowledged: the peer has gone

// --- A plugin's process ---
inline constexpr std::size_t kPluginDescriptorsMax = 256;  // watches, streams, files; the daemon's own stay with it
inline constexpr std::size_t kPluginFileBytesMax = 64 * 1024 * 1024;  // one file of its data folder
inline constexpr std::size_t kPluginStackBytes = 1024 * 1024;         // of a thread: all of it counts as memory

// --- Validation of a plugin file ---
inline constexpr std::size_t kPluginFileReadBytesMax = 256 * 1024 * 1024;  // of a file with all its debug information
inline constexpr std::size_t kElfSectionsMax = 4096;
inline constexpr std::size_t kElfNamesMax = 65'536;        // symbols, or needed libraries, that are looked at
inline constexpr std::size_t kElfNamesShownMax = 5;        // in a message
inline constexpr std::size_t kValidateRoutesMax = 64;      // that each check asks: it should end within its minute
inline constexpr std::size_t kValidateCrashesMax = 12;     // then more of the same is not news
inline constexpr std::int64_t kValidateRunMs = 180'000;    // all of a run, whatever the plugin does
inline constexpr std::int64_t kValidateAnswerMs = 30'000;  // the longest that one answer is waited for
inline constexpr std::int64_t kValidateSpareMs = 1'500;    // beyond a limit of the plugin, for a busy machine
inline constexpr std::int64_t kValidateHaltMs = 5'000;     // an upload of which nothing is taken for so long halts
inline constexpr std::int64_t kValidateQuietMs = 100;      // to see a process end that nothing can be asked of
inline constexpr std::int64_t kValidateStreamMs = 300;     // how long an endless answer is read
inline constexpr std::size_t kValidateUploadBytesMax = 4 * 1024 * 1024;
inline constexpr std::size_t kValidateCancellations = 1000;
inline constexpr std::size_t kValidateRandomRequests = 200;
inline constexpr std::size_t kValidateRandomConfigs = 50;
inline constexpr std::size_t kValidateBoundaryConfigsMax = 40;
inline constexpr std::size_t kValidateGrowthBytesMax = 32 * 1024 * 1024;  // of memory, over a check that leaves nothing

}  // namespace backplane::base::limits
