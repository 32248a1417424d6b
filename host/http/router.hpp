// Finds the route of a method and path, and refuses routes that would get in each other's way. I/O thread only.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "exchange/request.hpp"
#include "http/pattern.hpp"
#include "http/route.hpp"

namespace backplane::http {

// Puts the routes of one part behind those of others.
void append(std::vector<Route>& all, std::vector<Route> more);

struct Match {
  std::shared_ptr<const Route> route;       // null: not found, or the method is not allowed
  std::vector<exchange::Field> parameters;  // of the route's pattern, in its order
  std::string allow;                        // if there is no route: the methods of that path; empty: no such path
};

class Router {
 public:
  // Adds a route. The problem names both owners if it collides: the same method and pattern as another route, or,
  // with another owner's route of the same method, a path that both match (a parameter or tail over the other's
  // literal). Refused as well (kInvalid): no scope (deny by default), a scope that is no dotted lower-case name, a
  // method other than GET, POST, PUT, PATCH, DELETE, a WebSocket that is not GET, an id that its owner uses already, a
  // pattern that is none.
  base::Checked<void> add(Route route);

  // Puts `routes` in the place of all routes of `owner` (their owner is set). All or nothing: if one has a problem,
  // all problems are returned and the old routes stay.
  std::vector<base::Problem> replace_owner(const std::string& owner, std::vector<Route> routes);

  // Requests that have found a route keep it.
  void remove_owner(std::string_view owner);

  // `path` comes from read_target_path. HEAD finds the GET route. A literal beats a parameter beats a tail, part by
  // part from the left; among the routes that match, the first with that method counts. A tail matches zero or more
  // parts. OPTIONS never finds a route but gets `allow`, also for the path "*".
  Match match(std::string_view method, std::string_view path) const;

  // All routes, by pattern and method.
  std::vector<std::shared_ptr<const Route>> routes() const;

 private:
  struct Entry {
    Pattern pattern;
    std::shared_ptr<const Route> route;
  };
  // The routes of one shape, one for each method.
  using Endpoint = std::vector<Entry>;
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> parameter;
    Endpoint here;
    Endpoint tail;
  };
  struct PathHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view path) const { return std::hash<std::string_view>()(path); }
  };
  class Search;

  static base::Checked<Entry> check_alone(Route route);
  static base::Checked<void> check_against(const std::vector<Entry>& others, const Entry& entry);
  void insert(const Entry& entry);
  void rebuild();

  std::vector<Entry> entries_;
  std::unordered_map<std::string, Endpoint, PathHash, std::equal_to<>> literal_paths_;
  Node root_;  // patterns with a parameter or a tail
};

}  // namespace backplane::http
