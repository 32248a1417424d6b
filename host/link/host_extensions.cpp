#include "link/host_extensions.hpp"

#include <backplane/ext/feed.h>
#include <backplane/ext/health.h>
#include <backplane/ext/host_info.h>
#include <backplane/ext/http.h>
#include <backplane/ext/loop.h>

#include <algorithm>
#include <iterator>

namespace backplane::link {
namespace {

constexpr std::string_view kExtensions[] = {BP_EXT_HTTP, BP_EXT_LOOP, BP_EXT_HEALTH, BP_EXT_HOST, BP_EXT_FEED};

}  // namespace

bool is_host_extension(std::string_view id) {
  return std::find(std::begin(kExtensions), std::end(kExtensions), id) != std::end(kExtensions);
}

std::vector<std::string> host_extensions() {
  return {std::begin(kExtensions), std::end(kExtensions)};
}

}  // namespace backplane::link
