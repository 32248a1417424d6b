#include "auth/credentials.hpp"

#include <gtest/gtest.h>

namespace backplane::auth {
namespace {

using exchange::CredentialKind;
using Form = Presented::Form;

const std::string kToken(64, 'a');
const std::string kCookie = "auth_token=" + kToken;

Presented read(std::vector<exchange::Header> headers, std::int64_t unix_uid = -1) {
  static exchange::Request request;  // tokens are views into it
  request = exchange::Request();
  request.headers = std::move(headers);
  request.peer.unix_uid = unix_uid;
  return read_credentials(request);
}

TEST(Credentials, TheFirstOfTheFixedOrderDecides) {
  const std::string bearer = "Bearer " + kToken;
  std::vector<exchange::Header> all = {
      {"Cookie", kCookie},        {"Upgrade", "websocket"},  {"Sec-WebSocket-Protocol", kToken},
      {"Gravwell-Token", kToken}, {"Authorization", bearer}, {"X-KVMD-Passwd", "p"},
      {"X-KVMD-User", "admin"}};
  EXPECT_EQ(read(all, 0).kind, CredentialKind::kXHeaders);
  all.pop_back();
  EXPECT_EQ(read(all, 0).kind, CredentialKind::kBearer);
  all.pop_back();
  all.pop_back();
  EXPECT_EQ(read(all, 0).kind, CredentialKind::kBearer) << "Gravwell-Token";
  all.pop_back();
  EXPECT_EQ(read(all, 0).kind, CredentialKind::kWebSocketProtocol);
  all[1].value = "h2c";
  EXPECT_EQ(read(all, 0).kind, CredentialKind::kCookie) << "subprotocols count on WebSocket upgrades only";
  EXPECT_EQ(read({{"Cookie", kCookie}, {"Authorization", "Basic YTpi"}}, 0).kind, CredentialKind::kCookie);
  EXPECT_EQ(read({{"Authorization", "Basic YTpi"}}, 0).kind, CredentialKind::kBasic);
  EXPECT_EQ(read({}, 0).kind, CredentialKind::kUnixPeer);
  EXPECT_EQ(read({}).form, Form::kNothing);
}

TEST(Credentials, ABadOneNeverFallsThrough) {
  const std::string good_basic = "Basic YTpi";
  EXPECT_EQ(read({{"X-KVMD-User", "Admin!"}, {"Cookie", kCookie}}).form, Form::kRefused);
  EXPECT_EQ(read({{"Authorization", "Bearer nonsense"}, {"Cookie", kCookie}}).form, Form::kRefused);
  EXPECT_EQ(read({{"Authorization", "Bearer"}, {"Cookie", kCookie}}).form, Form::kRefused);
  EXPECT_EQ(read({{"Gravwell-Token", "nonsense"}, {"Cookie", kCookie}}).form, Form::kRefused);
  EXPECT_EQ(read({{"Cookie", "auth_token=zzz"}, {"Authorization", good_basic}}).form, Form::kRefused);
  EXPECT_EQ(read({{"Authorization", "Basic !"}}, 0).form, Form::kRefused);
  EXPECT_EQ(read({{"Authorization", "Digest x"}}, 0).form, Form::kRefused);
}

TEST(Credentials, EmptyHeadersAreNotPresent) {
  EXPECT_EQ(read({{"X-KVMD-User", ""}, {"X-KVMD-Passwd", "p"}}).form, Form::kNothing);
  EXPECT_EQ(read({{"Cookie", "auth_token="}}).form, Form::kNothing);
  EXPECT_EQ(read({{"Cookie", "other=1"}}).form, Form::kNothing);
  EXPECT_EQ(read({{"Authorization", ""}}).form, Form::kNothing);
}

TEST(Credentials, ABearerMustBeReadable) {
  EXPECT_EQ(read({{"Authorization", "Bearer x"}}).refusal->error, base::Error::kUnauthorized);
  EXPECT_EQ(read({{"Authorization", "Bearer " + std::string(64, 'A')}}).refusal->error, base::Error::kUnauthorized);
  const std::string lower = "bEaReR   " + kToken;
  EXPECT_EQ(read({{"authorization", lower}}).token, kToken);
}

TEST(Credentials, S18_BasicSplitsAtTheFirstColon) {
  const Presented presented = read({{"Authorization", "basic YWRtaW46YTpiOmM="}});  // admin:a:b:c
  ASSERT_EQ(presented.form, Form::kPassword);
  EXPECT_EQ(presented.user, "admin");
  EXPECT_EQ(presented.password.reveal(), "a:b:c");
  const Presented umlaut = read({{"Authorization", "Basic YWRtaW46w7w="}});
  ASSERT_EQ(umlaut.form, Form::kPassword);
  EXPECT_EQ(umlaut.password.reveal(), "\xc3\xbc");
}

TEST(Credentials, UnreadableBasicIsUnauthorized) {
  // not base64; no padding; no colon; Latin-1 in place of UTF-8; nothing
  for (const char* value : {"Basic %%%", "Basic YTpiYw", "Basic YWRtaW4=", "Basic YWRtaW46/A==", "Basic", "Basic "}) {
    const Presented presented = read({{"Authorization", value}});
    ASSERT_EQ(presented.form, Form::kRefused) << value;
    EXPECT_EQ(presented.refusal->error, base::Error::kUnauthorized) << value;
  }
}

TEST(Credentials, MalformedPartsAreKvmdsValidationErrors) {
  const auto text = [](const Presented& presented) {
    EXPECT_EQ(presented.refusal->error, base::Error::kInvalid);
    return presented.refusal->text;
  };
  EXPECT_EQ(text(read({{"X-KVMD-User", "Admin!"}})), "The argument 'Admin!' is not a valid username characters");
  EXPECT_EQ(text(read({{"X-KVMD-User", "admin"}, {"X-KVMD-Passwd", "a\tb"}})),
            "The argument is not a valid passwd characters");
  EXPECT_EQ(text(read({{"Cookie", "auth_token=zzz"}})), "The argument is not a valid auth token");
  EXPECT_EQ(text(read({{"Authorization", "Basic QWRtaW4hOng="}})),  // Admin!:x
            "The argument 'Admin!' is not a valid username characters");
  const std::string long_user(129, 'a');
  EXPECT_EQ(text(read({{"X-KVMD-User", long_user}})), "RAW limit exceed");
}

TEST(Credentials, ASubprotocolIsACredentialOnlyWithTheShapeOfAToken) {
  const std::string offered = "gravwell.v1, " + kToken;
  EXPECT_EQ(read({{"Upgrade", "WebSocket"}, {"Sec-WebSocket-Protocol", offered}}).token, kToken);
  EXPECT_EQ(read({{"Upgrade", "websocket"}, {"Sec-WebSocket-Protocol", "chat, gravwell.v1"}}).form, Form::kNothing);
  const std::string jwt = std::string(20, 'h') + "." + std::string(20, 'p') + "." + std::string(43, 's');
  const Presented signed_one = read({{"Upgrade", "websocket"}, {"Sec-WebSocket-Protocol", jwt}, {"Cookie", kCookie}});
  ASSERT_EQ(signed_one.form, Form::kToken);
  EXPECT_EQ(signed_one.token, jwt);
  EXPECT_EQ(signed_one.kind, CredentialKind::kWebSocketProtocol);
  EXPECT_EQ(read({{"Upgrade", "websocket"}, {"Sec-WebSocket-Protocol", "chat"}, {"Sec-WebSocket-Protocol", jwt}}).token,
            jwt)
      << "in a second line";
}

TEST(Credentials, S33_AnEmptyCredentialDoesNotBecomeTheRightsOfAUnixPeer) {
  for (const char* name : {"X-KVMD-User", "X-KVMD-Passwd", "Authorization", "Gravwell-Token"}) {
    exchange::Request request;
    request.peer.unix_uid = 0;
    request.headers = {{name, ""}};
    EXPECT_EQ(read_credentials(request).form, Form::kNothing) << name;
  }
  exchange::Request request;
  request.peer.unix_uid = 0;
  request.headers = {{"Cookie", "auth_token="}};
  EXPECT_EQ(read_credentials(request).form, Form::kNothing);
  request.headers = {{"Cookie", "theme=dark"}};
  EXPECT_EQ(read_credentials(request).form, Form::kUnixPeer);
}

TEST(Credentials, TheAnswerToAnUpgradeNamesASubprotocolThatWasOffered) {
  const auto answered = [](std::vector<exchange::Header> headers) {
    exchange::Request request;
    request.headers = std::move(headers);
    request.headers.push_back({"Upgrade", "websocket"});
    return std::string(answered_subprotocol(request));
  };
  const std::string jwt = std::string(20, 'h') + "." + std::string(20, 'p') + "." + std::string(43, 's');
  const std::string both = "gravwell.v1, " + jwt;
  const std::string bearer = "Bearer " + jwt;
  const std::string other = "Bearer " + kToken;
  EXPECT_EQ(answered({{"Sec-WebSocket-Protocol", jwt}}), jwt);
  EXPECT_EQ(answered({{"Sec-WebSocket-Protocol", both}}), "gravwell.v1") << "the secret is not repeated";
  EXPECT_EQ(answered({{"Authorization", bearer}, {"Sec-WebSocket-Protocol", jwt}}), jwt);
  EXPECT_EQ(answered({{"Authorization", other}, {"Sec-WebSocket-Protocol", jwt}}), "") << "nobody has verified it";
  EXPECT_EQ(answered({{"Authorization", bearer}}), "");
  EXPECT_EQ(answered({{"Authorization", bearer}, {"Sec-WebSocket-Protocol", "chat"}}), "");
}

TEST(Credentials, S14_S19_HeadersThatOnlyLookLikeAnIdentityMeanNothing) {
  for (const char* name : {"X-Forwarded-User", "X-Remote-User", "Remote-User", "X-Real-IP", "X-Forwarded-For", "X-User",
                           "X-KVMD-UserX", "X-Auth-User", "Forwarded", "X-Server-Addr", "From"}) {
    EXPECT_EQ(read({{name, "admin"}}).form, Form::kNothing) << name;
  }
}

}  // namespace
}  // namespace backplane::auth
