// The C++ SDK in one include: derive from backplane::sdk::Plugin, list the routes, end one file with
// BACKPLANE_PLUGIN(YourClass). Header-only and no part of the ABI: plugins of any SDK version run on the same host.
#pragma once

#include <backplane/host.hpp>
#include <backplane/instance.hpp>
#include <backplane/loop.hpp>
#include <backplane/operation.hpp>
#include <backplane/plugin_base.hpp>
#include <backplane/request.hpp>
#include <backplane/response.hpp>

// Defines the plugin's one exported symbol, outside any namespace. backplane_add_plugin() embeds the manifest.
#define BACKPLANE_PLUGIN(Class)                                                                  \
  extern "C" const unsigned char backplane_manifest[BACKPLANE_MANIFEST_SIZE];                    \
  const bp_plugin_entry backplane_plugin_entry = {sizeof(bp_plugin_entry),                       \
                                                  BP_ABI_VERSION,                                \
                                                  {backplane_manifest, BACKPLANE_MANIFEST_SIZE}, \
                                                  &::backplane::sdk::Instance<Class>::create}
