// A request on the wire: all that a plugin sees of it, and none of what it must not see.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "link/plugin_side/request_view.hpp"
#include "link/wire/codec.hpp"
#include "unit/link/samples.hpp"

namespace backplane::link {
namespace {

using testing::HasSubstr;
using testing::Not;

std::shared_ptr<const exchange::Request> over_the_wire(std::shared_ptr<const exchange::Request> request) {
  // In memory that is gone when the request is looked at.
  auto payload = std::make_unique<std::string>(payload_of({Code::kRequest, 5, Request{2, 30'000, std::move(request)}}));
  auto read = decode_payload(Code::kRequest, 5, *payload);
  payload->assign(payload->size(), '#');
  payload.reset();
  EXPECT_TRUE(read) << read.error().text;
  const auto& message = std::get<Request>(read->payload);
  EXPECT_EQ(message.route, 2U);
  EXPECT_EQ(message.timeout_ms, 30'000);
  return message.request;
}

std::string show(bp_bytes bytes) {
  return "[" + std::string(to_text(bytes)) + "]";
}

std::string show(const bp_fields& fields) {
  std::string text;
  for (std::size_t i = 0; i < fields.count; ++i) {
    text += show(field_at(fields, i).name) + "=" + show(field_at(fields, i).value);
  }
  return text + "\n";
}

std::string show(const exchange::Request& request) {
  RequestView view;
  const bp_request& seen = view.look_at(request, "/kvm");
  std::string text = show(seen.method) + show(seen.path) + show(seen.query) + show(seen.user) + show(seen.role) +
                     show(seen.client_address) + show(seen.trace) + std::to_string(seen.uid) + "," +
                     std::to_string(seen.session) + "," + std::to_string(seen.content_length_known) + "," +
                     std::to_string(seen.content_length) + "\n";
  text += show(seen.path_parameters) + show(seen.query_fields) + show(seen.headers) + show(seen.fields);
  for (std::size_t i = 0; i < seen.scope_count; ++i) text += show(seen.scopes[i]);
  return text;
}

TEST(WireRequest, APluginSeesTheSameAsWithoutAWire) {
  auto request = sample_request();
  request->headers.push_back({"Content-Length", "12"});
  const auto received = over_the_wire(request);
  EXPECT_EQ(show(*received), show(*request));
  EXPECT_THAT(show(*received),
              HasSubstr("[POST][/api/hid][key=KeyA][admin][owner][2001:db8::1][0123456789abcdef]7,99"));
  EXPECT_THAT(show(*received), HasSubstr("[Host]=[box][Accept]=[*/*][X-Empty]=[][Content-Length]=[12]"));
}

TEST(WireRequest, APublicOneHasNoPrincipal) {
  auto request = sample_request();
  request->principal = nullptr;
  const auto received = over_the_wire(request);
  EXPECT_EQ(received->principal, nullptr);
  EXPECT_EQ(show(*received), show(*request));
}

TEST(WireRequest, AnEmptyOneComesEmpty) {
  const auto received = over_the_wire(std::make_shared<exchange::Request>());
  EXPECT_EQ(show(*received), show(exchange::Request()));
}

TEST(WireRequest, ItsViewsLookIntoItsOwnHead) {
  const auto received = over_the_wire(sample_request());
  const auto inside = [&](std::string_view view) {
    const char* const end = received->head.data() + received->head.size();
    return view.data() >= received->head.data() && view.data() + view.size() <= end;
  };
  EXPECT_TRUE(inside(received->method));
  EXPECT_TRUE(inside(received->query));
  ASSERT_EQ(received->headers.size(), 3U);
  for (const exchange::Header& header : received->headers) EXPECT_TRUE(inside(header.name) && inside(header.value));
}

TEST(WireRequest, CredentialsAreNotAmongItsBytes) {
  auto request = std::make_shared<exchange::Request>();
  request->head = "secret-head";
  request->method = "GET";
  request->target = "/secret-target";
  request->body = "secret-body";
  request->headers = {
      {"Authorization", "Bearer secret-bearer"}, {"proxy-authorization", "Basic secret-basic"},
      {"COOKIE", "auth_token=secret-cookie"},    {"X-KVMD-User", "secret-user"},
      {"X-KVMD-Passwd", "secret-password"},      {"Gravwell-Token", "secret-gravwell"},
      {"X-Auth-Token", "secret-token"},          {"Sec-WebSocket-Protocol", "gravwell, secret.with.dots"},
      {"Sec-WebSocket-Protocol", "kvm"},         {"User-Agent", "seen"}};
  const std::string payload = payload_of({Code::kRequest, 1, Request{0, 0, request}});
  EXPECT_THAT(payload, Not(HasSubstr("secret")));
  EXPECT_THAT(payload, HasSubstr("seen"));
  const auto received = over_the_wire(request);
  ASSERT_EQ(received->headers.size(), 2U);
  EXPECT_EQ(received->header("Sec-WebSocket-Protocol"), "kvm");
  EXPECT_EQ(received->header("User-Agent"), "seen");
}

TEST(WireRequest, ThePeerIsNotAmongItsBytes) {
  const std::string payload = payload_of({Code::kRequest, 1, Request{0, 0, sample_request()}});
  EXPECT_THAT(payload, Not(HasSubstr("192.0.2.1")));
  EXPECT_THAT(payload, HasSubstr("2001:db8::1"));
}

TEST(WireRequest, AFlagThatIsNeitherYesNorNoIsRefused) {
  std::string payload = payload_of({Code::kRequest, 1, Request{0, 0, std::make_shared<exchange::Request>()}});
  const std::size_t place = payload.size() - 9;  // before the trace
  ASSERT_EQ(payload[place], '\0');
  payload[place] = '\2';
  const auto read = decode_payload(Code::kRequest, 1, payload);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().text, "a kRequest frame has 2 for its principal, where 0 to 1 is known");
}

}  // namespace
}  // namespace backplane::link
