#include "config/settings_schema.hpp"

#include <fmt/format.h>

#include "config/limits.hpp"
#include "config/listen_schema.hpp"
#include "config/plugin_schema.hpp"
#include "config/values.hpp"

namespace backplane::config {
namespace {

using limits::kConfigIncludesMax;
using limits::kConfigListItemsMax;

void read_trusted_proxy(const Cursor& at, Cidr& out) {
  read_cidr(at, out);
  if (out.prefix_bits == 0 && at.node.text.ends_with("/0")) {
    at.refuse("everybody would be trusted to name any client address; list the proxies' own addresses");
  }
}

constexpr Choice<PasswordProfile> kPasswordProfiles[] = {
    {"standard", PasswordProfile::kStandard},
    {"small", PasswordProfile::kSmall},
};
constexpr Choice<int> kApiVersions[] = {{"3", 3}, {"4", 4}};
constexpr Choice<KvmdLogout> kLogouts[] = {{"user", KvmdLogout::kUser}, {"session", KvmdLogout::kSession}};
constexpr Choice<DragonmintStatus> kDragonmintStatuses[] = {
    {"original", DragonmintStatus::kOriginal},
    {"standard", DragonmintStatus::kStandard},
};
constexpr Choice<TokenFormat> kTokenFormats[] = {
    {"auto", TokenFormat::kAuto},
    {"rfc7519", TokenFormat::kRfc7519},
    {"gravwell", TokenFormat::kGravwell},
};
constexpr Choice<int> kLoginFailureStatuses[] = {{"401", 401}, {"422", 422}, {"200", 200}};
constexpr Choice<base::Level> kLevels[] = {
    {"debug", base::Level::kDebug}, {"info", base::Level::kInfo},         {"warning", base::Level::kWarning},
    {"error", base::Level::kError}, {"critical", base::Level::kCritical},
};

constexpr Key<SessionLimits> kSessionLimitsKeys[] = {
    {"lifetime", into<&SessionLimits::lifetime_s, read_duration_s>},
    {"idle", into<&SessionLimits::idle_s, read_duration_s>},
};
constexpr Key<SessionSettings> kSessionKeys[] = {
    {"kvmd", into<&SessionSettings::kvmd, read_section<kSessionLimitsKeys>>},
    {"dragonmint", into<&SessionSettings::dragonmint, read_section<kSessionLimitsKeys>>},
    {"gravwell", into<&SessionSettings::gravwell, read_section<kSessionLimitsKeys>>},
};
constexpr Key<AuthSettings> kAuthKeys[] = {
    {"throttle", into<&AuthSettings::throttle, read_switch>},
    {"passwords", into<&AuthSettings::passwords, read_choice<kPasswordProfiles>>},
    {"sessions", into<&AuthSettings::sessions, read_section<kSessionKeys>>},
};
constexpr Key<KvmdSettings> kKvmdKeys[] = {
    {"api_version", into<&KvmdSettings::api_version, read_choice<kApiVersions>>},
    {"logout", into<&KvmdSettings::logout, read_choice<kLogouts>>},
    {"redirects", into<&KvmdSettings::redirects, read_list<read_url_path, kConfigListItemsMax>>},
};
constexpr Key<DragonmintSettings> kDragonmintKeys[] = {
    {"http_status", into<&DragonmintSettings::http_status, read_choice<kDragonmintStatuses>>},
};
constexpr Key<GravwellSettings> kGravwellKeys[] = {
    {"token_format", into<&GravwellSettings::token_format, read_choice<kTokenFormats>>},
    {"login_failure_status", into<&GravwellSettings::login_failure_status, read_choice<kLoginFailureStatuses>>},
};
constexpr Key<CompatSettings> kCompatKeys[] = {
    {"kvmd", into<&CompatSettings::kvmd, read_section<kKvmdKeys>>},
    {"dragonmint", into<&CompatSettings::dragonmint, read_section<kDragonmintKeys>>},
    {"gravwell", into<&CompatSettings::gravwell, read_section<kGravwellKeys>>},
};
constexpr Key<LogSettings> kLogKeys[] = {
    {"level", into<&LogSettings::level, read_choice<kLevels>>},
    {"access", into<&LogSettings::access, read_switch>},
};
constexpr Key<DeviceSettings> kDeviceKeys[] = {
    {"name", into<&DeviceSettings::name, read_any_text>},
};
constexpr Key<Settings> kMainKeys[] = {
    {"listen", into<&Settings::listen, read_listeners>, true},
    {"trusted_proxies", into<&Settings::trusted_proxies, read_list<read_trusted_proxy, kConfigListItemsMax>>},
    {"auth", into<&Settings::auth, read_section<kAuthKeys>>},
    {"compat", into<&Settings::compat, read_section<kCompatKeys>>},
    {"plugin_dirs", into<&Settings::plugin_dirs, read_list<read_file_path, kConfigListItemsMax>>},
    {"include", into<&Settings::include, read_list<read_any_text, kConfigIncludesMax>>},
    {"roles", into<&Settings::roles_file, read_file_path>},
    {"log", into<&Settings::log, read_section<kLogKeys>>},
    {"device", into<&Settings::device, read_section<kDeviceKeys>>},
    {"plugins", into<&Settings::plugins, read_plugins>},
};
constexpr Key<Settings> kIncludedKeys[] = {
    {"plugins", into<&Settings::plugins, read_plugins>},
};

}  // namespace

void read_main_file(const Cursor& at, Settings& out) {
  read_section<kMainKeys>(at, out);
}

void read_included_file(const Cursor& at, Settings& out) {
  read_section<kIncludedKeys>(at, out);
}

}  // namespace backplane::config
