// Says which descriptors can be read or written. I/O thread only.
#pragma once

namespace backplane::base {

class Readiness {
 public:
  // Who hears of a descriptor. Edge-triggered: told once; whoever is told tries until the system says "not now", or,
  // where the peer has ended its side, until that end is read: nothing more is told of it.
  class Watcher {
   public:
    virtual ~Watcher() = default;
    virtual void on_ready(bool readable, bool peer_ended) = 0;
  };

  virtual ~Readiness() = default;
  // Watches a descriptor for both directions until remove(). False where the kernel refuses (its limit, or no memory).
  virtual bool add(int descriptor, Watcher& watcher) = 0;
  // The watcher hears nothing more, not even of what has been seen already. Before the descriptor is closed.
  virtual void remove(int descriptor, const Watcher& watcher) = 0;
};

}  // namespace backplane::base
