#include "link/wire/message_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exchange/limits.hpp"
#include "feed/limits.hpp"
#include "link/limits.hpp"
#include "op/limits.hpp"
#include "unit/link/samples.hpp"

namespace backplane::link {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string wrong_with(const Message& message) {
  const Verdict verdict = check(message);
  EXPECT_EQ(verdict.ok(), verdict.text.empty());
  return verdict.text;
}

// Wrong UTF-8: a Latin-1 letter, a surrogate.
constexpr const char* kNotUtf8[] = {"\xe4", "\xed\xa0\x80"};

std::string answer_fault(int status, std::string body = "", std::int64_t fresh_ms = 0) {
  exchange::Response response;
  response.status = status;
  response.body = std::move(body);
  response.fresh_ms = fresh_ms;
  return wrong_with({Code::kRespond, 1, std::move(response)});
}

exchange::Response with_headers(std::vector<exchange::Field> headers, std::string content_type = "") {
  exchange::Response response;
  response.content_type = std::move(content_type);
  response.headers = std::move(headers);
  return response;
}

// Texts that stand in a message made by `make` are held to `bytes_max` and to UTF-8.
template <class Make>
void expect_text_rules(std::size_t bytes_max, Make make) {
  EXPECT_EQ(wrong_with(make("")), "");
  EXPECT_EQ(wrong_with(make("grün")), "");
  EXPECT_EQ(wrong_with(make(std::string(bytes_max, 'x'))), "");
  EXPECT_THAT(wrong_with(make(std::string(bytes_max + 1, 'x'))), HasSubstr("over " + std::to_string(bytes_max)));
  for (const char* text : kNotUtf8) EXPECT_THAT(wrong_with(make(text)), HasSubstr("not UTF-8"));
}

TEST(MessageRules, NothingIsWrongWithWhatAPluginSaysAndAllWithWhatTheHostSays) {
  for (const Message& message : sample_messages()) {
    SCOPED_TRACE(code_name(message.code));
    if (message.code < Code::kStarted) {
      EXPECT_EQ(wrong_with(message), std::string(code_name(message.code)) + " is not a plugin's to say");
    } else {
      EXPECT_EQ(wrong_with(message), "");
    }
  }
  EXPECT_EQ(wrong_with({Code::kLost, 0, Outcome{}}), "kLost is not a plugin's to say");
}

TEST(MessageRules, AnAnswersStatusIs200To599) {
  for (const int status : {200, 204, 404, 599}) EXPECT_EQ(answer_fault(status), "") << status;
  for (const int status : {-1, 0, 100, 101, 199, 600}) {
    EXPECT_THAT(answer_fault(status), StartsWith("kRespond has a status")) << status;
  }
}

TEST(MessageRules, AnAnswersBodyIsAtMost8MiB) {
  EXPECT_EQ(answer_fault(200, std::string(limits::kAnswerBodyBytesMax, 'x')), "");
  EXPECT_THAT(answer_fault(200, std::string(limits::kAnswerBodyBytesMax + 1, 'x')), HasSubstr("8388609 bytes"));
}

TEST(MessageRules, StatusesWithoutABodyHaveNone) {
  EXPECT_EQ(answer_fault(205, "x"), "");
  EXPECT_THAT(answer_fault(204, "x"), HasSubstr("204"));
  EXPECT_THAT(answer_fault(304, "x"), HasSubstr("304"));
}

TEST(MessageRules, AnAnswerIsNotFreshForLessThanNoTime) {
  EXPECT_EQ(answer_fault(200, "x", 1), "");
  EXPECT_THAT(answer_fault(200, "x", -1), HasSubstr("-1 ms"));
}

TEST(MessageRules, AnAnswersHeadersMayStandInAHead) {
  EXPECT_TRUE(valid_answer_head(with_headers({{"X-Name", "a\tvalue"}}, "text/html"), false));
  EXPECT_FALSE(valid_answer_head(with_headers({{"Content-Length", "1"}}), false));
  EXPECT_FALSE(valid_answer_head(with_headers({{"", "1"}}), false));
  EXPECT_FALSE(valid_answer_head(with_headers({{"X Y", "1"}}), false));
  EXPECT_FALSE(valid_answer_head(with_headers({{"X", "1\r\nSet-Cookie: a"}}), false));
  EXPECT_FALSE(valid_answer_head(with_headers({}, "text/html\r\nX: y"), false));
}

TEST(MessageRules, AnAnswersHeadersAreAtMostAHundred) {
  EXPECT_TRUE(
      valid_answer_head(with_headers(std::vector<exchange::Field>(exchange::limits::kHeadersMax, {"X", "y"})), false));
  EXPECT_FALSE(valid_answer_head(
      with_headers(std::vector<exchange::Field>(exchange::limits::kHeadersMax + 1, {"X", "y"})), false));
}

TEST(MessageRules, AnAnswersHeadIsAtMost16KiBWithItsType) {
  const std::string value(limits::kAnswerHeadBytesMax - 2, 'y');
  EXPECT_TRUE(valid_answer_head(with_headers({{"X", value}}, "t"), false));
  EXPECT_FALSE(valid_answer_head(with_headers({{"X", value}}, "ty"), false));
  EXPECT_FALSE(valid_answer_head(with_headers({}, std::string(limits::kAnswerHeadBytesMax + 1, 't')), false));
}

TEST(MessageRules, AWebSocketsHeadHasTheStatus101) {
  exchange::Response head = with_headers({{"Sec-WebSocket-Protocol", "kvm"}});
  EXPECT_FALSE(valid_answer_head(head, true));
  head.status = 101;
  EXPECT_TRUE(valid_answer_head(head, true));
  EXPECT_FALSE(valid_answer_head(head, false));
}

TEST(MessageRules, AStreamsHeadIsOneOfEitherKindAndNothingElse) {
  const auto fault = [](auto change) {
    exchange::Response head = with_headers({{"X", "y"}});
    change(head);
    return wrong_with({Code::kBegin, 1, std::move(head)});
  };
  EXPECT_EQ(fault([](exchange::Response&) {}), "");
  EXPECT_EQ(fault([](exchange::Response& head) { head.status = 101; }), "");
  EXPECT_THAT(fault([](exchange::Response& head) { head.status = 100; }), StartsWith("kBegin has a status"));
  EXPECT_THAT(fault([](exchange::Response& head) { head.headers[0].name = "Date"; }), HasSubstr("headers"));
  EXPECT_THAT(fault([](exchange::Response& head) { head.body = "x"; }), HasSubstr("body"));
  EXPECT_THAT(fault([](exchange::Response& head) { head.fresh_ms = 1; }), HasSubstr("copy"));
}

TEST(MessageRules, AFailuresStatusIs400To599) {
  const auto fault = [](int status) { return wrong_with({Code::kFail, 1, Failure{status, {}, {}}}); };
  EXPECT_EQ(fault(400), "");
  EXPECT_EQ(fault(599), "");
  EXPECT_THAT(fault(399), HasSubstr("399"));
  EXPECT_THAT(fault(600), HasSubstr("600"));
}

TEST(MessageRules, AFailuresClassIsANameOfAtMost64Characters) {
  EXPECT_TRUE(valid_error_class(""));
  EXPECT_TRUE(valid_error_class("GpioChannel_NotFound404Error"));
  EXPECT_TRUE(valid_error_class(std::string(64, 'E')));
  EXPECT_FALSE(valid_error_class(std::string(65, 'E')));
  for (const char* name : {"a b", "a-b", "a\"", "ä", "a."}) EXPECT_FALSE(valid_error_class(name)) << name;
  EXPECT_EQ(wrong_with({Code::kFail, 1, Failure{400, "Class", {}}}), "");
  EXPECT_THAT(wrong_with({Code::kFail, 1, Failure{400, "no class", {}}}), HasSubstr("class"));
}

TEST(MessageRules, AFailureSendsTheClientAwayForAtMostAnHour) {
  const auto fault = [](std::int64_t seconds) { return wrong_with({Code::kFail, 1, Failure{503, {}, {}, seconds}}); };
  for (const std::int64_t seconds : {-1, 0, 3600}) EXPECT_EQ(fault(seconds), "") << seconds;
  EXPECT_THAT(fault(-2), HasSubstr("-2 s"));
  EXPECT_THAT(fault(3601), HasSubstr("3601 s"));
}

TEST(MessageRules, TextsAreShortAndUtf8) {
  const std::size_t bytes_max = limits::kPluginTextBytesMax;
  expect_text_rules(bytes_max, [](std::string text) {
    return Message{Code::kFail, 1, Failure{500, {}, std::move(text)}};
  });
  expect_text_rules(bytes_max, [](std::string text) {
    return Message{Code::kStarted, 0, Outcome{0, std::move(text)}};
  });
  expect_text_rules(bytes_max, [](std::string text) {
    return Message{Code::kConfigured, 1, Outcome{0, std::move(text)}};
  });
  expect_text_rules(bytes_max, [](std::string text) {
    return Message{Code::kState, 0, State{false, std::move(text)}};
  });
  expect_text_rules(limits::kLogTextBytesMax, [](std::string text) {
    return Message{Code::kLog, 0, Log{base::Level::kInfo, std::move(text)}};
  });
  expect_text_rules(123, [](std::string text) { return Message{Code::kEnd, 1, Close{1000, std::move(text)}}; });
  expect_text_rules(limits::kLinkNameBytesMax, [](std::string text) {
    return Message{Code::kHello, 0, Hello{1, 1, {"backplane.http/1", std::move(text)}}};
  });
  expect_text_rules(limits::kLinkNameBytesMax, [](std::string text) {
    return Message{Code::kSandboxed, 0, Sandboxed{{{"files", true, ""}, {std::move(text), true, ""}}}};
  });
  expect_text_rules(bytes_max, [](std::string text) {
    return Message{Code::kSandboxed, 0, Sandboxed{{{"files", true, std::move(text)}}}};
  });
}

TEST(MessageRules, APieceFitsTheWindow) {
  for (const op::DataKind kind : {op::DataKind::kBytes, op::DataKind::kText, op::DataKind::kBinary}) {
    EXPECT_EQ(wrong_with({Code::kWrite, 1, Data{kind, std::string(op::limits::kStreamWindowBytes, 'x')}}), "");
    EXPECT_THAT(wrong_with({Code::kWrite, 1, Data{kind, std::string(op::limits::kStreamWindowBytes + 1, 'x')}}),
                HasSubstr("262145 bytes"));
  }
}

TEST(MessageRules, APieceOfABodyIsNotEmptyAndAMessageMayBe) {
  EXPECT_THAT(wrong_with({Code::kWrite, 1, Data{op::DataKind::kBytes, ""}}), HasSubstr("empty"));
  EXPECT_EQ(wrong_with({Code::kWrite, 1, Data{op::DataKind::kText, ""}}), "");
  EXPECT_EQ(wrong_with({Code::kWrite, 1, Data{op::DataKind::kBinary, ""}}), "");
}

TEST(MessageRules, OnlyATextMessageMustBeUtf8) {
  for (const char* text : kNotUtf8) {
    EXPECT_THAT(wrong_with({Code::kWrite, 1, Data{op::DataKind::kText, text}}), HasSubstr("not UTF-8"));
    EXPECT_EQ(wrong_with({Code::kWrite, 1, Data{op::DataKind::kBinary, text}}), "");
    EXPECT_EQ(wrong_with({Code::kWrite, 1, Data{op::DataKind::kBytes, text}}), "");
  }
}

TEST(MessageRules, ACloseCodeMayStandInAFrame) {
  for (const int code : {0, 1000, 1003, 1007, 1014, 3000, 4999}) {
    EXPECT_TRUE(valid_close_code(code)) << code;
    EXPECT_EQ(wrong_with({Code::kEnd, 1, Close{static_cast<std::uint16_t>(code), "x"}}), "");
  }
  for (const int code : {1, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535}) {
    EXPECT_FALSE(valid_close_code(code)) << code;
    EXPECT_THAT(wrong_with({Code::kEnd, 1, Close{static_cast<std::uint16_t>(code), "x"}}),
                HasSubstr(std::to_string(code)));
  }
  EXPECT_FALSE(valid_close_code(-1));
  EXPECT_FALSE(valid_close_code(65536 + 1000));
}

TEST(MessageRules, NoMoreIsGivenBackThanCanHaveCome) {
  EXPECT_EQ(wrong_with({Code::kConsume, 1, Count{0}}), "");
  EXPECT_EQ(wrong_with({Code::kConsume, 1, Count{2 * op::limits::kStreamWindowBytes}}), "");
  EXPECT_THAT(wrong_with({Code::kConsume, 1, Count{2 * op::limits::kStreamWindowBytes + 1}}),
              HasSubstr("524289 bytes"));
}

TEST(MessageRules, AnItemAndItsIdAreBoundedAndMayBeAnyBytes) {
  const auto fault = [](std::string bytes, std::string id) {
    return wrong_with({Code::kPublish, 0, Item{std::move(bytes), std::move(id), 0}});
  };
  EXPECT_EQ(fault("", ""), "");
  EXPECT_EQ(fault(kNotUtf8[0], kNotUtf8[1]), "");
  EXPECT_EQ(
      fault(std::string(feed::limits::kFeedItemBytesMax, 'x'), std::string(feed::limits::kFeedItemIdBytesMax, 'x')),
      "");
  EXPECT_THAT(fault(std::string(feed::limits::kFeedItemBytesMax + 1, 'x'), ""), HasSubstr("an item of 131073 bytes"));
  EXPECT_THAT(fault("", std::string(feed::limits::kFeedItemIdBytesMax + 1, 'x')), HasSubstr("an id of 513 bytes"));
}

TEST(MessageRules, AnAttachNamesAFeedThatThereCanBe) {
  const auto fault = [](std::uint32_t feed) { return wrong_with({Code::kAttach, 1, Attach{feed, {}}}); };
  EXPECT_EQ(fault(limits::kFeedsPerPluginMax - 1), "");
  EXPECT_THAT(fault(limits::kFeedsPerPluginMax), HasSubstr("the feed 32, which is none"));
}

TEST(MessageRules, EachTextOfAFramingIsShortAndUtf8WhereMessagesAreText) {
  using feed::Framing;
  for (std::string Framing::*const text : {&Framing::prefix, &Framing::suffix, &Framing::lost}) {
    const auto fault = [text](op::DataKind kind, std::string value) {
      Framing framing{kind, "", "", ""};
      framing.*text = std::move(value);
      return wrong_with({Code::kAttach, 1, Attach{0, framing}});
    };
    EXPECT_EQ(fault(op::DataKind::kText, std::string(feed::limits::kFramingBytesMax, 'x')), "");
    EXPECT_THAT(fault(op::DataKind::kBytes, std::string(feed::limits::kFramingBytesMax + 1, 'x')),
                HasSubstr("over 256"));
    for (const char* wrong : kNotUtf8) {
      EXPECT_THAT(fault(op::DataKind::kText, wrong), HasSubstr("not UTF-8"));
      EXPECT_EQ(fault(op::DataKind::kBytes, wrong), "");
      EXPECT_EQ(fault(op::DataKind::kBinary, wrong), "");
    }
  }
}

TEST(MessageRules, AFeedsNameIsShortAndUtf8) {
  expect_text_rules(limits::kFeedNameBytesMax, [](std::string text) {
    return Message{Code::kSubscribe, 1, Subscribe{std::move(text)}};
  });
}

TEST(MessageRules, NoMoreItemsAreTakenThanAreSentAhead) {
  EXPECT_EQ(wrong_with({Code::kItemsTaken, 1, Count{limits::kSubscriptionItemsMax}}), "");
  EXPECT_THAT(wrong_with({Code::kItemsTaken, 1, Count{limits::kSubscriptionItemsMax + 1}}), HasSubstr("65 items"));
}

TEST(MessageRules, AMetricsNumberIsOneOfThoseThatAreGiven) {
  const auto fault = [](std::uint64_t number) {
    return wrong_with({Code::kMetric, number, Metric{"a", "", false, 1}});
  };
  EXPECT_EQ(fault(1), "");
  EXPECT_EQ(fault(limits::kMetricsPerPluginMax), "");
  EXPECT_THAT(fault(0), HasSubstr("number 0"));
  EXPECT_THAT(fault(limits::kMetricsPerPluginMax + 1), HasSubstr("number 513"));
}

TEST(MessageRules, AMetricsNameAndLabelsAreAScrapes) {
  const auto fault = [](std::string name, std::string labels) {
    return wrong_with({Code::kMetric, 1, Metric{std::move(name), std::move(labels), false, 1}});
  };
  EXPECT_EQ(fault(std::string(limits::kMetricNameBytesMax, 'a'), R"(a="b")"), "");
  EXPECT_THAT(fault(std::string(limits::kMetricNameBytesMax + 1, 'a'), ""), HasSubstr("name"));
  EXPECT_THAT(fault("a\nb", ""), HasSubstr("name"));
  const std::string value(limits::kMetricLabelsBytesMax - 4, 'x');
  EXPECT_EQ(fault("a", "a=\"" + value + "\""), "");
  EXPECT_THAT(fault("a", "a=\"" + value + "x\""), HasSubstr("labels"));
  EXPECT_THAT(fault("a", R"(instance="another")"), HasSubstr("labels"));
}

TEST(MessageRules, GreetingsAreShortLists) {
  EXPECT_EQ(wrong_with({Code::kHello, 0, Hello{1, 1, std::vector<std::string>(limits::kExtensionsMax, "x/1")}}), "");
  EXPECT_THAT(wrong_with({Code::kHello, 0, Hello{1, 1, std::vector<std::string>(limits::kExtensionsMax + 1, "x/1")}}),
              HasSubstr("65 extensions"));
  EXPECT_EQ(wrong_with({Code::kSandboxed, 0, Sandboxed{std::vector<SandboxLayer>(limits::kSandboxLayersMax)}}), "");
  EXPECT_THAT(wrong_with({Code::kSandboxed, 0, Sandboxed{std::vector<SandboxLayer>(limits::kSandboxLayersMax + 1)}}),
              HasSubstr("33 layers"));
}

}  // namespace
}  // namespace backplane::link
