// The probe's feeds: what it declares, the steps that call the host, and the events. Its numbers are not the
// manifest's.
#include <algorithm>
#include <charconv>

#include "probe.hpp"

namespace probe {
namespace {

const char* const kFeeds[] = {"other", "lines"};
const char* const kFewer[] = {"lines"};
const char* const kUnknown[] = {"lines", "nobody"};
const char* const kTwice[] = {"lines", "lines"};

void on_demand(void* self, std::uint32_t feed, std::int32_t wanted, bp_bytes last_id) {
  static_cast<Probe*>(self)->note("on_demand " + std::to_string(feed) + " " + std::to_string(wanted) + " '" +
                                  text(last_id) + "'");
}

void on_item(void* self, bp_cookie subscription, const bp_feed_item* item, std::uint64_t lost) {
  Probe& probe = *static_cast<Probe*>(self);
  const std::string bytes = text(item->bytes);
  probe.note("on_item " + std::to_string(subscription) + " " +
             (bytes.size() <= 200 ? bytes : std::to_string(bytes.size()) + " bytes") + " '" + text(item->id) +
             "' lost " + std::to_string(lost));
}

std::int64_t number(const std::vector<std::string>& words, std::size_t i) {
  std::int64_t value = 0;
  if (i < words.size()) std::from_chars(words[i].data(), words[i].data() + words[i].size(), value);
  return value;
}

bp_status publish(Probe& probe, std::uint32_t feed, std::string_view bytes_of_it, std::string_view id) {
  bp_feed_item item{};
  item.size = sizeof item;
  item.bytes = bytes(bytes_of_it);
  item.id = bytes(id);
  return probe.f->publish(probe.host, feed, &item);
}

bp_framing framing_of(std::int32_t kind) {
  bp_framing framing{};
  framing.size = sizeof framing;
  framing.kind = kind;
  framing.prefix = bytes("<");
  framing.suffix = bytes(">");
  framing.lost = bytes("{count} lost");
  return framing;
}

bool publish_step(Probe& probe, const std::vector<std::string>& words) {
  const std::string& name = words[0];
  const auto feed = static_cast<std::uint32_t>(number(words, 1));
  const std::string many(static_cast<std::size_t>(std::max<std::int64_t>(0, number(words, 2))), 'i');
  const std::string word = words.size() > 2 ? words[2] : "";
  if (name == "publish") {  // publish:feed:text:id
    probe.note(name, publish(probe, feed, word, words.size() > 3 ? words[3] : ""));
  } else if (name == "publish_bytes") {
    probe.note(name, publish(probe, feed, many, ""));
  } else if (name == "publish_id_bytes") {
    probe.note(name, publish(probe, feed, "x", many));
  } else if (name == "publish_broken") {
    probe.note(name, publish(probe, feed, "\xC3(", ""));
  } else if (name == "publish_null") {
    probe.note(name, probe.f->publish(probe.host, feed, nullptr));
  } else if (name == "publish_fill") {  // items of that size until one is not taken
    bp_status status = BP_OK;
    for (int taken = 0; status == BP_OK && taken < 10000; ++taken) status = publish(probe, feed, many, "");
    probe.note(name, status);
  } else {
    return false;
  }
  return true;
}

}  // namespace

void set_feeds(Probe& probe) {
  const auto declare = [&probe](const char* const* ids, std::uint32_t count) {
    probe.feed = {sizeof probe.feed, count, ids, on_demand, on_item};
  };
  declare(kFeeds, std::size(kFeeds));
  if (probe.configured("feeds", "fewer")) declare(kFewer, std::size(kFewer));
  if (probe.configured("feeds", "unknown")) declare(kUnknown, std::size(kUnknown));
  if (probe.configured("feeds", "twice")) declare(kTwice, std::size(kTwice));
  if (probe.configured("feeds", "null")) declare(nullptr, 2);
  if (probe.configured("feeds", "short")) probe.feed.size = 16;
}

bool feed_step(Probe& probe, bp_op op, const std::vector<std::string>& words) {
  const std::string& name = words[0];
  const auto first = number(words, 1);
  const auto kind = static_cast<std::int32_t>(number(words, 2));
  const std::string long_text(BP_FRAMING_BYTES_MAX + 1, 'l');
  bp_framing framing = framing_of(kind);
  const auto attach = [&] {
    probe.note(name, probe.f->attach(probe.host, op, static_cast<std::uint32_t>(first), &framing));
  };
  if (name == "attach") {  // attach:feed:kind
    attach();
  } else if (name == "attach_long") {
    framing.suffix = bytes(long_text);
    attach();
  } else if (name == "attach_broken") {
    framing.prefix = bytes("\xC3(");
    attach();
  } else if (name == "attach_bare") {
    framing.prefix = framing.suffix = framing.lost = {};
    attach();
  } else if (name == "attach_null") {
    probe.note(name, probe.f->attach(probe.host, op, static_cast<std::uint32_t>(first), nullptr));
  } else if (name == "subscribe") {  // subscribe:cookie:feed
    probe.note(name, probe.f->subscribe(probe.host, static_cast<bp_cookie>(first), bytes(words[2])));
  } else if (name == "subscribe_many") {
    for (bp_cookie cookie = 100; cookie < 117; ++cookie) {
      probe.note(name, probe.f->subscribe(probe.host, cookie, bytes("probe/other")));
    }
  } else if (name == "unsubscribe") {
    probe.note(name, probe.f->unsubscribe(probe.host, static_cast<bp_cookie>(first)));
  } else {
    return publish_step(probe, words);
  }
  return true;
}

}  // namespace probe
