#include <gtest/gtest.h>

#include "fixture.hpp"

namespace backplane::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::StartsWith;
using Listen = ConfigTest;

TEST_F(Listen, EveryKindIsRead) {
  const auto outcome = load_text(R"(
listen:
  - { address: "0.0.0.0", port: 443, tls: { certificate: cert.pem, private_key: key.pem }, paths: [/api/, /login] }
  - { address: "::", port: 443 }
  - { address: "0.0.0.0", port: 80, redirect: https }
  - { address: "127.0.0.1", port: 8080, tls: false }
  - { address: "10.0.0.1", port: 8081, tls: false, allow_plaintext: true }
  - { unix: run.sock, mode: "0600", peers: { root: admin, www-data: viewer } }
)");
  ASSERT_THAT(short_messages(outcome), IsEmpty());
  const auto& listen = outcome.settings->listen;
  ASSERT_EQ(listen.size(), 6U);
  EXPECT_EQ(listen[0].kind, ListenSettings::Kind::kTls);
  EXPECT_EQ(listen[0].address.text(), "0.0.0.0");
  EXPECT_EQ(listen[0].port, 443);
  EXPECT_EQ(listen[0].tls.certificate, "cert.pem");
  EXPECT_EQ(listen[0].tls.private_key, "key.pem");
  EXPECT_THAT(listen[0].paths, ElementsAre("/api/", "/login"));
  EXPECT_EQ(listen[0].where, (folder_ / "main.yaml").string() + ":3:5");
  EXPECT_EQ(listen[1].kind, ListenSettings::Kind::kTls);
  EXPECT_TRUE(listen[1].address.v6);
  EXPECT_TRUE(listen[1].tls.certificate.empty());
  EXPECT_EQ(listen[2].kind, ListenSettings::Kind::kRedirect);
  EXPECT_EQ(listen[3].kind, ListenSettings::Kind::kPlain);
  EXPECT_FALSE(listen[3].allow_plaintext);
  EXPECT_TRUE(listen[4].allow_plaintext);
  EXPECT_EQ(listen[5].kind, ListenSettings::Kind::kUnix);
  EXPECT_EQ(listen[5].unix_path, "run.sock");
  EXPECT_EQ(listen[5].mode, 0600U);
  EXPECT_THAT(listen[5].peers, ElementsAre(Pair("root", "admin"), Pair("www-data", "viewer")));
}

struct Row {
  const char* name;
  const char* item;
  const char* message;
};

class ListenRule : public ConfigTest, public ::testing::WithParamInterface<Row> {};

TEST_P(ListenRule, IsReportedOnceAtItsPlace) {
  EXPECT_THAT(problems_of(std::string("listen:\n  - ") + GetParam().item + "\n"),
              ElementsAre(StartsWith(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ListenRule,
    ::testing::Values(
        Row{"PortZero", "{ address: 127.0.0.1, port: 0 }",
            "2:33: listen[0].port: \"0\" is not a whole number from 1 to 65535"},
        Row{"PortTooLarge", "{ address: 127.0.0.1, port: 65536 }", "2:33: listen[0].port: \"65536\" is not"},
        Row{"PortHuge", "{ address: 127.0.0.1, port: 99999999999999999999999 }", "2:33: listen[0].port: "},
        Row{"PortNegative", "{ address: 127.0.0.1, port: -1 }", "2:33: listen[0].port: "},
        Row{"PortQuoted", "{ address: 127.0.0.1, port: \"443\" }", "2:33: listen[0].port: \"443\" in quotes is not"},
        Row{"PortFloat", "{ address: 127.0.0.1, port: 443.0 }", "2:33: listen[0].port: "},
        Row{"PortList", "{ address: 127.0.0.1, port: [443] }",
            "2:33: listen[0].port: a whole number from 1 to 65535 is needed, not a list"},
        Row{"PortEmpty", "{ address: 127.0.0.1, port: }",
            "2:27: listen[0].port: a whole number from 1 to 65535 is needed, not nothing"},
        Row{"HostName", "{ address: localhost, port: 1 }", "2:16: listen[0].address: \"localhost\" is no IP address"},
        Row{"AddressTypo", "{ address: 0.0.0, port: 1 }", "2:16: listen[0].address: "},
        Row{"AddressNumber", "{ address: 127, port: 1 }", "2:16: listen[0].address: a text is needed, not a number"},
        Row{"AddressMissing", "{ port: 443 }", "2:5: listen[0]: the key \"address\" is missing (or \"unix\")"},
        Row{"PortMissing", "{ address: 127.0.0.1 }", "2:5: listen[0]: the key \"port\" is missing"},
        Row{"MisspeltIsOneMistake", "{ address: 127.0.0.1, prot: 443 }",
            "2:27: listen[0].prot: unknown key; allowed: address, port, tls, redirect, allow_plaintext, paths, unix, "
            "mode, peers; did you mean \"port\"?"},
        Row{"PlainOffLoopback", "{ address: 0.0.0.0, port: 80, tls: false }",
            "2:35: listen[0].tls: plain HTTP on 0.0.0.0 would show passwords"},
        Row{"PlainOffLoopbackV6", "{ address: \"::\", port: 80, tls: false }", "2:32: listen[0].tls: plain HTTP on ::"},
        Row{"AllowPlaintextWithTls", "{ address: 127.0.0.1, port: 80, allow_plaintext: true }",
            "2:37: listen[0].allow_plaintext: has no effect with TLS"},
        Row{"TlsWord", "{ address: 127.0.0.1, port: 80, tls: off }", "2:42: listen[0].tls: \"off\" is not allowed"},
        Row{"TlsQuoted", "{ address: 127.0.0.1, port: 80, tls: \"false\" }", "2:42: listen[0].tls: "},
        Row{"KeyWithoutCertificate", "{ address: 127.0.0.1, port: 80, tls: { private_key: a } }",
            "2:42: listen[0].tls: the key \"certificate\" is missing"},
        Row{"CertificateWithoutKey", "{ address: 127.0.0.1, port: 80, tls: { certificate: a } }",
            "2:42: listen[0].tls: the key \"private_key\" is missing"},
        Row{"RedirectWithoutTls", "{ address: 127.0.0.1, port: 80, redirect: https }",
            "2:5: listen[0]: redirects to https, but nothing listens with TLS"},
        Row{"RedirectElsewhere", "{ address: 127.0.0.1, port: 80, redirect: http }",
            "2:47: listen[0].redirect: \"http\" is not allowed; allowed: https; did you mean \"https\"?"},
        Row{"RedirectAndTls", "{ address: 127.0.0.1, port: 80, redirect: https, tls: {} }",
            "2:54: listen[0].tls: does not go with \"redirect\""},
        Row{"UnixAndPort", "{ unix: a.sock, port: 80 }", "2:21: listen[0].port: does not go with \"unix\""},
        Row{"ModeWithoutUnix", "{ address: 127.0.0.1, port: 80, mode: \"0600\" }",
            "2:37: listen[0].mode: only goes with \"unix\""},
        Row{"ModeNotOctal", "{ unix: a.sock, mode: \"0680\" }",
            "2:27: listen[0].mode: \"0680\" is not a mode in octal"},
        Row{"ModeTooLarge", "{ unix: a.sock, mode: \"4755\" }", "2:27: listen[0].mode: "},
        Row{"PeersList", "{ unix: a.sock, peers: [root] }", "2:28: listen[0].peers: a map (key: value) is needed"},
        Row{"PeerNumber", "{ unix: a.sock, peers: { root: 0 } }", "2:36: listen[0].peers.root: a text is needed"},
        Row{"PathRelative", "{ address: 127.0.0.1, port: 80, paths: [api] }",
            "2:45: listen[0].paths[0]: \"api\" is no path prefix"},
        Row{"PathTwoSlashes", "{ address: 127.0.0.1, port: 80, paths: [//api] }", "2:45: listen[0].paths[0]: "},
        Row{"PathDots", "{ address: 127.0.0.1, port: 80, paths: [/a/../b] }", "2:45: listen[0].paths[0]: "},
        Row{"Text", "443", "2:5: listen[0]: a map (key: value) is needed, not a number"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST_F(Listen, ModeMayStandWithoutQuotesAndIsOctalAllTheSame) {
  EXPECT_EQ(load_text("listen: [{ unix: a.sock, mode: 0640 }]").settings->listen[0].mode, 0640U);
}

TEST_F(Listen, AUnixPathThatNoSocketCanHaveIsRefused) {
  const std::string fits(107, 'x');
  EXPECT_THAT(problems_of("listen: [{ unix: " + fits + " }]"), IsEmpty());
  EXPECT_THAT(problems_of("listen: [{ unix: " + fits + "x }]"), ElementsAre(HasSubstr("at most 107 bytes")));
}

TEST_F(Listen, DuplicateListenersNameTheFirst) {
  EXPECT_THAT(problems_of("listen:\n"
                          "  - { address: 127.0.0.1, port: 1 }\n"
                          "  - { address: 127.0.0.1, port: 1, tls: false }\n"),
              ElementsAre("3:5: listen[1]: listens where 2:5 listens already"));
  EXPECT_THAT(problems_of("listen:\n"
                          "  - { address: 127.0.0.1, port: 1 }\n"
                          "  - { address: 0.0.0.0, port: 1 }\n"),
              ElementsAre("3:5: listen[1]: listens where 2:5 listens already"));
  EXPECT_THAT(problems_of("listen:\n"
                          "  - { address: \"0:0::1\", port: 1 }\n"
                          "  - { address: \"::1\", port: 1 }\n"),
              ElementsAre(StartsWith("3:5: ")));
  EXPECT_THAT(problems_of("listen: [{ unix: a.sock }, { unix: ./a.sock }]"), ElementsAre(StartsWith("1:28: ")));
  EXPECT_THAT(problems_of("listen: [{ unix: a.sock }, { address: \"::\", port: 1 }, { address: 0.0.0.0, port: 1 }]"),
              IsEmpty());
}

TEST_F(Listen, NoneAtAllIsRefused) {
  EXPECT_THAT(problems_of("listen: []"), ElementsAre("1:9: listen: nothing to listen on; give at least one address or "
                                                     "Unix socket"));
  EXPECT_THAT(problems_of("listen:"), ElementsAre(StartsWith("1:1: listen: nothing to listen on")));
}

TEST_F(Listen, TheirNumberIsBounded) {
  std::string text = "listen:\n";
  for (int i = 1; i <= 40; ++i) text += "  - { address: 127.0.0.1, port: " + std::to_string(i) + " }\n";
  EXPECT_THAT(problems_of(text), ElementsAre("1:1: listen: more than 32 items"));
}

}  // namespace
}  // namespace backplane::config
