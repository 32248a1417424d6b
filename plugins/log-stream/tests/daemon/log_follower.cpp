#include "daemon/log_follower.hpp"

#include <simdjson.h>

#include <utility>

namespace backplane::integration {
namespace {

using support::Client;
using support::Headers;
using support::WebSocketClient;

bool is_socket(const LogForm& form) {
  return form.end[0] == '\0';
}

std::variant<Client, WebSocketClient> asked(Client connection, const LogForm& form, Headers headers,
                                            const std::string& more) {
  headers.emplace_back("Accept", form.accept);
  if (is_socket(form)) return WebSocketClient(std::move(connection), form.target + more, headers);
  std::string head = std::string("GET ") + form.target + more + " HTTP/1.1\r\nHost: localhost\r\n";
  for (const auto& [name, value] : headers) head += name + ": " + value + "\r\n";
  connection.send(head + "\r\n");
  return connection;
}

std::string json_message(std::string_view json) {
  simdjson::dom::parser parser;
  std::string_view message;
  if (parser.parse(simdjson::padded_string(json))["MESSAGE"].get(message) != simdjson::SUCCESS)
    return std::string(json);
  return std::string(message);
}

}  // namespace

std::string message_of(const std::string& entry) {
  if (entry.starts_with("data: ")) return json_message(std::string_view(entry).substr(6));
  if (entry.starts_with("{")) return json_message(entry);
  for (const std::string before : {"\nMESSAGE=", "] --- ", "]: "}) {
    const std::size_t at = entry.find(before);
    if (at == std::string::npos) continue;
    const std::string message = entry.substr(at + before.size());
    return before == "\nMESSAGE=" ? message.substr(0, message.find('\n')) : message;
  }
  return entry;
}

std::vector<std::string> messages_of(const std::string& text, const std::string& end) {
  std::vector<std::string> messages;
  for (std::size_t at = 0, stop = 0; (stop = text.find(end, at)) != std::string::npos; at = stop + end.size()) {
    messages.push_back(message_of(text.substr(at, stop - at)));
  }
  return messages;
}

LogFollower::LogFollower(Client connection, const LogForm& form, Headers credentials,
                         const std::string& more_parameters)
    : end_(form.end), peer_(asked(std::move(connection), form, std::move(credentials), more_parameters)) {
  if (const auto* socket = std::get_if<WebSocketClient>(&peer_)) {
    answer_ = socket->answer();
    return;
  }
  Client& client = std::get<Client>(peer_);
  answer_ = client.read_reply(true);
  ended_ = answer_.header("Transfer-Encoding") != "chunked";
}

std::optional<std::string> LogFollower::next_entry() {
  if (auto* socket = std::get_if<WebSocketClient>(&peer_)) {
    for (;;) {
      const auto frame = socket->receive();
      if (!frame || frame->opcode == support::Opcode::kClose) return std::nullopt;
      if (frame->opcode != support::Opcode::kText) continue;
      return frame->payload.ends_with('\n') ? frame->payload.substr(0, frame->payload.size() - 1) : frame->payload;
    }
  }
  std::size_t stop = 0;
  while ((stop = text_.find(end_)) == std::string::npos) {
    const auto chunk = next_chunk();
    if (!chunk) return std::nullopt;
    text_ += *chunk;
  }
  std::string entry = text_.substr(0, stop);
  text_.erase(0, stop + end_.size());
  return entry;
}

std::optional<std::string> LogFollower::next_message() {
  const auto entry = next_entry();
  return entry ? std::optional(message_of(*entry)) : std::nullopt;
}

std::vector<std::string> LogFollower::messages_until(const std::string& last) {
  std::vector<std::string> messages;
  while (messages.empty() || messages.back() != last) {
    auto message = next_message();
    if (!message) break;
    messages.push_back(std::move(*message));
  }
  return messages;
}

bool LogFollower::ends() {
  if (auto* socket = std::get_if<WebSocketClient>(&peer_)) {
    while (next_entry()) {
    }
    return socket->connection().ended();
  }
  while (next_chunk()) {
  }
  return ended_;
}

std::optional<std::string> LogFollower::next_chunk() {
  Client& client = std::get<Client>(peer_);
  const auto fill = [&] {
    const std::string more = client.read_some();
    raw_ += more;
    if (more.empty()) ended_ = client.ended();
    return !more.empty();
  };
  if (ended_) return std::nullopt;
  std::size_t size_end = 0;
  while ((size_end = raw_.find("\r\n")) == std::string::npos) {
    if (!fill()) return std::nullopt;
  }
  const std::size_t size = std::stoul(raw_.substr(0, size_end), nullptr, 16);
  while (raw_.size() < size_end + 2 + size + 2) {
    if (!fill()) return std::nullopt;
  }
  std::string chunk = raw_.substr(size_end + 2, size);
  raw_.erase(0, size_end + 2 + size + 2);
  ended_ = size == 0;
  return ended_ ? std::nullopt : std::optional(std::move(chunk));
}

}  // namespace backplane::integration
