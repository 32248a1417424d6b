// All feeds of the daemon by their names. A feed is there from the first time that somebody names it, so readers and
// writers may come in any order. I/O thread only.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "feed/feed.hpp"

namespace backplane::feed {

class Feeds {
 public:
  // Who may name feeds is bounded by manifests, so the number of feeds is.
  Feed& at(std::string_view name);
  // The same for one that keeps its newest items whether somebody reads or not; the first to name it.
  Feed& remembering(std::string_view name, std::size_t depth);

  // Ends all clients: the daemon stops.
  void end_clients();
  void each(const std::function<void(const Feed&)>& look) const;

 private:
  std::map<std::string, std::unique_ptr<Feed>, std::less<>> feeds_;
};

}  // namespace backplane::feed
