#include <gtest/gtest.h>

#include "fixture.hpp"

namespace backplane::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using Load = ConfigTest;

TEST_F(Load, DefaultsAreThoseOfTheContracts) {
  const auto outcome = load_text(kListenLine);
  ASSERT_THAT(short_messages(outcome), IsEmpty());
  const Settings& settings = *outcome.settings;
  EXPECT_THAT(settings.trusted_proxies, IsEmpty());
  EXPECT_TRUE(settings.auth.throttle);
  EXPECT_EQ(settings.auth.passwords, PasswordProfile::kStandard);
  EXPECT_EQ(settings.auth.sessions.kvmd.lifetime_s, 0);
  EXPECT_EQ(settings.auth.sessions.kvmd.idle_s, 0);
  EXPECT_EQ(settings.auth.sessions.dragonmint.lifetime_s, 21'600);
  EXPECT_EQ(settings.auth.sessions.dragonmint.idle_s, 0);
  EXPECT_EQ(settings.auth.sessions.gravwell.lifetime_s, 43'200);
  EXPECT_EQ(settings.auth.sessions.gravwell.idle_s, 3600);
  EXPECT_EQ(settings.compat.kvmd.api_version, 4);
  EXPECT_EQ(settings.compat.kvmd.logout, KvmdLogout::kUser);
  EXPECT_THAT(settings.compat.kvmd.redirects, ElementsAre("/", "/kvm", "/kvm/"));
  EXPECT_EQ(settings.compat.dragonmint.http_status, DragonmintStatus::kOriginal);
  EXPECT_EQ(settings.compat.gravwell.token_format, TokenFormat::kAuto);
  EXPECT_EQ(settings.compat.gravwell.login_failure_status, 401);
  EXPECT_THAT(settings.plugin_dirs, ElementsAre("/usr/lib/backplane/plugins"));
  EXPECT_TRUE(settings.roles_file.empty());
  EXPECT_TRUE(settings.roles.grants("admin", "users.manage"));
  EXPECT_EQ(settings.log.level, base::Level::kInfo);
  EXPECT_TRUE(settings.log.access);
  EXPECT_EQ(settings.device.name, "");
  EXPECT_THAT(settings.plugins, IsEmpty());
}

TEST_F(Load, EveryKeyIsRead) {
  const auto outcome = load(TEST_DATA_DIR "/full.yaml");
  ASSERT_THAT(short_messages(outcome), IsEmpty());
  const Settings& settings = *outcome.settings;
  EXPECT_EQ(settings.listen.size(), 4U);
  ASSERT_EQ(settings.trusted_proxies.size(), 2U);
  EXPECT_TRUE(settings.trusted_proxies[0].contains("10.9.9.9"));
  EXPECT_EQ(settings.auth.passwords, PasswordProfile::kSmall);
  EXPECT_EQ(settings.auth.sessions.kvmd.idle_s, 7200);
  EXPECT_EQ(settings.auth.sessions.gravwell.idle_s, 1800);
  EXPECT_EQ(settings.compat.kvmd.api_version, 3);
  EXPECT_EQ(settings.compat.kvmd.logout, KvmdLogout::kSession);
  EXPECT_THAT(settings.compat.kvmd.redirects, ElementsAre("/", "/kvm/"));
  EXPECT_EQ(settings.compat.dragonmint.http_status, DragonmintStatus::kStandard);
  EXPECT_EQ(settings.compat.gravwell.token_format, TokenFormat::kRfc7519);
  EXPECT_EQ(settings.compat.gravwell.login_failure_status, 422);
  EXPECT_THAT(settings.plugin_dirs, ElementsAre("/usr/lib/backplane/plugins", "/opt/plugins"));
  EXPECT_THAT(settings.include, ElementsAre("plugins.d/*.yaml"));
  EXPECT_EQ(settings.log.level, base::Level::kWarning);
  EXPECT_FALSE(settings.log.access);
  EXPECT_EQ(settings.device.name, "bench-7");
  ASSERT_EQ(settings.plugins.size(), 3U);
  EXPECT_EQ(settings.plugins[0].plugin, "kvm-info");
  EXPECT_FALSE(settings.plugins[0].isolation.has_value());
  EXPECT_EQ(settings.plugins[1].isolation, Isolation::kProcess);
  EXPECT_EQ(settings.plugins[1].user, "backplane-video");
  EXPECT_THAT(settings.plugins[1].user_where, HasSubstr("full.yaml:"));
  EXPECT_EQ(settings.plugins[1].memory_bytes_max, std::uint64_t{64} << 20);
  ASSERT_TRUE(settings.plugins[1].grants.has_value());
  EXPECT_THAT(settings.plugins[1].grants->devices, ElementsAre("/dev/video0"));
  EXPECT_THAT(settings.plugins[1].grants->paths, ElementsAre("/sys/class/thermal"));
  EXPECT_THAT(settings.plugins[1].grants->capabilities, ElementsAre("CAP_NET_RAW"));
  EXPECT_THAT(settings.plugins[1].grants->feeds, ElementsAre("host/log", "video-2/frames"));
  EXPECT_TRUE(settings.plugins[1].grants->network);
  EXPECT_THAT(settings.plugins[1].grants->where, HasSubstr("full.yaml:"));
  EXPECT_FALSE(settings.plugins[2].grants.has_value());
  EXPECT_FALSE(settings.plugins[2].memory_bytes_max.has_value());
  EXPECT_EQ(settings.plugins[2].instance, "video-2");
  EXPECT_EQ(settings.plugins[2].plugin, "video");
  EXPECT_EQ(settings.plugins[2].mount, "/video-2");
}

TEST_F(Load, AllMistakesAreReportedAtOnceInTheOrderOfTheFile) {
  EXPECT_THAT(problems_of("lisen: []\n"
                          "auth:\n"
                          "  throttle: of\n"
                          "  sessions: { gravwel: { idle: 1x } }\n"
                          "log: { level: loud }\n"),
              ElementsAre("1:1: lisen: unknown key; allowed: listen, trusted_proxies, auth, compat, plugin_dirs, "
                          "include, roles, log, device, plugins; did you mean \"listen\"?",
                          "3:13: auth.throttle: \"of\" is not allowed; allowed: on, off, true, false; did you mean "
                          "\"off\"?",
                          "4:15: auth.sessions.gravwel: unknown key; allowed: kvmd, dragonmint, gravwell; did you mean "
                          "\"gravwell\"?",
                          "5:15: log.level: \"loud\" is not allowed; allowed: debug, info, warning, error, critical"));
}

struct Row {
  const char* name;
  const char* text;
  const char* message;
};

class LoadRule : public ConfigTest, public ::testing::WithParamInterface<Row> {};

TEST_P(LoadRule, IsReportedOnceAtItsPlace) {
  EXPECT_THAT(problems_below_listen(GetParam().text), ElementsAre(StartsWith(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, LoadRule,
    ::testing::Values(
        Row{"SectionIsAList", "auth: [a]", "1:7: auth: a map (key: value) is needed, not a list"},
        Row{"SectionIsAText", "auth: secure", "1:7: auth: a map (key: value) is needed, not a text"},
        Row{"ListIsAText", "trusted_proxies: 10.0.0.0/8", "1:18: trusted_proxies: a list"},
        Row{"ValueBelowItsKey", "device:\n  name:\n    - a", "2:3: device.name: a text is needed, not a list"},
        Row{"TextIsABoolean", "device: { name: true }",
            "1:17: device.name: a text is needed, not true or false; put true in quotes if it is meant"},
        Row{"TextIsANumber", "device: { name: 7 }",
            "1:17: device.name: a text is needed, not a number; put 7 in quotes"},
        Row{"TextIsEmpty", "device: { name: \"\" }", "1:17: device.name: must not be empty"},
        Row{"TextIsAbsent", "device: { name: }", "1:11: device.name: a text is needed, not nothing"},
        Row{"DurationWithoutUnit", "auth: { sessions: { kvmd: { idle: 60 } } }",
            "1:35: auth.sessions.kvmd.idle: \"60\" is without a unit; allowed: a duration such as 15s, 30m, 6h, 7d"},
        Row{"DurationUnknownUnit", "auth: { sessions: { kvmd: { idle: 6y } } }",
            "1:35: auth.sessions.kvmd.idle: \"6y\""},
        Row{"DurationNegative", "auth: { sessions: { kvmd: { idle: -6h } } }", "1:35: "},
        Row{"DurationFraction", "auth: { sessions: { kvmd: { idle: 1.5h } } }", "1:35: "},
        Row{"DurationHuge", "auth: { sessions: { kvmd: { idle: 9999999999999999h } } }",
            "1:35: auth.sessions.kvmd.idle: \"9999999999999999h\" is more than 3650 days"},
        Row{"DurationOnlyAUnit", "auth: { sessions: { kvmd: { idle: h } } }", "1:35: "},
        Row{"CidrBad", "trusted_proxies: [10.0.0.0/40]",
            "1:19: trusted_proxies[0]: \"10.0.0.0/40\": the number after the slash must be 0 to 32"},
        Row{"CidrHostBits", "trusted_proxies: [10.0.0.9/8]",
            "1:19: trusted_proxies[0]: \"10.0.0.9/8\": bits are set behind the first 8; did you mean \"10.0.0.0/8\"?"},
        Row{"S12_EverybodyIsNoTrustedProxy", "trusted_proxies: [0.0.0.0/0]",
            "1:19: trusted_proxies[0]: everybody would be trusted"},
        Row{"S12_EverybodyIsNoTrustedProxyV6", "trusted_proxies: [\"::/0\"]", "1:19: trusted_proxies[0]: everybody"},
        Row{"ApiVersion", "compat: { kvmd: { api_version: 5 } }",
            "1:32: compat.kvmd.api_version: \"5\" is not allowed; allowed: 3, 4"},
        Row{"RedirectToAnotherHost", "compat: { kvmd: { redirects: [//evil.example] } }",
            "1:31: compat.kvmd.redirects[0]: "},
        Row{"RedirectWithBackslash", "compat: { kvmd: { redirects: ['/\\evil'] } }",
            "1:31: compat.kvmd.redirects[0]: "},
        Row{"FailureStatus", "compat: { gravwell: { login_failure_status: 404 } }",
            "1:45: compat.gravwell.login_failure_status: \"404\" is not allowed; allowed: 401, 422, 200"},
        Row{"ControlCharacterInAKey", "\"a\\nb\": 1", "1:1: \"a\\x0ab\": unknown key"},
        Row{"MergeKey", "log: { <<: { level: info } }", "1:8: log.\"<<\": unknown key"},
        Row{"Isolation", "plugins: { p: { isolation: proces } }",
            "1:28: plugins.p.isolation: \"proces\" is not allowed; allowed: thread, process; did you mean "
            "\"process\"?"},
        Row{"UserIsANumber", "plugins: { p: { user: 1000 } }",
            "1:23: plugins.p.user: a text is needed, not a number; put 1000 in quotes"},
        Row{"UserLooksLikeAnOption", "plugins: { p: { user: -video } }",
            "1:23: plugins.p.user: \"-video\" is no name of a system user; allowed: letters, digits"},
        Row{"MemoryUnit", "plugins: { p: { memory_max: 64MB } }",
            "1:29: plugins.p.memory_max: \"64MB\" is not a size from 8M to 4G: bytes, or a number with K, M or G "
            "behind "
            "it"},
        Row{"MemoryTooSmall", "plugins: { p: { memory_max: 8191K } }", "1:29: plugins.p.memory_max: \"8191K\" is not"},
        Row{"MemoryTooLarge", "plugins: { p: { memory_max: 4294967297 } }", "1:29: plugins.p.memory_max: "},
        Row{"MemoryHuge", "plugins: { p: { memory_max: 18446744073709551615G } }", "1:29: plugins.p.memory_max: "},
        Row{"MemoryNegative", "plugins: { p: { memory_max: -64M } }", "1:29: plugins.p.memory_max: "},
        Row{"MemoryOnlyAUnit", "plugins: { p: { memory_max: M } }", "1:29: plugins.p.memory_max: \"M\" is not"},
        Row{"MemoryEmpty", "plugins: { p: { memory_max: \"\" } }", "1:29: plugins.p.memory_max: \"\" is not"},
        Row{"MemoryIsAList", "plugins: { p: { memory_max: [64M] } }",
            "1:29: plugins.p.memory_max: a size from 8M to 4G: bytes, or a number with K, M or G behind it is needed"},
        Row{"GrantsKey", "plugins: { p: { grants: { device: [/dev/a] } } }",
            "1:27: plugins.p.grants.device: unknown key; allowed: devices, paths, capabilities, feeds, network; did "
            "you mean "
            "\"devices\"?"},
        Row{"GrantsIsAList", "plugins: { p: { grants: [/dev/a] } }", "1:25: plugins.p.grants: a map (key: value) is"},
        Row{"GrantRelative", "plugins: { p: { grants: { devices: [dev/a] } } }",
            "1:37: plugins.p.grants.devices[0]: \"dev/a\" is no absolute path; allowed: one that begins with \"/\", "
            "without \".\" and \"..\" and without a slash at its end, such as \"/dev/video0\""},
        Row{"GrantDots", "plugins: { p: { grants: { paths: [/srv/../etc] } } }", "1:35: plugins.p.grants.paths[0]: "},
        Row{"GrantDotsAtTheEnd", "plugins: { p: { grants: { paths: [/srv/..] } } }", "1:35: "},
        Row{"GrantDot", "plugins: { p: { grants: { paths: [/srv/./a] } } }", "1:35: plugins.p.grants.paths[0]: "},
        Row{"GrantSlashes", "plugins: { p: { grants: { paths: [//srv] } } }", "1:35: plugins.p.grants.paths[0]: "},
        Row{"GrantSlashesWithin", "plugins: { p: { grants: { paths: [/srv//a] } } }",
            "1:35: plugins.p.grants.paths[0]: "},
        Row{"GrantSlashAtTheEnd", "plugins: { p: { grants: { paths: [/srv/] } } }", "1:35: plugins.p.grants.paths[0]"},
        Row{"GrantControlCharacter", "plugins: { p: { grants: { paths: [\"/a\\nb\"] } } }",
            "1:35: plugins.p.grants.paths[0]: \"/a\\x0ab\" is no"},
        Row{"GrantCapability", "plugins: { p: { grants: { capabilities: [CAP_NET_RAWS] } } }",
            "1:42: plugins.p.grants.capabilities[0]: \"CAP_NET_RAWS\" is no capability of Linux; allowed: such as "
            "\"CAP_NET_RAW\" (capabilities(7)); did you mean \"CAP_NET_RAW\"?"},
        Row{"GrantFeed", "plugins: { p: { grants: { feeds: [log] } } }",
            "1:35: plugins.p.grants.feeds[0]: \"log\" is no feed; allowed: \"<instance>/<id>\", such as \"host/log\""},
        Row{"GrantFeedId", "plugins: { p: { grants: { feeds: [host/Log] } } }", "1:35: plugins.p.grants.feeds[0]: "},
        Row{"GrantNetwork", "plugins: { p: { grants: { network: yes } } }",
            "1:36: plugins.p.grants.network: \"yes\" is not allowed; allowed: on, off, true, false"},
        Row{"Mount", "plugins: { p: { mount: video } }", "1:24: plugins.p.mount: \"video\" is no path prefix"},
        Row{"MountRoot", "plugins: { p: { mount: / } }", "1:24: plugins.p.mount: \"/\" is no mount"},
        Row{"MountSlash", "plugins: { p: { mount: /v/ } }", "1:24: plugins.p.mount: \"/v/\" is no mount"},
        Row{"InstanceName", "plugins: { ../p: {} }", "1:12: plugins.\"../p\": an instance's name is made of"},
        Row{"InstanceHost", "plugins: { host: {} }",
            "1:12: plugins.host: \"host\" is the name of the daemon itself; choose another"},
        Row{"PluginName", "plugins: { p: { plugin: /tmp/evil } }", "1:25: plugins.p.plugin: \"/tmp/evil\" is no name"},
        Row{"ConfigIsAList", "plugins: { p: { config: [1] } }", "1:25: plugins.p.config: a map (key: value) is needed"},
        Row{"RolesMissing", "roles: none.yaml", "none.yaml: there is no such file; copy roles.yaml"},
        Row{"RolesEmpty", "roles: \"\"", "1:8: roles: must not be empty"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST_F(Load, AnEmptySectionKeepsItsDefaults) {
  EXPECT_THAT(problems_below_listen("auth:\nlog:\nplugins:\n  kvm-info:\ntrusted_proxies:\n"), IsEmpty());
}

TEST_F(Load, RelativePluginFoldersAndRolesAreTakenFromTheFilesFolder) {
  write("my-roles.yaml", "roles: { admin: { scopes: [\"*\"] } }\n");
  const auto outcome = load_text(std::string(kListenLine) + "plugin_dirs: [plugins, /abs]\nroles: my-roles.yaml\n");
  ASSERT_THAT(short_messages(outcome), IsEmpty());
  EXPECT_THAT(outcome.settings->plugin_dirs, ElementsAre(folder_ / "plugins", "/abs"));
  EXPECT_EQ(outcome.settings->roles_file, folder_ / "my-roles.yaml");
  EXPECT_FALSE(outcome.settings->roles.has("viewer"));
}

TEST_F(Load, RolesBesideTheFileAreFoundByThemselvesAndTheirMistakesReported) {
  write("roles.yaml", "roles:\n  admin: { scopes: [\"*\"] }\n  nurse: { scope: [a] }\n");
  EXPECT_THAT(
      problems_of(kListenLine),
      ElementsAre("roles.yaml:3:12: roles.nurse.scope: unknown key; allowed: scopes; did you mean \"scopes\"?"));
}

TEST_F(Load, TooManyMistakesAreCounted) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "key" + std::to_string(i) + ": 1\n";
  const auto problems = problems_below_listen(text);
  ASSERT_EQ(problems.size(), 50U);
  EXPECT_THAT(problems.back(), HasSubstr("151 more mistakes; correct these first"));
}

}  // namespace
}  // namespace backplane::config
