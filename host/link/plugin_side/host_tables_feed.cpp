// backplane.feed/1, the host's side.
#include <algorithm>

#include "base/utf8.hpp"
#include "feed/limits.hpp"
#include "link/plugin_side/abi_values.hpp"
#include "link/plugin_side/host_tables.hpp"
#include "link/plugin_side/plugin_side.hpp"
#include "link/wire/message_rules.hpp"

namespace backplane::link {
namespace {

static_assert(feed::limits::kFeedItemBytesMax == BP_FEED_ITEM_BYTES_MAX);
static_assert(feed::limits::kFeedItemIdBytesMax == BP_FEED_ID_BYTES_MAX);
static_assert(feed::limits::kFramingBytesMax == BP_FRAMING_BYTES_MAX);

bp_status publish(const bp_host* host, std::uint32_t feed, const bp_feed_item* item) {
  PluginSide& side = side_of(host);
  const auto place = side.feeds().of_plugin(feed);
  if (!place || item == nullptr || !BP_HAS(item, id)) return BP_E_INVALID;
  const std::string_view bytes = to_text(item->bytes);
  const std::string_view id = to_text(item->id);
  if (const Verdict checked = check_item(bytes, id); !checked.ok()) return checked.status;
  if (side.to_host().send({Code::kPublish, *place, Item{std::string(bytes), std::string(id), 0}})) return BP_OK;
  return BP_E_AGAIN;
}

bp_status read_framing(const bp_framing* from, feed::Framing& into) {
  if (from == nullptr || !BP_HAS(from, lost)) return BP_E_INVALID;
  const auto kind = to_data_kind(from->kind);
  if (!kind) return BP_E_INVALID;
  into.kind = *kind;
  into.prefix = to_text(from->prefix);
  into.suffix = to_text(from->suffix);
  into.lost = to_text(from->lost);
  return check_framing(into).status;
}

bp_status attach(const bp_host* host, bp_op op, std::uint32_t feed, const bp_framing* framing) {
  PluginSide& side = side_of(host);
  const auto place = side.feeds().of_plugin(feed);
  if (!place) return BP_E_INVALID;
  Attach attach{*place, {}};
  if (const bp_status status = read_framing(framing, attach.framing); status != BP_OK) return status;
  const bool message = attach.framing.kind != op::DataKind::kBytes;
  if (const bp_status status = side.states().attach(op, message); status != BP_OK) return status;
  side.feeds().attaching(*place);
  side.to_host().send({Code::kAttach, op, std::move(attach)});
  return BP_OK;
}

bp_status subscribe(const bp_host* host, bp_cookie subscription, bp_bytes feed) {
  PluginSide& side = side_of(host);
  const auto& readable = side.settings().feeds_readable;
  if (std::find(readable.begin(), readable.end(), to_text(feed)) == readable.end()) return BP_E_DENIED;
  std::uint64_t number = 0;
  if (const bp_status status = side.feeds().subscribe(subscription, number); status != BP_OK) return status;
  if (side.to_host().send({Code::kSubscribe, number, Subscribe{std::string(to_text(feed))}})) return BP_OK;
  side.feeds().unsubscribe(subscription, number);
  return BP_E_AGAIN;
}

bp_status unsubscribe(const bp_host* host, bp_cookie subscription) {
  PluginSide& side = side_of(host);
  std::uint64_t number = 0;
  const bp_status status = side.feeds().unsubscribe(subscription, number);
  if (status == BP_OK) side.to_host().send({Code::kUnsubscribe, number, {}});
  return status;
}

}  // namespace

const void* feed_table() {
  static const bp_host_feed kTable{sizeof(bp_host_feed), 0, publish, attach, subscribe, unsubscribe};
  return &kTable;
}

}  // namespace backplane::link
