#include "link/plugin_side/plugin_extensions.hpp"

#include <backplane/ext/feed.h>
#include <backplane/ext/http.h>

#include <utility>

#include "link/wire/shared_page.hpp"

namespace backplane::link {

std::string wrong_with_table(const bp_plugin& plugin) {
  if (!BP_HAS(&plugin, destroy)) return "the table that its create function returned is too short";
  if (plugin.get_extension == nullptr || plugin.start == nullptr || plugin.stop == nullptr ||
      plugin.destroy == nullptr) {
    return "the table that its create function returned lacks get_extension, start, stop or destroy";
  }
  return {};
}

void PluginExtensions::ask(const bp_plugin& plugin, const Settings& settings) {
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    const auto named = std::ranges::find(settings.extensions, kPluginExtensions[i]);
    if (named != settings.extensions.end()) tables_[i] = plugin.get_extension(plugin.self, kPluginExtensions[i].data());
  }
}

std::string PluginExtensions::wrong_with_routes(const Settings& settings) {
  const auto* http = table<bp_plugin_http>(BP_EXT_HTTP);
  if (http == nullptr) {
    return settings.routes.empty() ? "" : "its manifest declares routes, and it has no " BP_EXT_HTTP " table";
  }
  if (!BP_HAS(http, on_end) || http->on_request == nullptr || http->on_end == nullptr) {
    return "its " BP_EXT_HTTP " table lacks on_request or on_end";
  }
  route_index_.assign(settings.routes.size(), kNoRoute);
  for (std::uint32_t i = 0; i < http->route_count; ++i) {
    const char* id = http->routes[i];
    bool declared = false;
    for (std::size_t route = 0; id != nullptr && route < settings.routes.size(); ++route) {
      if (settings.routes[route].id != id) continue;
      if (route_index_[route] != kNoRoute) return std::string("it handles the route '") + id + "' twice";
      route_index_[route] = i;
      declared = true;
    }
    if (!declared) {
      return std::string("it handles the route '") + (id == nullptr ? "" : id) +
             "', which its manifest does not declare";
    }
  }
  for (std::size_t route = 0; route < route_index_.size(); ++route) {
    if (route_index_[route] == kNoRoute) {
      return "its manifest declares the route '" + settings.routes[route].id + "', and it has no handler for it";
    }
  }
  return {};
}

std::string PluginExtensions::wrong_with_feeds(const Settings& settings, FeedStates& feeds) const {
  const auto* events = table<bp_plugin_feed>(BP_EXT_FEED);
  if (events == nullptr) {
    return settings.feeds.empty() ? "" : "its manifest declares feeds, and it has no " BP_EXT_FEED " table";
  }
  if (!BP_HAS(events, on_item)) return "its " BP_EXT_FEED " table is too short";
  if (events->feed_count != 0 && events->feeds == nullptr) return "its " BP_EXT_FEED " table has no feeds";
  std::vector<std::uint32_t> places;
  for (std::uint32_t i = 0; i < events->feed_count; ++i) {
    const std::string id = events->feeds[i] == nullptr ? "" : events->feeds[i];
    const auto found =
        std::find_if(settings.feeds.begin(), settings.feeds.end(), [&](const FeedInfo& feed) { return feed.id == id; });
    if (found == settings.feeds.end()) return "it has the feed '" + id + "', which its manifest does not declare";
    const auto place = static_cast<std::uint32_t>(found - settings.feeds.begin());
    if (std::find(places.begin(), places.end(), place) != places.end()) return "it has the feed '" + id + "' twice";
    places.push_back(place);
  }
  if (places.size() != settings.feeds.size()) return "its manifest declares feeds that it does not have";
  feeds.set_feeds(std::move(places));
  return {};
}

}  // namespace backplane::link
