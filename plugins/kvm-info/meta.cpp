#include "kvm-info/meta.hpp"

#include <sys/stat.h>

#include "kvm-info/yaml_file.hpp"

namespace backplane::kvm_info {

Meta::Meta(const Settings& settings) : file_(settings.meta_file), document_(settings.meta) {}

Value Meta::describe(const std::string& host_name) {
  if (!file_.empty()) refresh();
  Value meta = document_;
  if (Value* server = meta.find("server")) {
    if (Value* host = server->find("host"); host != nullptr && *host == Value("@auto")) *host = host_name;
  }
  return meta;
}

void Meta::refresh() {
  const Stamp now = stamp(file_);
  if (now == seen_ && now != Stamp{}) return;
  seen_ = now;
  YamlResult read = read_yaml_file(file_);
  problem_ = std::move(read.problem);
  document_ = read.value.value_or(nullptr);
}

Meta::Stamp Meta::stamp(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
  return {static_cast<std::int64_t>(status.st_ino), static_cast<std::int64_t>(status.st_size),
          static_cast<std::int64_t>(status.st_ctim.tv_sec) * kNanosecondsPerSecond + status.st_ctim.tv_nsec};
}

}  // namespace backplane::kvm_info
