// One message of every kind that goes over the wire, each with every member set to something.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "link/wire/codec.hpp"
#include "link/wire/message.hpp"

namespace backplane::link {

inline std::string payload_of(const Message& message) {
  std::string payload;
  encode_payload(message, payload);
  return payload;
}

inline std::shared_ptr<exchange::Request> sample_request() {
  auto request = std::make_shared<exchange::Request>();
  request->head = "POST /kvm/api/hid?key=KeyA HTTP/1.1\r\nHost: box\r\nAccept: */*\r\nX-Empty:\r\n\r\n";
  const std::string_view head = request->head;
  request->method = head.substr(0, 4);
  request->target = head.substr(5, 21);
  request->query = head.substr(18, 8);
  request->headers = {{head.substr(37, 4), head.substr(43, 3)},
                      {head.substr(48, 6), head.substr(56, 3)},
                      {head.substr(61, 7), head.substr(69, 0)}};
  request->path = "/kvm/api/hid";
  request->query_fields = {{"key", "KeyA"}, {"key", "KeyB"}};
  request->path_parameters = {{"device", "0"}};
  request->fields = {{"text", std::string("a\0b", 3)}, {"", ""}};
  request->peer.address = "192.0.2.1";
  request->client_address = "2001:db8::1";
  request->principal = std::make_shared<exchange::Principal>(
      exchange::Principal{7, "admin", "owner", {"kvm.control", "kvm.view"}, exchange::CredentialKind::kCookie, 99});
  request->trace = 0x0123456789abcdef;
  return request;
}

inline std::shared_ptr<Settings> sample_settings() {
  auto settings = std::make_shared<Settings>();
  settings->instance = "hid";
  settings->mount = "/kvm";
  settings->library = "/usr/lib/backplane/kvm.so";
  settings->manifest = R"({"id":"kvm"})";
  settings->sandbox = {.uid = 990,
                       .gid = 991,
                       .groups = {44, 107},
                       .devices = {"/dev/video0"},
                       .paths = {{"/etc/kvm", false}, {"/run/kvm", true}},
                       .capabilities = {"CAP_NET_RAW"},
                       .network = true,
                       .memory_bytes_max = 1ULL << 33};
  settings->log_level = base::Level::kWarning;
  settings->extensions = {"backplane.http/1", "backplane.loop/1"};
  settings->routes = {{"view", false}, {"socket", true}};
  settings->feeds = {{"lines", 1024}, {"frames", 8}};
  settings->feeds_readable = {"host/log", "camera/frames"};
  settings->config_json = R"({"device":"/dev/video0"})";
  settings->info = {{"name", "box"}, {"version", "1"}};
  settings->data_dir = "/var/lib/backplane/hid";
  return settings;
}

inline exchange::Response sample_response() {
  exchange::Response response;
  response.status = 200;
  response.content_type = "text/plain";
  response.headers = {{"Cache-Control", "no-store"}, {"X-Empty", ""}};
  response.body = std::string("body\0\xff", 6);
  response.fresh_ms = 1500;
  return response;
}

inline std::vector<Message> sample_messages() {
  exchange::Response head = sample_response();
  head.body.clear();
  head.fresh_ms = 0;
  return {
      {Code::kStart, 0, {}},
      {Code::kStart, 0, Config{R"({"a":1})"}},
      {Code::kStop, 0, {}},
      {Code::kConfig, 3, Config{R"({"a":2})"}},
      {Code::kRequest, 5, Request{2, 30'000, sample_request()}},
      {Code::kRequest, 6, Request{0, 0, std::make_shared<exchange::Request>()}},
      {Code::kPart, 5, Part{{"image", "disk.iso", "application/octet-stream"}}},
      {Code::kPart, 5, Part{{"image", std::nullopt, ""}}},
      {Code::kData, 5, Data{op::DataKind::kBinary, std::string("\0\x01", 2), true}},
      {Code::kSent, 5, Count{262'144}},
      {Code::kEnded, 5, Reason{op::End::kOverrun}},
      {Code::kRoom, 0, {}},
      {Code::kSetUp, 0, SetUp{sample_settings()}},
      {Code::kPing, 11, {}},
      {Code::kDemand, 1, Demand{true, 3, "place 7"}},
      {Code::kItem, 2, Item{std::string("an item\0\xff", 9), "place 8", 12}},
      {Code::kStarted, 0, Outcome{-11, "no device"}},
      {Code::kStopped, 0, {}},
      {Code::kConfigured, 3, Outcome{0, ""}},
      {Code::kRespond, 5, sample_response()},
      {Code::kFail, 5, Failure{503, "BusyError", "busy", 3}},
      {Code::kBegin, 5, head},
      {Code::kWrite, 5, Data{op::DataKind::kText, "a text", false}},
      {Code::kEnd, 5, Close{1001, "away"}},
      {Code::kConsume, 5, Count{1}},
      {Code::kLog, 0, Log{base::Level::kCritical, "a line"}},
      {Code::kState, 0, State{true, "no signal"}},
      {Code::kMetric, 4, Metric{"frames_total", R"(device="0")", true, -0.25}},
      {Code::kHello, 0, Hello{kWireVersion, 1, {"backplane.http/1"}}},
      {Code::kSandboxed, 0, Sandboxed{{{"system calls", true, "filtered"}, {"files", false, "no Landlock"}}}},
      {Code::kPong, 11, {}},
      {Code::kPublish, 1, Item{std::string("an item\0\xff", 9), "place 9", 0}},
      {Code::kAttach, 5, Attach{1, {op::DataKind::kText, "data: ", "\n\n", "{count} lost"}}},
      {Code::kSubscribe, 2, Subscribe{"camera/frames"}},
      {Code::kUnsubscribe, 2, {}},
      {Code::kItemsTaken, 2, Count{3}},
  };
}

}  // namespace backplane::link
