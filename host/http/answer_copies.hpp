// The fresh copies of answers: bounded in number and bytes, least recently used out first. A part of answer_cache.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "exchange/request.hpp"
#include "exchange/response.hpp"
#include "http/route.hpp"

namespace backplane::http {

// What makes two requests alike: route, path, query as sent, and role with its scopes. Views only, so that looking up
// takes no memory.
struct AnswerKey {
  const Route* route;
  std::string_view path;
  std::string_view query;
  const exchange::Principal* principal;  // null on public routes

  AnswerKey(const Route& of, const exchange::Request& request)
      : route(&of), path(request.path), query(request.query), principal(request.principal.get()) {}
  AnswerKey(const Route* of, std::string_view its_path, std::string_view its_query, const exchange::Principal* who)
      : route(of), path(its_path), query(its_query), principal(who) {}

  bool operator==(const AnswerKey& other) const;
};

struct AnswerKeyHash {
  std::size_t operator()(const AnswerKey& key) const;
};

class AnswerCopies {
 public:
  // The copy for that key, or null where there is none or it is stale.
  std::shared_ptr<const exchange::Response> find(const AnswerKey& key, std::int64_t now_ms);

  // Keeps the response until then, in place of an older one. One over kAnswerCachedBytesMax is not kept.
  void put(std::shared_ptr<const Route> route, const exchange::Request& request,
           std::shared_ptr<const exchange::Response> response, std::int64_t until_ms);

  void remove_owner(std::string_view owner);

  bool empty() const { return copies_.empty(); }
  std::size_t size() const { return copies_.size(); }
  std::size_t bytes() const { return bytes_; }

 private:
  struct Copy {
    std::shared_ptr<const Route> route;  // held, so that no new route can have its address
    std::string path;
    std::string query;
    std::shared_ptr<const exchange::Principal> principal;
    std::shared_ptr<const exchange::Response> response;
    std::int64_t until_ms = 0;
    std::size_t bytes = 0;

    AnswerKey key() const { return {route.get(), path, query, principal.get()}; }
  };
  using Place = std::list<Copy>::iterator;

  void remove(Place place);

  std::list<Copy> copies_;                                      // the one used last is in front
  std::unordered_map<AnswerKey, Place, AnswerKeyHash> places_;  // keys look into copies_
  std::size_t bytes_ = 0;
};

}  // namespace backplane::http
