#include "http/openapi.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <backplane/json.hpp>
#include <map>
#include <utility>

#include "http/pattern.hpp"

namespace backplane::http {
namespace {

using backplane::sdk::JsonForm;
using backplane::sdk::JsonWriter;

struct Member {
  std::string key;
  std::string json;
};

// The members of a route's own operation object, each value as it was written. A manifest has been checked before it
// comes here; what is no object adds nothing.
std::vector<Member> members_of(const std::string& json) {
  std::vector<Member> members;
  if (json.empty()) return members;
  const simdjson::padded_string padded(json);
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(padded).get(object) != simdjson::SUCCESS) return members;
  for (const auto& member : object) {
    members.push_back({std::string(member.key), simdjson::minify(member.value)});
  }
  return members;
}

std::string json_text(std::string_view text) {
  std::string json;
  backplane::sdk::append_json_string(json, text, false);
  return json;
}

// "/files/{path...}" is "/files/{path}" in OpenAPI, which has no word for a tail.
std::string openapi_path(std::string_view pattern) {
  std::string path(pattern);
  const std::size_t dots = path.rfind("...}");
  if (dots != std::string::npos) path.erase(dots, 3);
  return path;
}

std::string path_parameters(const Route& route) {
  const auto pattern = parse_pattern(route.pattern);
  std::string json;
  if (!pattern) return json;
  for (const PatternPart& part : *pattern) {
    if (part.kind == PatternPart::Kind::kLiteral) continue;
    const char* tail = part.kind == PatternPart::Kind::kTail ? R"(,"description":"The rest of the path.")" : "";
    json += fmt::format(R"({}{{"name":{},"in":"path","required":true{},"schema":{{"type":"string"}}}})",
                        json.empty() ? "" : ",", json_text(part.text), tail);
  }
  return json;
}

// Puts the path parameters before the parameters that the route lists itself (queries).
void add_parameters(const Route& route, std::vector<Member>& members) {
  const std::string from_path = path_parameters(route);
  if (from_path.empty()) return;
  for (Member& member : members) {
    if (member.key != "parameters" || !member.json.starts_with('[')) continue;
    const std::string own = member.json.substr(1);
    if (own.find(R"("in":"path")") == std::string::npos) {
      member.json = "[" + from_path + (own == "]" ? "" : ",") + own;
    }
    return;
  }
  members.push_back({"parameters", "[" + from_path + "]"});
}

void add_default(std::vector<Member>& members, std::string_view key, std::string json) {
  const auto has = [key](const Member& member) { return member.key == key; };
  if (std::none_of(members.begin(), members.end(), has)) members.push_back({std::string(key), std::move(json)});
}

void write_operation(JsonWriter& writer, const Route& route) {
  const std::string_view style = route.style.name;
  std::vector<Member> members = members_of(route.operation_json);
  std::erase_if(members, [](const Member& member) {
    return member.key == "security" || member.key == "x-scope" || member.key == "x-error-style";
  });
  if (!route.id.empty()) add_default(members, "operationId", json_text(route.owner + "." + route.id));
  add_default(members, "tags", "[" + json_text(route.owner) + "]");
  add_parameters(route, members);
  add_default(members, "responses", fmt::format(R"({{"default":{{"$ref":"#/components/responses/{}"}}}})", style));
  const bool open = route.scope == kPublicScope;
  members.push_back(
      {"security", open ? "[]" : R"([{"cookie":[]},{"bearer":[]},{"basic":[]},{"user":[],"password":[]}])"});
  members.push_back({"x-scope", json_text(route.scope)});
  members.push_back({"x-error-style", json_text(style)});
  if (route.kind == RouteKind::kWebSocket) members.push_back({"x-websocket", "true"});
  std::stable_sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return a.key < b.key; });
  writer.begin_object();
  for (const Member& member : members) writer.key(member.key).raw(member.json);
  writer.end_object();
}

constexpr std::string_view kSecuritySchemes = R"({"basic":{"type":"http","scheme":"basic"},)"
                                              R"("bearer":{"type":"http","scheme":"bearer"},)"
                                              R"("cookie":{"type":"apiKey","in":"cookie","name":"auth_token"},)"
                                              R"("password":{"type":"apiKey","in":"header","name":"X-KVMD-Passwd"},)"
                                              R"("user":{"type":"apiKey","in":"header","name":"X-KVMD-User"}})";

// One answer for each error style, by its name.
void write_responses(JsonWriter& writer) {
  std::vector<exchange::ErrorStyle> styles = exchange::error_styles();
  std::sort(styles.begin(), styles.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  writer.begin_object();
  for (const exchange::ErrorStyle& style : styles) {
    writer.key(style.name).begin_object();
    writer.key("description").string("Refused");
    writer.key("content").begin_object();
    writer.key(style.media_type.substr(0, style.media_type.find(';'))).begin_object();
    writer.key("schema").raw(style.schema);
    writer.end_object();
    writer.end_object();
    writer.end_object();
  }
  writer.end_object();
}

std::string lower(std::string_view method) {
  std::string text(method);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return text;
}

}  // namespace

std::string openapi_operation(std::string_view summary, std::string_view tag) {
  JsonWriter writer(JsonForm::kCompact);
  writer.begin_object();
  writer.key("summary").string(summary);
  writer.key("tags").begin_array().string(tag).end_array();
  writer.end_object();
  return writer.take();
}

std::string openapi_document(const OpenApiTitle& title, const std::vector<std::shared_ptr<const Route>>& routes) {
  JsonWriter writer(JsonForm::kCompact);
  writer.begin_object();
  writer.key("openapi").string("3.1.0");
  writer.key("info").begin_object().key("title").string(title.title).key("version").string(title.version).end_object();
  writer.key("components").begin_object();
  writer.key("responses");
  write_responses(writer);
  writer.key("securitySchemes").raw(kSecuritySchemes);
  writer.end_object();
  writer.key("paths").begin_object();
  // A parameter and a tail of the same name give one path; of two routes with one method the first stands for both.
  std::map<std::string, std::map<std::string, const Route*>> paths;
  for (const auto& route : routes) paths[openapi_path(route->pattern)].emplace(lower(route->method), route.get());
  for (const auto& [path, methods] : paths) {
    writer.key(path).begin_object();
    for (const auto& [method, route] : methods) {
      writer.key(method);
      write_operation(writer, *route);
    }
    writer.end_object();
  }
  writer.end_object();
  writer.end_object();
  return writer.take();
}

}  // namespace backplane::http
