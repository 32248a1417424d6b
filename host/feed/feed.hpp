// One writer, many readers: a row of items of which the newest are kept, and from which every reader takes at its own
// speed. A reader that falls behind what is kept loses the oldest and learns how many. Nothing is kept while nobody
// reads, unless the feed is one that remembers. I/O thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backplane::feed {

struct Item {
  std::string bytes;
  std::string id;     // the writer's name for the place after it
  bool text = false;  // UTF-8
};

class Feed;

// Joins one feed at a time, and leaves it at the latest when it is destroyed.
class Reader {
 public:
  Reader() = default;
  virtual ~Reader() { leave(); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // From what is published next, or from what is kept.
  enum class From { kNext, kKept };
  void join(Feed& feed, From from);
  void leave();
  const Feed* feed() const { return feed_; }
  // Whether it is one that goes where the feed's writer goes for good.
  virtual bool is_client() const { return false; }

 protected:
  // Nothing will come any more; it has left the feed. May destroy this reader.
  virtual void on_closed() {}
  // There is something to take. Called once, and again only after all of it was taken.
  virtual void on_items() = 0;

  bool ready() const;
  struct Taken {
    std::shared_ptr<const Item> item;
    std::uint64_t lost = 0;  // items before it, since the last one that was taken
  };
  std::optional<Taken> take();

 private:
  friend class Feed;
  Feed* feed_ = nullptr;
  std::size_t place_ = 0;   // among the feed's readers
  std::uint64_t next_ = 0;  // the number of the item that comes next
  bool told_ = false;
};

// Who publishes, and hears whether it is worth it.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual void on_demand(const Feed& feed) = 0;
};

class Feed {
 public:
  // `depth` items are kept, and kFeedBytesMax bytes of them.
  enum class Memory { kWhileRead, kAlways };
  Feed(std::string name, std::size_t depth, Memory memory);
  ~Feed();
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  const std::string& name() const { return name_; }
  void set_depth(std::size_t depth) { depth_ = depth; }

  // Null: none. A new one hears of the demand at once where there is any.
  void set_writer(Writer* writer);
  Writer* writer() const { return writer_; }
  void publish(Item item);
  // Ends the clients; plugins wait for another writer.
  void end_clients();

  std::size_t readers() const { return readers_.size(); }
  bool wanted() const { return !readers_.empty(); }
  // Of the item that was published last, while there has been a reader ever since; empty: none.
  const std::string& last_id() const { return last_id_; }
  std::uint64_t items_lost() const { return items_lost_; }

 private:
  friend class Reader;
  void add(Reader& reader, Reader::From from);
  void remove(Reader& reader);
  void forget_oldest();

  const std::string name_;
  std::size_t depth_;
  const Memory memory_;
  Writer* writer_ = nullptr;
  std::vector<Reader*> readers_;
  std::deque<std::shared_ptr<const Item>> items_;
  std::uint64_t first_ = 0;  // the number of the oldest that is kept
  std::size_t bytes_ = 0;
  std::string last_id_;
  std::uint64_t items_lost_ = 0;  // by all readers
};

// All feeds of the daemon by their names. A feed is there from the first time that somebody names it, so readers and
// writers may come in any order.
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
