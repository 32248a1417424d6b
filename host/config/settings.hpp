// The configuration of the daemon as plain typed values, with the defaults that hold where a key is not given.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "config/cidr.hpp"
#include "config/json/value.hpp"
#include "config/roles.hpp"

namespace backplane::config {

struct TlsFiles {
  // PEM; relative to the state directory. Both empty: the daemon makes a self-signed pair.
  std::filesystem::path certificate;
  std::filesystem::path private_key;
};

struct ListenSettings {
  enum class Kind {
    kTls,
    kPlain,     // off loopback only with allow_plaintext
    kRedirect,  // answers 308 to the https address
    kUnix,
  };

  Kind kind = Kind::kTls;
  IpAddress address;
  std::uint16_t port = 0;
  TlsFiles tls;
  bool allow_plaintext = false;
  std::vector<std::string> paths;            // prefixes that are served; empty: all
  std::filesystem::path unix_path;           // relative to the state directory
  std::uint32_t mode = 0660;                 // of the Unix socket
  std::map<std::string, std::string> peers;  // system user -> Backplane user
  std::string where;                         // file:line:column, for messages about it
};

// Seconds; 0 = no such limit.
struct SessionLimits {
  std::int64_t lifetime_s = 0;
  std::int64_t idle_s = 0;
};

struct SessionSettings {  // contracts/README.md, row "tokens"
  SessionLimits kvmd;
  SessionLimits dragonmint{.lifetime_s = 6 * 3600};
  SessionLimits gravwell{.lifetime_s = 12 * 3600, .idle_s = 3600};
};

enum class PasswordProfile { kStandard, kSmall };

struct AuthSettings {
  bool throttle = true;
  PasswordProfile passwords = PasswordProfile::kStandard;
  SessionSettings sessions;
};

enum class KvmdLogout { kUser, kSession };
enum class DragonmintStatus { kOriginal, kStandard };
enum class TokenFormat { kAuto, kRfc7519, kGravwell };

struct KvmdSettings {
  int api_version = 4;
  KvmdLogout logout = KvmdLogout::kUser;
  std::vector<std::string> redirects{"/", "/kvm", "/kvm/"};  // where a login may lead on to (pikvm.md §3.2)
};

struct DragonmintSettings {
  DragonmintStatus http_status = DragonmintStatus::kOriginal;
};

struct GravwellSettings {
  TokenFormat token_format = TokenFormat::kAuto;
  int login_failure_status = 401;
};

struct CompatSettings {
  KvmdSettings kvmd;
  DragonmintSettings dragonmint;
  GravwellSettings gravwell;
};

struct LogSettings {
  base::Level level = base::Level::kInfo;
  bool access = true;  // one line per request
};

struct DeviceSettings {
  std::string name;  // empty: the host name
};

// Where a value of a plugin's config stands, each as file:line:column.
struct Position {
  std::string key;
  std::string value;
};

// By JSON pointer (RFC 6901); "" is the config itself.
using Positions = std::map<std::string, Position, std::less<>>;

enum class Isolation { kThread, kProcess };

// What the owner lets a plugin in a process of its own touch, of what its manifest asks for.
struct PluginGrants {
  std::vector<std::string> devices;  // absolute and normalised, as are the paths; each grants what lies below it too
  std::vector<std::string> paths;
  std::vector<std::string> capabilities;  // "CAP_NET_RAW"
  std::vector<std::string> feeds;         // "host/log"
  bool network = false;
  std::string where;
};

struct PluginSettings {
  std::string instance;
  std::string plugin;
  std::string mount;                   // prefix of its routes, "/video-2"; empty: none
  std::optional<Isolation> isolation;  // not given: decided by where the plugin's file lies
  std::string user;                    // system user of its process; empty: the daemon's own
  std::string user_where;
  std::optional<std::uint64_t> memory_bytes_max;  // of its process; not given: kPluginMemoryBytesDefault
  std::optional<PluginGrants> grants;             // not given is another thing than given and empty
  SecretValue config;                             // an object; secret as a whole, for it may hold passwords (S-37)
  Positions positions;
  std::string where;
};

struct Settings {
  std::vector<ListenSettings> listen;
  std::vector<Cidr> trusted_proxies;
  AuthSettings auth;
  CompatSettings compat;
  std::vector<std::filesystem::path> plugin_dirs{"/usr/lib/backplane/plugins"};  // the first is the host's own
  std::vector<std::string> include;                                              // as written
  std::filesystem::path roles_file;                                              // empty: the built-in roles
  Roles roles = Roles::built_in();
  LogSettings log;
  DeviceSettings device;
  std::vector<PluginSettings> plugins;  // in the order of the files
};

}  // namespace backplane::config
