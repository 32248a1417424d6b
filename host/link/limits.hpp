// Bounds of what passes between the host and a plugin, each with a word on why that number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace backplane::link::limits {

// --- Operations ---
inline constexpr std::size_t kOperationsPerPluginMax = 64;
inline constexpr std::size_t kStreamsPerPluginMax = 64;

// --- Plugins ---
inline constexpr std::size_t kLinkMessagesMax = 1024;          // undelivered to a plugin
inline constexpr std::size_t kLinkBytesMax = 8 * 1024 * 1024;  // undelivered to a plugin, or from it
inline constexpr std::size_t kLogTextBytesMax = 4 * 1024;      // one log call of a plugin
inline constexpr std::size_t kLogLinesPerSecondMax = 50;       // per plugin
inline constexpr std::size_t kMetricsPerPluginMax = 512;
inline constexpr std::int64_t kPluginStopMs = 5'000;
inline constexpr std::int64_t kPluginBlockedMs = 2'000;  // a handler that has not come back is reported

// --- Feeds ---
inline constexpr std::size_t kFeedsPerPluginMax = 32;          // log-stream has eight
inline constexpr std::size_t kSubscriptionsPerPluginMax = 16;  // a plugin that gathers reads a few others
inline constexpr std::size_t kSubscriptionsKnownMax =
    64;                                                   // with those given up whose items are under way; then it ends
inline constexpr std::size_t kFeedNameBytesMax = 160;     // an instance's name, '/', and an id
inline constexpr std::size_t kSubscriptionItemsMax = 64;  // sent to a plugin that has not come round to them
inline constexpr std::size_t kSubscriptionBytesMax = 256 * 1024;  // the same in bytes; one item may be larger

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

// --- Plugins in processes of their own ---
inline constexpr std::size_t kFrameBytesMax = 1024 * 1024;  // in the stream; larger payloads go through shared memory
inline constexpr std::size_t kFrameSharedBytesMax = 16 * 1024 * 1024;  // twice the largest answer
inline constexpr std::size_t kFrameDescriptorsMax = 16;                // arrived and not used yet
inline constexpr std::size_t kFramesPerTurnMax = 64;  // taken of one process, so that others get their turn
inline constexpr std::size_t kFrameBytesPerTurnMax = 1024 * 1024;  // the same in bytes; one frame may be larger
inline constexpr std::size_t kFramesUnsentBytesMax = 256 * 1024;   // encoded ahead; the rest waits in its queue
inline constexpr std::int64_t kHeartbeatMs = 1'000;                // how often a process is asked whether it is there
inline constexpr std::int64_t kProcessStalledMs = 10'000;          // then it is killed
inline constexpr std::size_t kProcessOutputLineBytesMax = 1024;    // of what it writes to standard error

}  // namespace backplane::link::limits
