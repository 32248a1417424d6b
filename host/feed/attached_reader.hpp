// A client as the reader of a feed: what its operation sends from now on, with the framing that its plugin asked for.
// I/O thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "feed/feed.hpp"
#include "op/operation.hpp"

namespace backplane::feed {

struct Framing {
  op::DataKind kind = op::DataKind::kBytes;
  std::string prefix;
  std::string suffix;
  std::string lost;  // with "{count}"; empty: the reader is not told
};

class AttachedReader final : public op::Source, public Reader {
 public:
  AttachedReader(op::Operation& operation, Framing framing) : operation_(operation), framing_(std::move(framing)) {}

  bool ready() const override { return waiting_ || Reader::ready(); }
  std::optional<op::Data> take() override;
  bool is_client() const override { return true; }

 private:
  void on_closed() override { operation_.finish(op::End::kStopping); }
  void on_items() override { operation_.source_ready(); }
  bool says_nothing(const Item& item) const;
  std::string lost_text() const;
  op::Data framed(std::shared_ptr<const Item> item) const;

  op::Operation& operation_;  // which owns this
  const Framing framing_;
  std::uint64_t lost_ = 0;               // not told yet
  std::shared_ptr<const Item> waiting_;  // taken, and held back until the client was told what it has lost
};

}  // namespace backplane::feed
