#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "log-stream/masks.hpp"

namespace backplane::log_stream {
namespace {

struct Row {
  std::string text;
  std::string expected;
};

void expect_all(const std::vector<Row>& rows) {
  static const Masks masks(Masks::defaults());
  for (const Row& row : rows) {
    std::string text = row.text;
    masks.apply(text);
    EXPECT_EQ(text, row.expected) << "from " << row.text;
    masks.apply(text);
    EXPECT_EQ(text, row.expected) << "masked twice, from " << row.text;
  }
}

void expect_untouched(const std::vector<std::string>& lines) {
  std::vector<Row> rows;
  for (const std::string& line : lines) rows.push_back({line, line});
  expect_all(rows);
}

TEST(DefaultMasks, HideThePasswordsThatCgminerPrintsWhereNoPoolAnswers) {
  expect_all({
      {"Pool: 0  URL: stratum+tcp://pool.x:3333  User: wrk.1  Password: x",
       "Pool: 0  URL: stratum+tcp://pool.x:3333  User: wrk.1  Password: ***"},
      {"Pool: 1  URL: stratum+tcp://p:1  User: a b  Password: with blanks, \"quotes\" Password: and more\nnext line",
       "Pool: 1  URL: stratum+tcp://p:1  User: a b  Password: ***\nnext line"},
      {"Pool: 0  URL: u  User: a  Password: one\nPool: 1  URL: u  User: b  Password: two",
       "Pool: 0  URL: u  User: a  Password: ***\nPool: 1  URL: u  User: b  Password: ***"},
      {"Pool: 0  URL: u  User: a  Password: ", "Pool: 0  URL: u  User: a  Password: "},
      {"Pool: 0  URL: u  User: a  Password: caf\xe9 \xff x", "Pool: 0  URL: u  User: a  Password: ***"},
  });
}

TEST(DefaultMasks, HideAuthorizationInHeadersJsonAndQuotes) {
  expect_all({
      {"Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic ***"},
      {"proxy-authorization: bearer abc.def-1", "proxy-authorization: bearer ***"},
      {R"({"Authorization":"Bearer abc","x":1})", R"({"Authorization":"Bearer ***","x":1})"},
      {"{'authorization': 'Basic YTpi', 'x': 1}", "{'authorization': 'Basic ***', 'x': 1}"},
      {R"({\"authorization\":\"Bearer abc\"})", R"({\"authorization\":\"Bearer ***\"})"},
      {"HTTP_AUTHORIZATION=Basic YTpi next", "HTTP_AUTHORIZATION=Basic *** next"},
      {R"(Authorization: Digest username="u", response="abc")", "Authorization: *** ***"},
      {"Authorization: abcdef", "Authorization: ***"},
      {"sent Bearer 0123456789abcdef0 to it", "sent Bearer *** to it"},
      {"sent Basic dXNlcjpwYXNzd29yZA==", "sent Basic ***"},
  });
  expect_untouched({"Bearer of news", "Basic authentication is on", "FAILED to gain authorization for action x"});
}

TEST(DefaultMasks, HideTheHeadersAndCookiesOfTheInterface) {
  expect_all({
      {"X-KVMD-Passwd: it's a secret", "X-KVMD-Passwd: ***"},
      {"x-kvmd-passwd:abc", "x-kvmd-passwd:***"},
      {"{'X-KVMD-Passwd': 'a b'}", "{'X-KVMD-Passwd': '***'}"},
      {"Cookie: auth_token=0123abc; other=1", "Cookie: ***"},
      {R"("set-cookie": "auth_token=0123abc; Path=/")", R"("set-cookie": "***")"},
      {"auth_token=0123abc", "auth_token=***"},
  });
}

TEST(DefaultMasks, HideTheValuesOfKeysThatSayWhatTheyAre) {
  for (const char* key : {"pass",
                          "passwd",
                          "password",
                          "pwd",
                          "secret",
                          "token",
                          "api_key",
                          "apikey",
                          "userpass",
                          "PASSWORD",
                          "Token",
                          "db_password",
                          "MYSQL_PWD",
                          "userPass",
                          "pool1_pass",
                          "client_secret",
                          "aws_secret_access_key",
                          "X-Auth-Token",
                          "API-Key",
                          "password2"}) {
    const std::string name = key;
    expect_all({
        {name + "=hunter2 next=1", name + "=*** next=1"},
        {name + ": hunter2", name + ": ***"},
        {"a " + name + " = hunter2, b", "a " + name + " = *** b"},
        {"{\"" + name + "\":\"hun ter\\\"2\",\"x\":1}", "{\"" + name + "\":\"***\",\"x\":1}"},
        {"{'" + name + "': 'hun ter2', 'x': 1}", "{'" + name + "': '***', 'x': 1}"},
        {name + "=\"hun ter2\" x", name + "=\"***\" x"},
        {"\"" + name + "\" => \"hun ter2\"", "\"" + name + "\" => \"***\""},
        {"?a=b&" + name + "=hunter2 HTTP/1.1", "?a=b&" + name + "=*** HTTP/1.1"},
        {name + "=hun\xffter\xc3 x", name + "=*** x"},
        {name + "=\"a\xff\xc3 b\"", name + "=\"***\""},
    });
  }
}

TEST(DefaultMasks, HideValuesInQuotesInWrappingsAndWithColours) {
  expect_all({
      {R"(msg="{\"password\":\"hunter2\"}" x=1)", R"(msg="{\"password\":\"***" x=1)"},
      {"password: Some(\"hun ter2\")", "password: ***"},
      {"password=b'hun ter2'", "password=***"},
      {"password='it\\'s me' x", "password='***' x"},
      {"password=\"a\"b c\" x", "password=\"***\" x"},
      {"password=\"no end", "password=\"***"},
      {"user[password]=x", "user[password]=***"},
      {"\x1b[36mpassword\x1b[0m=hunter2", "\x1b[36mpassword\x1b[0m=***"},
      {"password=\x1b[0m\"hun ter2\"", "password=\x1b[0m\"***\""},
  });
}

TEST(DefaultMasks, HidePasswordsOnCommandLines) {
  expect_all({
      {"/usr/bin/cgminer -o stratum+tcp://a:1 -u w.1 -p pass1 -o stratum+tcp://b:2 -u w.2 -p \"pass 2\" -T",
       "/usr/bin/cgminer -o stratum+tcp://a:1 -u w.1 -p *** -o stratum+tcp://b:2 -u w.2 -p *** -T"},
      {"cgminer -p x -o stratum+tcp://a:1 -u w", "cgminer -p *** -o stratum+tcp://a:1 -u w"},
      {"cgminer --api-listen -px -o a:1", "cgminer --api-listen -p*** -o a:1"},
      {"cgminer -o a:1 -p x -u w -o b:1 -p y -u w", "cgminer -o a:1 -p *** -u w -o b:1 -p *** -u w"},
      {"cgminer --url a --userpass w:x --pass 'y z' --user-pass=q",
       "cgminer --url a --userpass *** --pass *** --user-pass=***"},
      {"x -O w.1:x -T", "x -O *** -T"},
      {"mysql -u root -p secret", "mysql -u root -p ***"},
      {"tool --api-key abc --token=def --db-password \"g h\" --secret x",
       "tool --api-key *** --token=*** --db-password *** --secret ***"},
  });
  expect_untouched({"mkdir -p /x", "ssh -o BatchMode=yes -p 22 host", "cp -p a b", "ssh -p 22 -o BatchMode=yes host",
                    "curl -O http://host/file", "tool --password-file /etc/x --no-pass-through 1", "ps -p 1234"});
}

TEST(DefaultMasks, HideCredentialsInAddresses) {
  expect_all({
      {"GET http://user:pass@host:80/x", "GET http://user:***@host:80/x"},
      {"stratum+tcp://w.1:x@pool:3333", "stratum+tcp://w.1:***@pool:3333"},
      {"http://u:p@ss@host/ and redis://:pw@host", "http://u:***@host/ and redis://:***@host"},
      {"http://me@mail.x:pass@host/", "http://me@mail.x:***@host/"},
      {"https://ghp_0123456789abcdefghij@host/x.git", "https://***@host/x.git"},
  });
  expect_untouched({"http://host:80/x@y", "ssh://git@host/x", "mail to a@b.c: it came", "http://a:1/ and b@c"});
}

TEST(DefaultMasks, HideJsonWebTokens) {
  expect_all({{"got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_d, ok", "got ***, ok"}});
  expect_untouched({"eyJ.x", "keyJob.a.b"});
}

TEST(DefaultMasks, RealLinesOfSshdSudoAndSystemdStayReadable) {
  expect_untouched({
      "Accepted password for root from 1.2.3.4 port 22 ssh2",
      "Accepted publickey for root from 1.2.3.4 port 22 ssh2: ED25519 SHA256:0123456789abcdefghijklmnopqrstuvwxyz",
      "Failed password for invalid user admin from 1.2.3.4 port 40000 ssh2",
      "error: maximum authentication attempts exceeded for root from 1.2.3.4 port 22 ssh2 [preauth]",
      "pam_unix(sshd:session): session opened for user root(uid=0) by (uid=0)",
      "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=1.2.3.4  user=root",
      "pam_unix(passwd:chauthtok): password changed for root",
      "pam_unix(sudo:auth): auth could not identify password for [bob]",
      "    root : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/bin/mkdir -p /x",
      "     bob : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/bin/ls",
      "     bob : a password is required ; PWD=/ ; USER=root ; COMMAND=/bin/ls",
      "Started systemd-ask-password-console.path - Dispatch Password Requests to Console Directory Watch.",
      "Reached target nss-user-lookup.target - User and Group Name Lookups.",
      "device (wlan0): no secrets: No agents were available for this request.",
      "cgminer.service: Main process exited, code=exited, status=1/FAILURE",
      "bypass: on, compass=north, tokens: 5, secretary: Jane",
      "Pool 0 stratum+tcp://pool.x:3333 alive, testing stability",
  });
}

TEST(DefaultMasks, HideKeysOfNetworksSessionsAndPrivateKeys) {
  expect_all({
      {R"(psk="correct horse" key_mgmt=WPA-PSK)", R"(psk="***" key_mgmt=WPA-PSK)"},
      {"wpa_psk=abc123def", "wpa_psk=***"},
      {"session_id=0a1b2c done", "session_id=*** done"},
      {"<password>hunter2</password>", "<password>***</password>"},
      {R"(argv=["login","--password","hunter2"])", R"(argv=["login","--password","***"])"},
      {"-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\nIJ7x\n-----END EC PRIVATE KEY-----",
       "-----BEGIN EC PRIVATE KEY-----***-----END EC PRIVATE KEY-----"},
  });
  expect_untouched({"New session 12 of user ada.", "gpio pin=5 pw_fill done", "-----BEGIN CERTIFICATE-----\nMIIB\n"});
}

}  // namespace
}  // namespace backplane::log_stream
