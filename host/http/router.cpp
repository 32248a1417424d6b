#include "http/router.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "base/utf8.hpp"
#include "http/limits.hpp"

namespace backplane::http {
namespace {

using Kind = PatternPart::Kind;

constexpr std::string_view kMethods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

std::string describe(const Route& route) {
  return fmt::format("{} {} of {}", route.method, route.pattern, route.owner);
}

std::string join(const std::set<std::string_view>& methods) {
  std::string text;
  for (const std::string_view method : methods) {
    if (!text.empty()) text += ", ";
    text += method;
  }
  return text;
}

void add_allowed(const Route& route, std::set<std::string_view>& methods) {
  methods.insert(route.method);
  methods.insert("OPTIONS");
  if (route.method == "GET" && route.kind == RouteKind::kHttp) methods.insert("HEAD");
}

bool answers(const Route& route, std::string_view method) {
  return route.method == method || (method == "HEAD" && route.method == "GET" && route.kind == RouteKind::kHttp);
}

}  // namespace

void append(std::vector<Route>& all, std::vector<Route> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// One walk through the tree; it visits the endpoints that match in the order of their rank, until one has the method.
class Router::Search {
 public:
  Search(std::string_view method, Match& match) : method_(method), match_(match) {}

  bool visit(const Endpoint& endpoint, std::string_view tail = {}) {
    for (const Entry& entry : endpoint) {
      if (!answers(*entry.route, method_)) {
        add_allowed(*entry.route, allowed_);
        continue;
      }
      match_.route = entry.route;
      std::size_t value = 0;
      for (const PatternPart& part : entry.pattern) {
        if (part.kind == Kind::kLiteral) continue;
        const std::string_view text = part.kind == Kind::kTail ? tail : values_[value++];
        match_.parameters.push_back({part.text, std::string(text)});
      }
      return true;
    }
    return false;
  }

  // `rest` is empty or starts with '/'. No deeper than the deepest pattern.
  bool walk(const Node& node, std::string_view rest) {
    if (rest.empty()) return visit(node.here) || visit(node.tail);
    const std::size_t slash = rest.find('/', 1);
    const std::string_view part = rest.substr(1, slash == std::string_view::npos ? slash : slash - 1);
    const std::string_view behind = rest.substr(part.size() + 1);
    const auto literal = node.literals.find(part);
    if (literal != node.literals.end() && walk(*literal->second, behind)) return true;
    if (node.parameter) {
      values_.push_back(part);
      if (walk(*node.parameter, behind)) return true;
      values_.pop_back();
    }
    return visit(node.tail, rest.substr(1));
  }

  std::string allow() const { return join(allowed_); }

 private:
  const std::string_view method_;
  Match& match_;
  std::vector<std::string_view> values_;  // of the parameters on the way here
  std::set<std::string_view> allowed_;
};

base::Checked<Router::Entry> Router::check_alone(Route route) {
  const auto wrong = [&route](std::string_view why) {
    return base::problem(base::Error::kInvalid, fmt::format("The route {} {}", describe(route), why));
  };
  if (std::find(std::begin(kMethods), std::end(kMethods), route.method) == std::end(kMethods)) {
    return wrong("has a method that is not one of GET, POST, PUT, PATCH, DELETE");
  }
  if (route.scope.empty()) return wrong("has no scope; a route for everybody says 'public'");
  if (!base::is_scope_name(route.scope))
    return wrong(fmt::format("has the scope '{}', which is no valid name", route.scope));
  if (route.kind == RouteKind::kWebSocket && route.method != "GET") return wrong("is a WebSocket and must be GET");
  auto pattern = parse_pattern(route.pattern);
  if (!pattern) return wrong("cannot be added: " + pattern.error().text);
  return Entry{std::move(*pattern), std::make_shared<const Route>(std::move(route))};
}

base::Checked<void> Router::check_against(const std::vector<Entry>& others, const Entry& entry) {
  const Route& route = *entry.route;
  if (others.size() >= limits::kRoutesMax) {
    return base::problem(base::Error::kLimit, fmt::format("There are already {} routes", limits::kRoutesMax));
  }
  for (const Entry& other : others) {
    const bool same_owner = other.route->owner == route.owner;
    if (same_owner && !route.id.empty() && other.route->id == route.id) {
      return base::problem(base::Error::kConflict,
                           fmt::format("{} has two routes with the id '{}'", route.owner, route.id));
    }
    if (other.route->method != route.method) continue;
    if (same_shape(other.pattern, entry.pattern)) {
      return base::problem(base::Error::kConflict,
                           fmt::format("The route {} is the same as {}", describe(route), describe(*other.route)));
    }
    if (!same_owner && overlap(other.pattern, entry.pattern)) {
      return base::problem(base::Error::kConflict,
                           fmt::format("The route {} matches paths of {}", describe(route), describe(*other.route)));
    }
  }
  return {};
}

base::Checked<void> Router::add(Route route) {
  auto entry = check_alone(std::move(route));
  if (!entry) return entry.error();
  if (auto checked = check_against(entries_, *entry); !checked) return checked;
  insert(*entry);
  entries_.push_back(std::move(*entry));
  return {};
}

std::vector<base::Problem> Router::replace_owner(const std::string& owner, std::vector<Route> routes) {
  std::vector<base::Problem> problems;
  std::vector<Entry> next;
  for (const Entry& entry : entries_) {
    if (entry.route->owner != owner) next.push_back(entry);
  }
  for (Route& route : routes) {
    route.owner = owner;
    auto entry = check_alone(std::move(route));
    if (!entry) {
      problems.push_back(entry.error());
    } else if (auto checked = check_against(next, *entry); !checked) {
      problems.push_back(checked.error());
    } else {
      next.push_back(std::move(*entry));
    }
  }
  if (!problems.empty()) return problems;
  entries_ = std::move(next);
  rebuild();
  return problems;
}

void Router::remove_owner(std::string_view owner) {
  std::erase_if(entries_, [owner](const Entry& entry) { return entry.route->owner == owner; });
  rebuild();
}

void Router::rebuild() {
  literal_paths_.clear();
  root_ = Node();
  for (const Entry& entry : entries_) insert(entry);
}

void Router::insert(const Entry& entry) {
  const bool literal = std::all_of(entry.pattern.begin(), entry.pattern.end(),
                                   [](const PatternPart& part) { return part.kind == Kind::kLiteral; });
  if (literal) {
    literal_paths_[entry.route->pattern].push_back(entry);
    return;
  }
  Node* node = &root_;
  for (const PatternPart& part : entry.pattern) {
    if (part.kind == Kind::kTail) {
      node->tail.push_back(entry);
      return;
    }
    std::unique_ptr<Node>& next = part.kind == Kind::kLiteral ? node->literals[part.text] : node->parameter;
    if (!next) next = std::make_unique<Node>();
    node = next.get();
  }
  node->here.push_back(entry);
}

Match Router::match(std::string_view method, std::string_view path) const {
  Match match;
  const auto literal = literal_paths_.find(path);
  if (literal != literal_paths_.end()) {
    for (const Entry& entry : literal->second) {
      if (!answers(*entry.route, method)) continue;
      match.route = entry.route;  // the usual case: no more than one look into the table
      return match;
    }
  }
  Search search(method, match);
  if (path == "*" && method == "OPTIONS") {
    for (const Entry& entry : entries_) search.visit({entry});
  } else if ((literal != literal_paths_.end() && search.visit(literal->second)) ||
             search.walk(root_, path == "/" ? std::string_view() : path)) {
    return match;
  }
  match.allow = search.allow();
  return match;
}

std::vector<std::shared_ptr<const Route>> Router::routes() const {
  std::vector<std::shared_ptr<const Route>> all;
  for (const Entry& entry : entries_) all.push_back(entry.route);
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::tie(a->pattern, a->method) < std::tie(b->pattern, b->method);
  });
  return all;
}

}  // namespace backplane::http
