#include "auth/session_token.hpp"

#include <backplane/text.hpp>

namespace backplane::auth {

bool decode_token(std::string_view token, TokenBytes& bytes) {
  return token.size() == 2 * bytes.size() && sdk::decode_hex(token, bytes.data());
}

bool is_session_token(std::string_view text) {
  TokenBytes bytes;
  return decode_token(text, bytes);
}

base::Secret encode_token(std::string_view bytes) {
  return base::Secret(sdk::encode_hex(bytes));
}

}  // namespace backplane::auth
