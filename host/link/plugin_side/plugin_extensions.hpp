// The tables that a plugin has for the extensions that its manifest names, checked against what the manifest declares.
// Plugin's own thread.
#pragma once

#include <backplane/plugin.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "link/plugin_side/feed_states.hpp"
#include "link/wire/extensions.hpp"
#include "link/wire/settings.hpp"

namespace backplane::link {

// What is wrong with the table that create returned, in words for an operator; empty: nothing.
std::string wrong_with_table(const bp_plugin& plugin);

class PluginExtensions {
 public:
  // The place of an id among kPluginExtensions, found while this is compiled.
  struct Place {
    consteval Place(const char* id)
        : index(static_cast<std::size_t>(
              std::find(std::begin(kPluginExtensions), std::end(kPluginExtensions), std::string_view(id)) -
              std::begin(kPluginExtensions))) {
      if (index == std::size(kPluginExtensions)) throw "no plugin has a table for it";
    }
    std::size_t index;
  };

  // Asks the plugin for its tables. Whoever calls this catches what the plugin throws.
  void ask(const bp_plugin& plugin, const Settings& settings);
  // What is wrong with the plugin's routes, in words for an operator; empty: nothing.
  std::string wrong_with_routes(const Settings& settings);
  // The same for its feeds; tells `feeds` their places in the manifest.
  std::string wrong_with_feeds(const Settings& settings, FeedStates& feeds) const;

  // Null: the manifest does not name it, or the plugin has none.
  template <class Table>
  const Table* table(Place place) const {
    return static_cast<const Table*>(tables_[place.index]);
  }
  // The plugin's own number of one of the manifest's routes.
  std::uint32_t plugins_route(std::uint32_t manifest_index) const { return route_index_[manifest_index]; }

 private:
  std::array<const void*, std::size(kPluginExtensions)> tables_{};
  std::vector<std::uint32_t> route_index_;  // the manifest's index to the plugin's
};

}  // namespace backplane::link
