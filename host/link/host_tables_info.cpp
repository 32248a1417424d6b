// backplane.host/1, the host's side: answered from what the link was given when it was made.
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <system_error>

#include "link/host_tables.hpp"
#include "link/plugin_side.hpp"

namespace backplane::link {
namespace {

bp_status copy_out(std::string_view value, char* buffer, std::size_t capacity, std::size_t* length) {
  if (buffer == nullptr && capacity != 0) return BP_E_INVALID;
  if (length != nullptr) *length = value.size();
  if (capacity == 0) return value.empty() ? BP_OK : BP_E_LIMIT;
  const std::size_t copied = std::min(value.size(), capacity - 1);
  std::memcpy(buffer, value.data(), copied);
  buffer[copied] = '\0';
  return copied == value.size() ? BP_OK : BP_E_LIMIT;
}

bp_status get(const bp_host* host, const char* key, char* buffer, std::size_t capacity, std::size_t* length) {
  if (key == nullptr) return BP_E_INVALID;
  for (const auto& [name, value] : side_of(host).settings().info) {
    if (name == key) return copy_out(value, buffer, capacity, length);
  }
  return BP_E_UNSUPPORTED;
}

bp_status data_dir(const bp_host* host, char* buffer, std::size_t capacity, std::size_t* length) {
  PluginSide& side = side_of(host);
  const std::filesystem::path& dir = side.settings().data_dir;
  std::error_code error;
  std::filesystem::create_directories(dir.parent_path(), error);
  if (!error && ::mkdir(dir.c_str(), 0700) != 0 && errno != EEXIST) error.assign(errno, std::generic_category());
  if (!error && !std::filesystem::is_directory(dir)) error = std::make_error_code(std::errc::not_a_directory);
  if (error) {
    side.to_host().send({Code::kLog, 0,
                         Log{base::Level::kError,
                             fmt::format("its data folder {} cannot be made: {}", dir.string(), error.message())}});
    return BP_E_IO;
  }
  return copy_out(dir.native(), buffer, capacity, length);
}

}  // namespace

const bp_host_info& info_table() {
  static const bp_host_info kTable{sizeof(bp_host_info), 0, get, data_dir};
  return kTable;
}

}  // namespace backplane::link
