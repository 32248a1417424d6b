#include "mutations.hpp"

#include <optional>
#include <random>
#include <set>
#include <sstream>
#include <utility>

namespace backplane::config {
namespace {

using Lines = std::vector<std::string>;

Lines split(const std::string& text) {
  Lines out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

std::string join(const Lines& lines) {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

// The parts of "  - key: value"; positions in the line.
struct Parts {
  std::size_t indent = 0;
  std::size_t key = 0;    // where the key begins (behind "- ")
  std::size_t colon = 0;  // npos in a line without a key of its own
  std::string name;
  std::string value;  // "" where the value stands below
};

Parts parts_of(const std::string& line) {
  Parts out;
  out.indent = line.find_first_not_of(' ');
  out.key = line.compare(out.indent, 2, "- ") == 0 ? out.indent + 2 : out.indent;
  out.colon = line[out.key] == '{' ? std::string::npos : line.find(':', out.key);
  if (out.colon != std::string::npos && out.colon + 1 < line.size() && line[out.colon + 1] != ' ') {
    out.colon = std::string::npos;  // a value with colons, not a key
  }
  if (out.colon == std::string::npos) return out;
  out.name = line.substr(out.key, out.colon - out.key);
  if (out.colon + 2 < line.size()) out.value = line.substr(out.colon + 2);
  return out;
}

class Mutator {
 public:
  Mutator(const std::string& text, std::uint32_t seed) : lines_(split(text)), random_(seed) {}

  std::optional<Mutation> next() {
    const std::size_t at = random_() % lines_.size();
    const std::string& line = lines_[at];
    if (line.empty() || line[line.find_first_not_of(' ')] == '#') return std::nullopt;
    static constexpr Kind kKinds[] = {
        {"misspelt key", &Mutator::misspell},
        {"wrong type", &Mutator::wrong_type},
        {"bad value", &Mutator::bad_value},
        {"colon deleted", &Mutator::delete_colon},
        {"blank after colon deleted", &Mutator::delete_blank},
        {"tab", &Mutator::tab},
        {"duplicate key", &Mutator::duplicate},
        {"unknown key", &Mutator::unknown_key},
        {"quote left open", &Mutator::open_quote},
        {"bracket left open", &Mutator::open_bracket},
        {"bracket too many", &Mutator::extra_bracket},
        {"one blank too many", &Mutator::indent},
        {"unknown alias", &Mutator::alias},
        {"byte that is no text", &Mutator::bad_byte},
    };
    const Kind& kind = kKinds[random_() % std::size(kKinds)];
    Lines copy = lines_;
    const auto wrong_line = (this->*kind.change)(copy, at, parts_of(line));
    if (!wrong_line) return std::nullopt;
    return Mutation{kind.name, *wrong_line + 1, join(copy)};
  }

 private:
  // Changes the lines and returns the wrong line's index, or nothing where the kind does not fit the line.
  using Change = std::optional<std::size_t> (Mutator::*)(Lines&, std::size_t, const Parts&);
  struct Kind {
    const char* name;
    Change change;
  };

  bool in_plugin_config(std::size_t at) const {  // keys and values there are the plugin's business
    std::size_t indent = lines_[at].find_first_not_of(' ');
    for (std::size_t i = at; i-- > 0 && indent > 0;) {
      const std::size_t above = lines_[i].find_first_not_of(' ');
      if (above == std::string::npos || above >= indent) continue;
      indent = above;
      if (lines_[i].compare(above, 7, "config:") == 0) return true;
    }
    return false;
  }

  // Keys that the user invents: every spelling of them is right.
  bool is_free_name(std::size_t at, const Parts& parts) const {
    static const std::set<std::string> kFree = {"root", "www-data", "kvm-info", "video", "video-2"};
    return kFree.count(parts.name) != 0 || in_plugin_config(at);
  }

  std::optional<std::size_t> misspell(Lines& lines, std::size_t at, const Parts& parts) {
    if (parts.colon == std::string::npos || is_free_name(at, parts)) return std::nullopt;
    std::string name = parts.name;
    const std::size_t i = random_() % name.size();
    switch (random_() % 3) {
      case 0:
        name.erase(i, 1);
        break;
      case 1:
        name.insert(i, 1, name[i] == 'x' ? 'y' : 'x');
        break;
      default:
        if (i + 1 == name.size() || name[i] == name[i + 1]) return std::nullopt;
        std::swap(name[i], name[i + 1]);
    }
    lines[at].replace(parts.key, parts.name.size(), name);
    return at;
  }

  std::optional<std::size_t> wrong_type(Lines& lines, std::size_t at, const Parts& parts) {
    if (parts.value.empty() || in_plugin_config(at) || parts.name == "config") return std::nullopt;
    static const char* const kScalars[] = {"[1, 2]", "{ a: 1 }"};
    const bool list = parts.value.front() == '[' || parts.value.front() == '{';
    const char* wrong = list ? "7" : kScalars[random_() % 2];
    lines[at].replace(parts.colon + 2, std::string::npos, wrong);
    return at;
  }

  std::optional<std::size_t> bad_value(Lines& lines, std::size_t at, const Parts& parts) {
    static const std::vector<std::pair<std::string, std::vector<std::string>>> kWrong = {
        {"address", {"localhost", "\"300.0.0.1\"", "\"1.2.3\"", "\"\""}},
        {"port", {"0", "65536", "-1", "http", "4.5", "\"443\""}},
        {"tls", {"maybe", "off", "\"false\""}},
        {"allow_plaintext", {"sure", "1"}},
        {"mode", {"\"0999\"", "\"10660\"", "rw"}},
        {"throttle", {"offf", "0"}},
        {"passwords", {"smal", "tiny"}},
        {"lifetime", {"6", "6x", "-1h", "h", "1e9h"}},
        {"idle", {"1 hour", "30min", "99999999d"}},
        {"api_version", {"5", "four"}},
        {"logout", {"all", "sesion"}},
        {"http_status", {"orignal", "200"}},
        {"token_format", {"jwt", "rfc-7519"}},
        {"login_failure_status", {"404", "4O1"}},
        {"level", {"loud", "warn1ng"}},
        {"access", {"offf", "maybe"}},
        {"name", {"\"\"", "true", "12"}},
        {"isolation", {"proces", "container"}},
        {"user", {"1000", "-video", "\"a b\""}},
        {"memory_max", {"64X", "7M", "5G", "-64M", "64 M"}},
        {"devices", {"[dev/video0]", "[/dev/../etc]"}},
        {"capabilities", {"[NET_RAW]", "[cap_net_raw]"}},
        {"network", {"maybe", "1"}},
        {"plugin", {"../video", "Video"}},
        {"mount", {"video-2", "/", "/a//b", "/video-2/"}},
        {"redirects", {"[//evil.example]", "[kvm]"}},
        {"unix", {"\"\"", "12"}},
    };
    for (const auto& [name, values] : kWrong) {
      if (parts.name != name || parts.value.empty() || in_plugin_config(at)) continue;
      lines[at].replace(parts.colon + 2, std::string::npos, values[random_() % values.size()]);
      return at;
    }
    if (lines[at].find('/') == std::string::npos || lines[at].find("- ") == std::string::npos) return std::nullopt;
    if (parts.colon != std::string::npos || lines[at].find('{') != std::string::npos) return std::nullopt;
    if (lines[at].find("plugins") != std::string::npos) return std::nullopt;  // any text is a folder
    const std::size_t value = lines[at].find("- ") + 2;
    lines[at].replace(value, std::string::npos, "10.0.0.1/99");
    return at;
  }

  std::optional<std::size_t> delete_colon(Lines& lines, std::size_t at, const Parts& parts) {
    if (parts.colon == std::string::npos) return std::nullopt;
    lines[at].erase(parts.colon, 1);
    return at;
  }

  std::optional<std::size_t> delete_blank(Lines& lines, std::size_t at, const Parts& parts) {
    if (parts.value.empty()) return std::nullopt;
    lines[at].erase(parts.colon + 1, 1);
    return at;
  }

  std::optional<std::size_t> tab(Lines& lines, std::size_t at, const Parts& parts) {
    if (parts.indent == 0) return std::nullopt;
    lines[at].replace(0, parts.indent, "\t");
    return at;
  }

  std::optional<std::size_t> duplicate(Lines& lines, std::size_t at, const Parts& parts) {
    if (parts.value.empty() || parts.key != parts.indent) return std::nullopt;
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), lines[at]);
    return at + 1;
  }

  std::optional<std::size_t> unknown_key(Lines& lines, std::size_t at, const Parts& parts) {
    if (parts.colon == std::string::npos || parts.key != parts.indent || is_free_name(at, parts)) return std::nullopt;
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), std::string(parts.indent, ' ') + "zoom: 3");
    return at;
  }

  std::optional<std::size_t> open_quote(Lines& lines, std::size_t at, const Parts& parts) {
    if (parts.value.empty()) return std::nullopt;
    const bool quoted = parts.value.front() == '"';
    if (quoted) {
      lines[at].pop_back();
    } else {
      lines[at].insert(parts.colon + 2, random_() % 2 == 0 ? "\"" : "'");
    }
    return at;
  }

  std::optional<std::size_t> open_bracket(Lines& lines, std::size_t at, const Parts&) {
    const std::size_t close = lines[at].find_last_of("}]");
    if (close == std::string::npos) return std::nullopt;
    lines[at].erase(close, 1);
    return at;
  }

  std::optional<std::size_t> extra_bracket(Lines& lines, std::size_t at, const Parts&) {
    const std::size_t close = lines[at].find_last_of("}]");
    if (close == std::string::npos) return std::nullopt;
    lines[at] += lines[at][close];
    return at;
  }

  std::optional<std::size_t> indent(Lines& lines, std::size_t at, const Parts& parts) {
    const Parts above = at == 0 || lines[at - 1].empty() ? Parts{} : parts_of(lines[at - 1]);
    const bool same_block = parts.colon != std::string::npos && !above.value.empty() && above.key == parts.key;
    if (!same_block) return std::nullopt;
    lines[at].insert(0, " ");
    return at;
  }

  std::optional<std::size_t> alias(Lines& lines, std::size_t at, const Parts& parts) {
    if (parts.value.empty()) return std::nullopt;
    lines[at].replace(parts.colon + 2, std::string::npos, "*nobody");
    return at;
  }

  std::optional<std::size_t> bad_byte(Lines& lines, std::size_t at, const Parts&) {
    lines[at] += random_() % 2 == 0 ? "\xff" : std::string(1, '\x01');
    return at;
  }

  const Lines lines_;
  std::mt19937 random_;
};

}  // namespace

std::vector<Mutation> make_mutations(const std::string& text, std::size_t count, std::uint32_t seed) {
  Mutator mutator(text, seed);
  std::vector<Mutation> out;
  std::set<std::string> seen;
  for (std::size_t tries = 0; out.size() < count && tries < count * 100; ++tries) {
    auto mutation = mutator.next();
    if (mutation && seen.insert(mutation->text).second) out.push_back(std::move(*mutation));
  }
  return out;
}

}  // namespace backplane::config
