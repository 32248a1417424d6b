// How the data that messages carry looks on the wire. One function fields(archive, data) for each struct names its
// parts in their order, and serves three archives: Writer, Reader, and the count of a message's bytes (see
// message.cpp). The structs of messages themselves have theirs beside them, in message.hpp.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "exchange/limits.hpp"
#include "exchange/request.hpp"
#include "exchange/response.hpp"
#include "feed/attached_reader.hpp"
#include "link/wire/settings.hpp"
#include "op/operation.hpp"

namespace backplane::link {

class Reader;
class Writer;

// Data that an archive fills, or data that it only looks at.
template <class T, class Data>
concept Either = std::same_as<std::remove_const_t<T>, Data>;

// What a list's items take at least: their counts, flags and numbers.
inline constexpr std::size_t kTextBytesMin = 4;
inline constexpr std::size_t kFieldBytesMin = 2 * kTextBytesMin;
inline constexpr std::size_t kFlagBytes = 1;
inline constexpr std::size_t kNumberBytes = 8;

void text_list(auto& archive, const char* part, Either<std::vector<std::string>> auto& texts, auto... texts_max) {
  archive.list(
      part, texts, kTextBytesMin, [&](auto& text) { archive.text(part, text); }, texts_max...);
}

void field_list(auto& archive, const char* part, Either<std::vector<exchange::Field>> auto& fields,
                auto... fields_max) {
  const auto each = [&](auto& field) {
    archive.text(part, field.name);
    archive.text(part, field.value);
  };
  archive.list(part, fields, kFieldBytesMin, each, fields_max...);
}

void fields(auto& archive, Either<exchange::Principal> auto& principal) {
  archive.number("principal", principal.uid);
  archive.text("principal", principal.user);
  archive.text("principal", principal.role);
  text_list(archive, "scopes", principal.scopes);
  archive.number("principal", principal.session);
}

// Whether a header carries a credential and is therefore kept from plugins: Authorization, Proxy-Authorization, Cookie,
// X-KVMD-User, X-KVMD-Passwd, Gravwell-Token, X-Auth-Token; and Sec-WebSocket-Protocol if one of its values looks
// like a token (longer than 32 characters, or with two dots as in a JWT), because gravwell's clients log in with it.
bool is_credential(std::string_view name, std::string_view value);

// Method, query and headers: written without those that carry credentials, and read in place.
void head_fields(Writer& writer, const exchange::Request& request);
void head_fields(Reader& reader, exchange::Request& request);

// What RequestView looks at and nothing else. A raw body is not among it: it comes as Data.
void fields(auto& archive, Either<exchange::Request> auto& request) {
  head_fields(archive, request);
  archive.text("path", request.path);
  field_list(archive, "query fields", request.query_fields);
  field_list(archive, "path parameters", request.path_parameters);
  field_list(archive, "fields", request.fields);
  archive.text("client address", request.client_address);
  archive.optional("principal", request.principal, [&](auto& principal) { fields(archive, principal); });
  archive.number("trace", request.trace);
}

inline std::string_view body_of(const exchange::Response& response) {
  return response.bytes();
}
inline std::string& body_of(exchange::Response& response) {
  return response.body;
}

void fields(auto& archive, Either<exchange::Response> auto& response) {
  archive.number("status", response.status);
  archive.text("content type", response.content_type);
  field_list(archive, "headers", response.headers, exchange::limits::kHeadersMax);
  archive.number("freshness", response.fresh_ms);
  archive.text("body", body_of(response));
}

void fields(auto& archive, Either<op::PartHead> auto& part) {
  archive.text("name", part.name);
  archive.optional("file name", part.filename, [&](auto& filename) { archive.text("file name", filename); });
  archive.text("content type", part.content_type);
}

void fields(auto& archive, Either<feed::Framing> auto& framing) {
  archive.choice("kind", framing.kind, op::DataKind::kBinary);
  archive.text("prefix", framing.prefix);
  archive.text("suffix", framing.suffix);
  archive.text("text for lost items", framing.lost);
}

void fields(auto& archive, Either<SandboxSettings> auto& sandbox) {
  archive.number("user", sandbox.uid);
  archive.number("group", sandbox.gid);
  archive.list("groups", sandbox.groups, kNumberBytes, [&](auto& group) { archive.number("groups", group); });
  text_list(archive, "devices", sandbox.devices);
  archive.list("paths", sandbox.paths, kTextBytesMin + kFlagBytes, [&](auto& grant) {
    archive.text("paths", grant.path);
    archive.flag("paths", grant.write);
  });
  text_list(archive, "capabilities", sandbox.capabilities);
  archive.flag("network", sandbox.network);
  archive.number("memory limit", sandbox.memory_bytes_max);
}

// All but the entry, which is an address of this process.
void fields(auto& archive, Either<Settings> auto& settings) {
  archive.text("instance", settings.instance);
  archive.text("mount", settings.mount);
  archive.path("library", settings.library);
  archive.text("manifest", settings.manifest);
  fields(archive, settings.sandbox);
  archive.choice("log level", settings.log_level, base::Level::kCritical);
  text_list(archive, "extensions", settings.extensions);
  archive.list("routes", settings.routes, kTextBytesMin + kFlagBytes, [&](auto& route) {
    archive.text("routes", route.id);
    archive.flag("routes", route.websocket);
  });
  archive.list("feeds", settings.feeds, kTextBytesMin + kNumberBytes, [&](auto& feed) {
    archive.text("feeds", feed.id);
    archive.size("feeds", feed.depth);
  });
  text_list(archive, "feeds to read", settings.feeds_readable);
  archive.text("configuration", settings.config_json);
  archive.list("answers", settings.info, kFieldBytesMin, [&](auto& answer) {
    archive.text("answers", answer.first);
    archive.text("answers", answer.second);
  });
  archive.path("data folder", settings.data_dir);
}

}  // namespace backplane::link
