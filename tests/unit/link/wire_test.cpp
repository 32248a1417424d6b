#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <set>

#include "exchange/limits.hpp"
#include "link/limits.hpp"
#include "link/wire/codec.hpp"
#include "unit/link/samples.hpp"

namespace backplane::link {
namespace {

using testing::HasSubstr;

template <class Payload>
Payload round_trip(const Message& message) {
  auto read = decode_payload(message.code, message.id, payload_of(message));
  EXPECT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->code, message.code);
  EXPECT_EQ(read->id, message.id);
  return std::get<Payload>(read->payload);
}

std::string refusal_of(Code code, std::string_view payload) {
  const auto read = decode_payload(code, 0, payload);
  return read ? "" : read.error().text;
}

TEST(FrameHead, IsSixteenBytesLittleEndian) {
  std::string bytes = "before";
  write_frame_head({0x04030201, 0x0605, 0x0807, 0x100f0e0d0c0b0a09}, bytes);
  EXPECT_EQ(bytes, "before\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10");
  EXPECT_EQ(bytes.size(), 6 + kFrameHeadBytes);
  const FrameHead head = read_frame_head(std::string_view(bytes).substr(6));
  EXPECT_EQ(head.length, 0x04030201U);
  EXPECT_EQ(head.code, 0x0605);
  EXPECT_EQ(head.flags, 0x0807);
  EXPECT_EQ(head.id, 0x100f0e0d0c0b0a09U);
}

TEST(Wire, KnowsTheCodesThatGoOverIt) {
  std::set<std::uint16_t> known;
  for (const Message& message : sample_messages()) known.insert(static_cast<std::uint16_t>(message.code));
  for (unsigned code = 0; code <= 0xffff; ++code) {
    EXPECT_EQ(is_wire_code(static_cast<std::uint16_t>(code)), known.contains(static_cast<std::uint16_t>(code))) << code;
  }
}

TEST(Wire, CodesThatAreNotOnItAreRefused) {
  EXPECT_THAT(refusal_of(Code::kLost, ""), HasSubstr("128"));
  EXPECT_THAT(refusal_of(static_cast<Code>(14), ""), HasSubstr("14"));
}

TEST(Wire, EveryMessageIsWrittenAgainAsItWasRead) {
  for (const Message& message : sample_messages()) {
    SCOPED_TRACE(code_name(message.code));
    const std::string payload = payload_of(message);
    const auto read = decode_payload(message.code, message.id, payload);
    ASSERT_TRUE(read) << read.error().text;
    EXPECT_EQ(read->code, message.code);
    EXPECT_EQ(read->id, message.id);
    EXPECT_EQ(read->payload.index(), message.payload.index());
    EXPECT_EQ(payload_of(*read), payload);
  }
}

TEST(Wire, APayloadIsAppended) {
  std::string out = "before";
  encode_payload({Code::kConsume, 1, Count{2}}, out);
  EXPECT_EQ(out, "before" + std::string("\x02\0\0\0\0\0\0\0", 8));
}

TEST(Wire, EveryTruncationIsRefusedAndSaysWhere) {
  for (const Message& message : sample_messages()) {
    SCOPED_TRACE(code_name(message.code));
    const std::string payload = payload_of(message);
    // A start may say nothing, and then it does not lack its configuration.
    for (std::size_t size = message.code == Code::kStart ? 1 : 0; size < payload.size(); ++size) {
      const std::string cut = payload.substr(0, size);
      EXPECT_THAT(refusal_of(message.code, cut), HasSubstr("ends within its ")) << size;
    }
  }
}

TEST(Wire, ATruncationIsNamedAfterItsPart) {
  const std::string payload = payload_of({Code::kRespond, 0, sample_response()});
  EXPECT_EQ(refusal_of(Code::kRespond, payload.substr(0, 30)), "a kRespond frame ends within its headers");
}

TEST(Wire, BytesThatAreLeftOverAreRefused) {
  for (const Message& message : sample_messages()) {
    SCOPED_TRACE(code_name(message.code));
    if (message.code == Code::kStart && message.payload.index() == 0) continue;  // then it is a Config cut short
    EXPECT_THAT(refusal_of(message.code, payload_of(message) + "xy"), HasSubstr("has bytes left over: 2"));
  }
}

// Puts the largest count there is at every place of every payload. What is set aside for it would be gigabytes.
TEST(Wire, AHugeCountAnywhereIsRefusedOrMeansSomethingElse) {
  for (const Message& message : sample_messages()) {
    SCOPED_TRACE(code_name(message.code));
    const std::string payload = payload_of(message);
    for (std::size_t place = 0; place + 4 <= payload.size(); ++place) {
      std::string huge = payload;
      huge.replace(place, 4, 4, '\xff');
      const auto read = decode_payload(message.code, message.id, huge);
      EXPECT_TRUE(!read || payload_of(*read) == huge) << place;
    }
  }
}

TEST(Wire, ACountOfMoreThanIsThereIsRefused) {
  const std::string four_billion(4, '\xff');
  EXPECT_EQ(refusal_of(Code::kConfig, four_billion + "{}"), "a kConfig frame ends within its configuration");
  const std::string versions(8, '\0');
  EXPECT_EQ(refusal_of(Code::kHello, versions + four_billion + "{}"), "a kHello frame ends within its extensions");
  EXPECT_EQ(refusal_of(Code::kSandboxed, four_billion), "a kSandboxed frame ends within its layers");
}

TEST(Wire, APluginsListsAreBoundedBeforeTheyAreRead) {
  exchange::Response response;
  response.headers.resize(exchange::limits::kHeadersMax);
  EXPECT_EQ(round_trip<exchange::Response>({Code::kRespond, 1, response}).headers.size(),
            exchange::limits::kHeadersMax);
  response.headers.emplace_back();
  EXPECT_EQ(refusal_of(Code::kRespond, payload_of({Code::kRespond, 1, response})),
            "a kRespond frame has 101 headers, over 100");
  EXPECT_THAT(refusal_of(Code::kHello, payload_of({Code::kHello, 0,
                                                   Hello{1, 1, std::vector<std::string>(limits::kExtensionsMax + 1)}})),
              HasSubstr("extensions, over"));
  Sandboxed sandboxed;
  sandboxed.layers.resize(limits::kSandboxLayersMax + 1);
  EXPECT_THAT(refusal_of(Code::kSandboxed, payload_of({Code::kSandboxed, 0, sandboxed})), HasSubstr("layers, over"));
}

struct ChoiceCase {
  Message message;
  std::size_t place;  // of the choice within the payload
  unsigned char last;
};

TEST(Wire, ValuesThatAnEnumDoesNotHaveAreRefused) {
  const ChoiceCase cases[] = {
      {{Code::kData, 1, Data{}}, 0, 2},     {{Code::kData, 1, Data{}}, 1, 1},     {{Code::kWrite, 1, Data{}}, 0, 2},
      {{Code::kEnded, 1, Reason{}}, 0, 5},  {{Code::kLog, 0, Log{}}, 0, 4},       {{Code::kState, 0, State{}}, 0, 1},
      {{Code::kMetric, 1, Metric{}}, 8, 1}, {{Code::kDemand, 0, Demand{}}, 0, 1}, {{Code::kAttach, 1, Attach{}}, 4, 2},
  };
  for (const ChoiceCase& one : cases) {
    SCOPED_TRACE(code_name(one.message.code));
    std::string payload = payload_of(one.message);
    payload[one.place] = static_cast<char>(one.last);
    EXPECT_EQ(refusal_of(one.message.code, payload), "");
    payload[one.place] = static_cast<char>(one.last + 1);
    EXPECT_THAT(refusal_of(one.message.code, payload), HasSubstr("is known"));
    payload[one.place] = '\xff';
    EXPECT_THAT(refusal_of(one.message.code, payload), HasSubstr("has 255 for its "));
  }
}

TEST(Wire, SettingsComeWholeButForTheEntry) {
  auto sent = sample_settings();
  const bp_plugin_entry entry{};
  sent->entry = &entry;
  const auto settings = round_trip<link::SetUp>({Code::kSetUp, 0, link::SetUp{sent}}).settings;
  EXPECT_EQ(settings->entry, nullptr);
  EXPECT_EQ(settings->instance, sent->instance);
  EXPECT_EQ(settings->mount, sent->mount);
  EXPECT_EQ(settings->library, sent->library);
  EXPECT_EQ(settings->manifest, sent->manifest);
  EXPECT_EQ(settings->log_level, sent->log_level);
  EXPECT_EQ(settings->extensions, sent->extensions);
  ASSERT_EQ(settings->routes.size(), 2U);
  EXPECT_EQ(settings->routes[1].id, "socket");
  EXPECT_FALSE(settings->routes[0].websocket);
  EXPECT_TRUE(settings->routes[1].websocket);
  ASSERT_EQ(settings->feeds.size(), 2U);
  EXPECT_EQ(settings->feeds[0].id, "lines");
  EXPECT_EQ(settings->feeds[0].depth, 1024U);
  EXPECT_EQ(settings->feeds[1].id, "frames");
  EXPECT_EQ(settings->feeds_readable, sent->feeds_readable);
  EXPECT_EQ(settings->config_json, sent->config_json);
  EXPECT_EQ(settings->info, sent->info);
  EXPECT_EQ(settings->data_dir, sent->data_dir);
}

TEST(Wire, TheSandboxComesWhole) {
  const auto settings = round_trip<link::SetUp>({Code::kSetUp, 0, link::SetUp{sample_settings()}}).settings;
  const SandboxSettings& sandbox = settings->sandbox;
  EXPECT_EQ(sandbox.uid, 990);
  EXPECT_EQ(sandbox.gid, 991);
  EXPECT_EQ(sandbox.groups, (std::vector<std::int64_t>{44, 107}));
  EXPECT_EQ(sandbox.devices, std::vector<std::string>{"/dev/video0"});
  ASSERT_EQ(sandbox.paths.size(), 2U);
  EXPECT_EQ(sandbox.paths[1].path, "/run/kvm");
  EXPECT_FALSE(sandbox.paths[0].write);
  EXPECT_TRUE(sandbox.paths[1].write);
  EXPECT_EQ(sandbox.capabilities, std::vector<std::string>{"CAP_NET_RAW"});
  EXPECT_TRUE(sandbox.network);
  EXPECT_EQ(sandbox.memory_bytes_max, 1ULL << 33);
}

TEST(Wire, AnAnswerComesWhole) {
  const auto response = round_trip<exchange::Response>({Code::kRespond, 1, sample_response()});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/plain");
  ASSERT_EQ(response.headers.size(), 2U);
  EXPECT_EQ(response.headers[0].name, "Cache-Control");
  EXPECT_EQ(response.headers[0].value, "no-store");
  EXPECT_EQ(response.body, sample_response().body);
  EXPECT_EQ(response.fresh_ms, 1500);
}

TEST(Wire, ASharedBodyIsSentAsTheBody) {
  exchange::Response response;
  response.body = "not this";
  response.shared_body = std::make_shared<const std::string>("this");
  EXPECT_EQ(round_trip<exchange::Response>({Code::kRespond, 1, response}).body, "this");
}

TEST(Wire, PartsAndDataComeWhole) {
  const auto part = round_trip<Part>({Code::kPart, 1, Part{{"a", "b", "c"}}}).head;
  EXPECT_EQ(part.name, "a");
  EXPECT_EQ(part.filename, "b");
  EXPECT_EQ(part.content_type, "c");
  EXPECT_EQ(round_trip<Part>({Code::kPart, 1, Part{{"a", std::nullopt, "c"}}}).head.filename, std::nullopt);
  EXPECT_EQ(round_trip<Part>({Code::kPart, 1, Part{{"a", "", "c"}}}).head.filename, "");
  const auto data = round_trip<Data>({Code::kData, 1, Data{op::DataKind::kBinary, "xyz", true}});
  EXPECT_EQ(data.kind, op::DataKind::kBinary);
  EXPECT_EQ(data.bytes, "xyz");
  EXPECT_TRUE(data.last);
}

TEST(Wire, SmallMessagesComeWhole) {
  EXPECT_EQ(round_trip<Config>({Code::kConfig, 1, Config{"{}"}}).json, "{}");
  EXPECT_EQ(round_trip<Count>({Code::kSent, 1, Count{1U << 31}}).count, 1U << 31);
  EXPECT_EQ(round_trip<Reason>({Code::kEnded, 1, Reason{op::End::kRevoked}}).reason, op::End::kRevoked);
  const auto outcome = round_trip<Outcome>({Code::kStarted, 0, Outcome{-3, "why"}});
  EXPECT_EQ(outcome.status, -3);
  EXPECT_EQ(outcome.text, "why");
  const auto failure = round_trip<Failure>({Code::kFail, 1, Failure{503, "BusyError", "busy", -1}});
  EXPECT_EQ(failure.status, 503);
  EXPECT_EQ(failure.error_class, "BusyError");
  EXPECT_EQ(failure.text, "busy");
  EXPECT_EQ(failure.retry_after_s, -1);
  const auto close = round_trip<Close>({Code::kEnd, 1, Close{4999, "bye"}});
  EXPECT_EQ(close.code, 4999);
  EXPECT_EQ(close.reason, "bye");
  const auto log = round_trip<Log>({Code::kLog, 0, Log{base::Level::kError, "line"}});
  EXPECT_EQ(log.level, base::Level::kError);
  EXPECT_EQ(log.text, "line");
  const auto state = round_trip<State>({Code::kState, 0, State{true, "half"}});
  EXPECT_TRUE(state.degraded);
  EXPECT_EQ(state.text, "half");
}

TEST(Wire, WhatIsSaidOfFeedsComesWhole) {
  const auto demand = round_trip<Demand>({Code::kDemand, 1, Demand{true, 1ULL << 40, "place"}});
  EXPECT_TRUE(demand.wanted);
  EXPECT_EQ(demand.attaches, 1ULL << 40);
  EXPECT_EQ(demand.last_id, "place");
  for (const Code code : {Code::kItem, Code::kPublish}) {
    const auto item = round_trip<Item>({code, 1, Item{"bytes", "id", 9}});
    EXPECT_EQ(item.bytes, "bytes");
    EXPECT_EQ(item.id, "id");
    EXPECT_EQ(item.lost, 9U);
  }
  const auto attach = round_trip<Attach>({Code::kAttach, 1, Attach{31, {op::DataKind::kBinary, "a", "b", "c"}}});
  EXPECT_EQ(attach.feed, 31U);
  EXPECT_EQ(attach.framing.kind, op::DataKind::kBinary);
  EXPECT_EQ(attach.framing.prefix, "a");
  EXPECT_EQ(attach.framing.suffix, "b");
  EXPECT_EQ(attach.framing.lost, "c");
  EXPECT_EQ(round_trip<Subscribe>({Code::kSubscribe, 1, Subscribe{"host/log"}}).feed, "host/log");
  EXPECT_EQ(round_trip<Count>({Code::kItemsTaken, 1, Count{64}}).count, 64U);
}

TEST(Wire, GreetingsComeWhole) {
  const auto hello = round_trip<Hello>({Code::kHello, 0, Hello{2, 3, {"a/1", "b/2"}}});
  EXPECT_EQ(hello.wire_version, 2U);
  EXPECT_EQ(hello.abi, 3U);
  EXPECT_EQ(hello.extensions, (std::vector<std::string>{"a/1", "b/2"}));
  const auto layers = round_trip<Sandboxed>({Code::kSandboxed, 0, Sandboxed{{{"files", true, "text"}}}}).layers;
  ASSERT_EQ(layers.size(), 1U);
  EXPECT_EQ(layers[0].name, "files");
  EXPECT_TRUE(layers[0].active);
  EXPECT_EQ(layers[0].text, "text");
}

TEST(Wire, AMetricKeepsTheBitsOfItsValue) {
  for (const double value : {0.1, -0.0, std::numeric_limits<double>::infinity(), std::nan("7"), 5e-324}) {
    const auto metric = round_trip<Metric>({Code::kMetric, 1, Metric{"a", "b=\"c\"", true, value}});
    EXPECT_EQ(metric.name, "a");
    EXPECT_EQ(metric.labels, "b=\"c\"");
    EXPECT_TRUE(metric.counter);
    EXPECT_EQ(std::memcmp(&metric.value, &value, sizeof value), 0);
  }
}

}  // namespace
}  // namespace backplane::link
