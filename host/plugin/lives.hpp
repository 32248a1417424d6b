// The lives of one instance: the one that serves, the one that comes up to take its place, and those that drain or
// stop. I/O thread only.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "link/op_bridge.hpp"
#include "plugin/life.hpp"

namespace backplane::plugin {

class Lives {
 public:
  // Each null while there is none.
  Life* live() const { return live_.get(); }
  Life* next() const { return next_.get(); }
  std::size_t leaving() const { return leaving_.size(); }  // at most kLivesLeavingMax
  bool empty() const { return !live_ && !next_ && leaving_.empty(); }

  void serve(std::unique_ptr<Life> life) { live_ = std::move(life); }
  void bring_up(std::unique_ptr<Life> life) { next_ = std::move(life); }
  // The next one serves from now on, and the one before it drains.
  void take_over();
  // The next one stops, if there still is one.
  void give_up_next();
  void stop_leaving();
  // Takes out one that is over, after adding what its operations were to the counts.
  std::unique_ptr<Life> bury(Life& life);

  // Looks at their deadlines. Any may be buried meanwhile.
  void tick();

  // Over all lives, the buried ones included.
  link::BridgeCounts counts() const;
  bool owns_process(pid_t pid) const;

 private:
  link::BridgeCounts past_counts_;
  std::unique_ptr<Life> next_;
  std::vector<std::unique_ptr<Life>> leaving_;
  std::unique_ptr<Life> live_;
};

}  // namespace backplane::plugin
