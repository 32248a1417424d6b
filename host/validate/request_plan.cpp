#include "validate/request_plan.hpp"

#include <algorithm>
#include <backplane/text.hpp>

#include "base/utf8.hpp"
#include "config/json/value.hpp"
#include "exchange/limits.hpp"
#include "http/characters.hpp"
#include "http/fields.hpp"
#include "http/limits.hpp"
#include "http/pattern.hpp"

namespace backplane::validate {
namespace {

constexpr std::string_view kPlausible = "1";
constexpr std::size_t kLongBytes = 3000;  // fits a target with its escapes left out

std::string text_of(const config::JsonValue& value) {
  const auto* text = value.as<std::string>();
  return text != nullptr ? *text : config::write_json(value);
}

// A value that a schema of OpenAPI would take.
std::string value_for(const config::JsonValue& schema) {
  for (const char* key : {"example", "default", "minimum"}) {
    if (const auto* value = schema.find(key)) return text_of(*value);
  }
  if (const auto* words = schema.find("enum")) {
    const auto* list = words->as<config::JsonList>();
    if (list != nullptr && !list->empty()) return text_of(list->front());
  }
  const auto* type = schema.find("type");
  return type != nullptr && type->as<std::string>() && *type->as<std::string>() == "boolean" ? "true"
                                                                                             : std::string(kPlausible);
}

void add_parameters(const config::JsonValue& operation, RequestPlan& plan) {
  const auto* parameters = operation.find("parameters");
  if (parameters == nullptr || !parameters->as<config::JsonList>()) return;
  for (const config::JsonValue& parameter : *parameters->as<config::JsonList>()) {
    const auto* name = parameter.find("name");
    const auto* in = parameter.find("in");
    if (name == nullptr || !name->as<std::string>() || in == nullptr || !in->as<std::string>()) continue;
    const auto* schema = parameter.find("schema");
    const auto* example = parameter.find("example");
    const auto* required = parameter.find("required");
    const bool needed = required != nullptr && required->as<bool>() && *required->as<bool>();
    std::string value = example != nullptr  ? text_of(*example)
                        : schema != nullptr ? value_for(*schema)
                                            : std::string(kPlausible);
    if (*in->as<std::string>() == "path") plan.parameters.push_back({*name->as<std::string>(), std::move(value)});
    if (*in->as<std::string>() == "query" && (needed || example != nullptr)) {
      plan.query.push_back({*name->as<std::string>(), std::move(value)});
    }
  }
}

void add_fields(const config::JsonValue& operation, RequestPlan& plan) {
  const auto* body = operation.find("requestBody");
  const auto* content = body != nullptr ? body->find("content") : nullptr;
  if (content == nullptr || !content->as<config::JsonObject>()) return;
  for (const auto& [type, media] : *content->as<config::JsonObject>()) {
    const auto* schema = media.find("schema");
    const auto* properties = schema != nullptr ? schema->find("properties") : nullptr;
    if (properties == nullptr || !properties->as<config::JsonObject>()) continue;
    for (const auto& [name, rule] : *properties->as<config::JsonObject>())
      plan.fields.push_back({name, value_for(rule)});
    return;
  }
}

constexpr std::size_t kPathBytesMax = http::limits::kTargetBytesMax / 2;  // encoded; the rest is the query's

bool fits_path(std::string_view text) {
  return !text.empty() && text != "." && text != ".." && base::valid_text(text) &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '/'; });
}

// Names of fields come from the manifest and keep what a query may hold unescaped (RFC 3986 §3.4).
std::string encoded(std::string_view text, std::string_view kept = {}) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (http::is_character(c, http::kHostCharacter) || kept.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += {'%', kHex[static_cast<unsigned char>(c) >> 4], kHex[static_cast<unsigned char>(c) & 15]};
    }
  }
  return out;
}

// Texts as the host's parsers let them through.
std::vector<exchange::Field> allowed_fields(const std::vector<exchange::Field>& wanted) {
  std::vector<exchange::Field> fields;
  for (const exchange::Field& field : wanted) {
    static_cast<void>(http::append_field(field.name, field.value, fields));  // refused: left out
  }
  return fields;
}

void fill_path(const plugin::ManifestRoute& route, const RequestPlan& plan, exchange::Request& request) {
  const auto pattern = http::parse_pattern(route.path);
  std::size_t bytes = 3 * route.path.size();
  for (const http::PatternPart& part : *pattern) {  // the manifest was read with it
    std::string text = part.text;
    if (part.kind != http::PatternPart::Kind::kLiteral) {
      const exchange::Field* given = exchange::find_field(plan.parameters, part.text);
      const bool fits = given != nullptr && fits_path(given->value) && bytes + 3 * given->value.size() < kPathBytesMax;
      text = fits ? given->value : std::string(kPlausible);
      bytes += 3 * text.size();
      request.path_parameters.push_back({part.text, text});
    }
    request.path += "/" + text;
  }
  if (request.path.empty()) request.path = "/";
}

// The head's text, and the views into it.
void fill_head(const plugin::ManifestRoute& route, const RequestPlan& plan, exchange::Request& request) {
  std::string target;
  for (const char c : request.path) target += c == '/' ? std::string("/") : encoded({&c, 1});
  std::string query;
  for (const exchange::Field& field : request.query_fields) {
    const std::string pair = encoded(field.name, ":,") + "=" + encoded(field.value);
    if (target.size() + query.size() + pair.size() + 2 > http::limits::kTargetBytesMax) break;
    query += (query.empty() ? "" : "&") + pair;
  }
  std::vector<exchange::Field> headers = {{"Host", "localhost"}, {"User-Agent", "backplanectl"}};
  std::size_t bytes = target.size() + query.size();
  for (const exchange::Field& header : plan.headers) {
    bytes += header.name.size() + header.value.size() + 4;
    const bool fits = !header.name.empty() && http::all_characters(header.name, http::kTokenCharacter) &&
                      http::all_characters(header.value, http::kValueCharacter);
    if (fits && bytes < http::limits::kHeadBytesMax && headers.size() < exchange::limits::kHeadersMax)
      headers.push_back(header);
  }
  request.head = route.method + target + "?" + query;
  const std::size_t fixed = request.head.size();
  for (const exchange::Field& header : headers) request.head += header.name + header.value;
  const std::string_view head = request.head;
  request.method = head.substr(0, route.method.size());
  request.target = head.substr(route.method.size(), fixed - route.method.size());
  request.query = head.substr(fixed - query.size(), query.size());
  std::size_t position = fixed;
  for (const exchange::Field& header : headers) {
    const std::string_view name = head.substr(position, header.name.size());
    const std::string_view value = head.substr(position + name.size(), header.value.size());
    request.headers.push_back({name, sdk::trim(value)});
    position += name.size() + value.size();
  }
}

std::shared_ptr<const exchange::Principal> administrator(const plugin::Manifest& manifest,
                                                         const plugin::ManifestRoute& route) {
  if (route.scope == http::kPublicScope) return nullptr;
  auto principal = std::make_shared<exchange::Principal>();
  principal->uid = 1;
  principal->user = "admin";
  principal->role = "admin";
  principal->scopes.push_back(route.scope);
  for (const plugin::ManifestScope& scope : manifest.scopes) principal->scopes.push_back(scope.name);
  std::sort(principal->scopes.begin(), principal->scopes.end());
  principal->scopes.erase(std::unique(principal->scopes.begin(), principal->scopes.end()), principal->scopes.end());
  principal->session = 1;
  return principal;
}

// Mostly ASCII, for a text of random bytes is hardly ever UTF-8 and would be refused before the plugin.
std::string random_text(Random& random) {
  std::string text;
  const std::size_t length = random() % 4 == 0 ? random() % 600 : random() % 12;
  while (text.size() < length) {
    const auto choice = random();
    if (choice % 8 == 0) {
      const auto point = 0x80 + choice / 8 % 0x700;  // two bytes
      text += static_cast<char>(0xC0 | (point >> 6));
      text += static_cast<char>(0x80 | (point & 0x3F));
    } else {
      text += static_cast<char>(1 + choice / 8 % 0x7F);
    }
  }
  return text;
}

// Leaves the names, for who does not find what it needs looks no further, and some of the values.
void add_random(std::vector<exchange::Field>& fields, Random& random) {
  for (exchange::Field& field : fields) {
    if (random() % 2 == 0) field.value = random_text(random);
  }
  for (auto count = random() % 6; count > 0; --count) {
    fields.push_back({random_text(random).substr(0, http::limits::kFieldNameBytesMax / 4), random_text(random)});
  }
}

}  // namespace

RequestPlan plausible_plan(const plugin::ManifestRoute& route) {
  RequestPlan plan;
  const auto operation = config::parse_json(route.operation_json);
  if (!operation) return plan;
  add_parameters(*operation, plan);
  add_fields(*operation, plan);
  return plan;
}

RequestPlan hostile_plan(const plugin::ManifestRoute& route, std::string_view text) {
  RequestPlan plan = plausible_plan(route);
  for (auto* places : {&plan.query, &plan.fields}) {
    for (exchange::Field& field : *places) field.value = text;
    places->push_back({"name", std::string(text)});
    places->push_back({std::string(text.substr(0, 60)), std::string(text)});
  }
  const auto pattern = http::parse_pattern(route.path);
  plan.parameters.clear();
  for (const http::PatternPart& part : *pattern) plan.parameters.push_back({part.text, std::string(text)});
  for (const char* name : {"Accept", "Content-Type", "If-None-Match", "Range", "X-Anything"}) {
    plan.headers.push_back({name, std::string(text)});
  }
  return plan;
}

RequestPlan random_plan(const plugin::ManifestRoute& route, Random& random) {
  RequestPlan plan = plausible_plan(route);
  add_random(plan.query, random);
  add_random(plan.fields, random);
  plan.parameters.clear();
  for (auto count = random() % 4; count > 0; --count) plan.headers.push_back({"X-Random", random_text(random)});
  const auto pattern = http::parse_pattern(route.path);
  for (const http::PatternPart& part : *pattern) plan.parameters.push_back({part.text, random_text(random)});
  return plan;
}

const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> kTexts = {
      "",
      " ",
      "-1",
      "0",
      "99999999999999999999999",
      "-9223372036854775809",
      "1e309",
      "NaN",
      "0x7fffffff",
      "true",
      "null",
      "[]",
      "{\"a\":{\"a\":{}}}",
      "../../../../etc/passwd",
      "/dev/zero",
      "%s%s%s%n%x",
      "%00%ff",
      "'; --",
      "\"><script>",
      "$(reboot)",
      "`reboot`",
      "a\r\nSet-Cookie: b",
      "\x01\x02\x1b[31m\x7f",
      "\xE2\x80\xAE\xF0\x9F\x92\xA9\xEF\xBF\xBF",
      ",,,;;;===&&&",
      std::string(kLongBytes, 'A'),
  };
  return kTexts;
}

std::shared_ptr<const exchange::Request> make_request(const plugin::Manifest& manifest,
                                                      const plugin::ManifestRoute& route, const RequestPlan& plan) {
  auto request = std::make_shared<exchange::Request>();
  fill_path(route, plan, *request);
  request->query_fields = allowed_fields(plan.query);
  fill_head(route, plan, *request);
  if (route.body == http::BodyKind::kFields) request->fields = allowed_fields(plan.fields);
  request->client_address = "192.0.2.1";  // RFC 5737: nobody's
  request->peer.address = request->client_address;
  request->principal = administrator(manifest, route);
  request->trace = 1;
  return request;
}

std::string describe(const plugin::ManifestRoute& route) {
  return route.method + " " + route.path;
}

}  // namespace backplane::validate
