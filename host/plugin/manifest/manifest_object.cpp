#include "plugin/manifest/manifest_object.hpp"

#include <algorithm>
#include <backplane/text.hpp>
#include <utility>

#include "config/json/value.hpp"
#include "config/problems.hpp"
#include "plugin/limits.hpp"

namespace backplane::plugin {

using config::JsonList;
using config::JsonValue;

void ManifestProblems::add(const std::string& pointer, std::string text) {
  if (problems_.size() >= limits::kManifestProblemsMax) return;
  problems_.push_back(
      base::problem(base::Error::kInvalid, std::move(text), pointer.empty() ? file_ : file_ + "#" + pointer));
}

void ManifestProblems::append(std::vector<base::Problem> more) {
  for (base::Problem& problem : more) {
    if (problems_.size() < limits::kManifestProblemsMax) problems_.push_back(std::move(problem));
  }
}

ManifestObject::ManifestObject(const JsonValue* value, std::string pointer, ManifestProblems& problems)
    : pointer_(std::move(pointer)), problems_(problems) {
  if (value == nullptr) return;
  object_ = value->as<config::JsonObject>();
  if (object_ == nullptr) problems_.add(pointer_, "must be an object");
}

const JsonValue* ManifestObject::member(std::string_view name) {
  asked_.push_back(name);
  if (object_ == nullptr) return nullptr;
  for (const auto& [key, value] : *object_) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::string ManifestObject::pointer_to(std::string_view name) const {
  return pointer_ + config::pointer_part(name);
}

void ManifestObject::wrong(std::string_view name, std::string text) {
  problems_.add(pointer_to(name), std::move(text));
}

std::string ManifestObject::text(std::string_view name, Presence presence) {
  const JsonValue* value = member(name);
  if (value == nullptr) {
    if (presence == Presence::kRequired && object_ != nullptr) {
      problems_.add(pointer_, "\"" + std::string(name) + "\" is missing");
    }
    return {};
  }
  const auto* text = value->as<std::string>();
  if (text == nullptr || (text->empty() && presence == Presence::kRequired)) {
    wrong(name, text == nullptr ? "must be a text" : "must not be empty");
    return {};
  }
  return *text;
}

bool ManifestObject::boolean(std::string_view name, bool absent) {
  const JsonValue* value = member(name);
  if (value == nullptr) return absent;
  const auto* flag = value->as<bool>();
  if (flag == nullptr) wrong(name, "must be true or false");
  return flag == nullptr ? absent : *flag;
}

std::int64_t ManifestObject::integer(std::string_view name, std::int64_t absent, std::int64_t least,
                                     std::int64_t most) {
  const JsonValue* value = member(name);
  if (value == nullptr) return absent;
  const auto* number = value->as<std::int64_t>();
  if (number == nullptr || *number < least || *number > most) {
    wrong(name, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return absent;
  }
  return *number;
}

std::string ManifestObject::word(std::string_view name, const std::vector<std::string_view>& words) {
  const JsonValue* value = member(name);
  if (value == nullptr) return std::string(words.front());
  const auto* text = value->as<std::string>();
  if (text == nullptr || std::find(words.begin(), words.end(), *text) == words.end()) {
    const std::string suggestion = text == nullptr ? std::string() : sdk::did_you_mean(*text, words);
    wrong(name, "must be one of " + config::listed(words) + suggestion);
    return std::string(words.front());
  }
  return *text;
}

const JsonList& ManifestObject::list(std::string_view name, std::size_t most) {
  static const JsonList kNone;
  const JsonValue* value = member(name);
  if (value == nullptr) return kNone;
  const auto* list = value->as<JsonList>();
  if (list == nullptr || list->size() > most) {
    wrong(name, list == nullptr ? "must be a list" : "has more than " + std::to_string(most) + " items");
    return kNone;
  }
  return *list;
}

std::vector<std::string> ManifestObject::texts(std::string_view name) {
  std::vector<std::string> texts;
  for (const JsonValue& item : list(name, limits::kScopesPerPluginMax)) {
    const auto* text = item.as<std::string>();
    if (text == nullptr || text->empty()) {
      wrong(name, "must be a list of texts");
      return {};
    }
    texts.push_back(*text);
  }
  return texts;
}

void ManifestObject::finish() {
  if (object_ == nullptr) return;
  for (const auto& [key, value] : *object_) {
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    wrong(key, "is not a known key" + sdk::did_you_mean(key, asked_) + "; allowed are " + config::listed(asked_));
  }
}

}  // namespace backplane::plugin
