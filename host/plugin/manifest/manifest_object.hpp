// Reads the members of one JSON object of a manifest, collects what is wrong with them, and in the end names every
// member that nobody asked for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/json/value.hpp"

namespace backplane::plugin {

class ManifestProblems {
 public:
  explicit ManifestProblems(std::string file) : file_(std::move(file)) {}
  void add(const std::string& pointer, std::string text);
  std::vector<base::Problem> take() { return std::move(problems_); }
  void append(std::vector<base::Problem> more);
  bool empty() const { return problems_.empty(); }
  const std::string& file() const { return file_; }

 private:
  std::string file_;
  std::vector<base::Problem> problems_;
};

class ManifestObject {
 public:
  // Reports where the value is no object; then every member is absent.
  ManifestObject(const config::JsonValue* value, std::string pointer, ManifestProblems& problems);

  enum class Presence { kRequired, kOptional };

  std::string text(std::string_view name, Presence presence);
  bool boolean(std::string_view name, bool absent);
  std::int64_t integer(std::string_view name, std::int64_t absent, std::int64_t least, std::int64_t most);
  // One of the words; the first if it is absent.
  std::string word(std::string_view name, const std::vector<std::string_view>& words);
  std::vector<std::string> texts(std::string_view name);
  // The items of a list, at most `most`; none if it is absent.
  const config::JsonList& list(std::string_view name, std::size_t most);
  // Null if it is absent.
  const config::JsonValue* member(std::string_view name);

  void wrong(std::string_view name, std::string text);
  std::string pointer_to(std::string_view name) const;
  // Reports every member that was not asked for above.
  void finish();

 private:
  const config::JsonObject* object_ = nullptr;
  std::string pointer_;
  ManifestProblems& problems_;
  std::vector<std::string_view> asked_;
};

}  // namespace backplane::plugin
