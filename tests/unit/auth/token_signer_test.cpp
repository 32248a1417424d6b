// The two signed forms of a token (gravwell.md §3, dragonmint.md §2.1).
#include "auth/crypto/token_signer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <backplane/text.hpp>
#include <string>
#include <vector>

#include "auth/crypto/base64.hpp"
#include "auth/tokens.hpp"

namespace backplane::auth {
namespace {

store::TokenKeyRow key(std::int64_t id, char fill) {
  return {id, base::Secret(std::string(32, fill)), 0};
}

std::vector<std::string> parts_of(const std::string& token) {
  std::vector<std::string> parts(1);
  for (const char c : token) {
    if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string unhex(const std::string& text) {
  std::string bytes(text.size() / 2, '\0');
  EXPECT_TRUE(sdk::decode_hex(text, bytes.data()));
  return bytes;
}

struct TokenSignerTest : testing::Test {
  TokenSignerTest() {
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 8 + 3);
  }
  std::string sign(TokenForm form) const { return signer.sign(form, bytes, claims).reveal(); }
  TokenBytes bytes{};
  TokenClaims claims{"DragonMint", "admin", 1, 1'700'000'000, 1'700'021'600};
  TokenSigner signer{{key(7, 'k')}};
};

TEST_F(TokenSignerTest, BothFormsComeBackAsTheBytesTheyName) {
  EXPECT_EQ(signer.verify(sign(TokenForm::kRfc7519)), bytes);
  EXPECT_EQ(signer.verify(sign(TokenForm::kGravwell)), bytes);
}

TEST_F(TokenSignerTest, TheRfc7519FormIsWhatJwtClientsDecode) {
  const auto parts = parts_of(sign(TokenForm::kRfc7519));
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(decode_base64url(parts[0]), R"({"typ":"JWT","alg":"HS256","kid":"7"})");
  const std::string payload = decode_base64url(parts[1]).value_or("");
  for (const char* claim : {R"("iss":"DragonMint")", R"("iat":1700000000)", R"("exp":1700021600)", R"("user":"admin")",
                            R"("sub":"admin")", R"("uid":1)", R"("expires":"2023-11-15T04:13:20.000Z")"}) {
    EXPECT_NE(payload.find(claim), std::string::npos) << claim << " in " << payload;
  }
  EXPECT_EQ(decode_base64url(parts[2])->size(), 32U);
}

TEST_F(TokenSignerTest, TheHexFormIsGravwellsOwn) {
  const std::string token = sign(TokenForm::kGravwell);
  EXPECT_EQ(token.find_first_not_of("0123456789abcdef."), std::string::npos);
  const auto parts = parts_of(token);
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(unhex(parts[0]), R"({"algo":62738,"typ":"jwt","kid":"7"})");
  const std::string payload = unhex(parts[1]);
  for (const char* claim : {R"("uid":1)", R"("expires":"2023-11-15T04:13:20.000Z")", R"("iat":[3,11,19,)",
                            R"("noLoginChange":false)", R"("noDisableMFA":false)"}) {
    EXPECT_NE(payload.find(claim), std::string::npos) << claim << " in " << payload;
  }
  EXPECT_EQ(parts[2].size(), 128U);
  EXPECT_LT(token.size(), 1024U);
}

TEST_F(TokenSignerTest, S35_NoOtherTextIsAToken) {
  for (const TokenForm form : {TokenForm::kRfc7519, TokenForm::kGravwell}) {
    const std::string token = sign(form);
    for (std::size_t i = 0; i < token.size(); ++i) {
      std::string wrong = token;
      wrong[i] = wrong[i] == 'A' || wrong[i] == '0' ? 'B' : (form == TokenForm::kGravwell ? '0' : 'A');
      EXPECT_FALSE(signer.verify(wrong)) << i;
      EXPECT_FALSE(signer.verify(token.substr(0, i))) << i;
    }
    for (const std::string& wrong : {token + "A", "A" + token, token + ".", "." + token, token + "=", token + " ",
                                     std::string(token).insert(token.find('.'), ".")}) {
      EXPECT_FALSE(signer.verify(wrong)) << wrong;
    }
  }
  std::string upper = sign(TokenForm::kGravwell);
  for (char& c : upper) c = static_cast<char>(c >= 'a' && c <= 'f' ? c - 32 : c);
  EXPECT_FALSE(signer.verify(upper));
}

TEST_F(TokenSignerTest, TheAlgorithmIsNeverTakenFromTheToken) {
  const auto parts = parts_of(sign(TokenForm::kRfc7519));
  for (const char* header : {R"({"alg":"none"})", R"({"typ":"JWT","alg":"none","kid":"7"})",
                             R"({"alg":"HS256","typ":"JWT","kid":"7"})", R"({"typ":"JWT","alg":"RS256","kid":"7"})",
                             R"({"typ":"JWT","alg":"HS256","kid":"8"})", R"({"typ":"JWT","alg":"HS256"})"}) {
    EXPECT_FALSE(signer.verify(encode_base64url(header) + "." + parts[1] + "." + parts[2])) << header;
    EXPECT_FALSE(signer.verify(encode_base64url(header) + "." + parts[1] + ".")) << header;
  }
}

TEST_F(TokenSignerTest, ATokenOfOneFormIsNotRelabelledAsTheOther) {
  const auto jwt = parts_of(sign(TokenForm::kRfc7519));
  const auto hex = parts_of(sign(TokenForm::kGravwell));
  EXPECT_FALSE(signer.verify(hex[0] + "." + sdk::encode_hex(*decode_base64url(jwt[1])) + "." +
                             sdk::encode_hex(*decode_base64url(jwt[2]))));
  EXPECT_FALSE(signer.verify(jwt[0] + "." + encode_base64url(unhex(hex[1])) + "." + encode_base64url(unhex(hex[2]))));
}

TEST_F(TokenSignerTest, TokensThatAnotherProgramSignedUnderOurRulesAreRead) {
  const std::string rfc7519 =
      "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiIsImtpZCI6IjEifQ.eyJqdGkiOiJBQUVDQXdRRkJnY0lDUW9MREEwT0R"
      "4QVJFaE1VRlJZWEdCa2FHeHdkSGg4IiwiaXNzIjoiRHJhZ29uTWludCIsImlhdCI6MSwidXNlciI6ImFkbWluIiwic"
      "3ViIjoiYWRtaW4iLCJ1aWQiOjEsInVzZSI6InNlc3Npb24ifQ.jm9Zjb4lGpDG10jg2sLIOjqAcde-Uq7lS3jrJP9s"
      "zHI";
  const std::string gravwell =
      "7b22616c676f223a36323733382c22747970223a226a7774222c226b6964223a2231227d.7b22696174223a5b3"
      "02c312c322c332c342c352c362c372c382c392c31302c31312c31322c31332c31342c31352c31362c31372c313"
      "82c31392c32302c32312c32322c32332c32342c32352c32362c32372c32382c32392c33302c33315d2c2275696"
      "4223a312c226e6f4c6f67696e4368616e6765223a66616c73652c226e6f44697361626c654d4641223a66616c7"
      "3657d.e46047f1170126482879f73fa78c2da859696c10a8722edb7cdcfef7af3f6d1208f70f6e29f25c6ec87f"
      "88166351545e2c9ad2e0a9131d9df70df11fe1b5aecc";
  TokenBytes counted{};
  for (std::size_t i = 0; i < counted.size(); ++i) counted[i] = static_cast<char>(i);
  const TokenSigner first({key(1, 'k')});
  EXPECT_EQ(first.verify(rfc7519), counted);
  EXPECT_EQ(first.verify(gravwell), counted);
}

TEST_F(TokenSignerTest, S35_ARememberedSignatureVouchesForItsOwnTextAlone) {
  Tokens tokens({key(7, 'k')});
  for (const TokenForm form : {TokenForm::kRfc7519, TokenForm::kGravwell}) {
    const std::string token = sign(form);
    const auto named = tokens.key_of(token);
    ASSERT_TRUE(named);
    EXPECT_EQ(tokens.key_of(token), named);
    for (std::size_t i = 0; i < token.size(); ++i) {
      std::string wrong = token;
      wrong[i] = wrong[i] == 'A' || wrong[i] == '0' ? 'B' : (form == TokenForm::kGravwell ? '0' : 'A');
      EXPECT_FALSE(tokens.key_of(wrong)) << i;
    }
    EXPECT_EQ(tokens.key_of(token), named);
  }
  tokens.set_keys({key(8, 'n')});
  EXPECT_FALSE(tokens.key_of(sign(TokenForm::kRfc7519))) << "what a dropped key signed is forgotten";
}

TEST_F(TokenSignerTest, OldKeysVerifyAndTheNewestSigns) {
  const std::string old = sign(TokenForm::kRfc7519);
  const TokenSigner rotated({key(8, 'n'), key(7, 'k')});
  EXPECT_EQ(rotated.verify(old), bytes);
  const std::string fresh = rotated.sign(TokenForm::kRfc7519, bytes, claims).reveal();
  EXPECT_EQ(rotated.verify(fresh), bytes);
  EXPECT_FALSE(signer.verify(fresh));
  EXPECT_FALSE(TokenSigner({key(8, 'n')}).verify(old)) << "a key that was dropped";
  EXPECT_FALSE(TokenSigner({key(7, 'x')}).verify(old)) << "another key of the same number";
}

}  // namespace
}  // namespace backplane::auth
