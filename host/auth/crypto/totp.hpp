// Second factors: codes of six digits that change every 30 seconds (RFC 6238, SHA-1, as every authenticator app has
// them).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace backplane::auth {

inline constexpr std::size_t kTotpDigits = 6;
inline constexpr std::size_t kTotpKeyBytes = 20;

// The code of a step: the seconds since 1970, divided by 30.
std::string totp_code(std::string_view key, std::int64_t step);

// The step whose code this is, of the present one and its neighbours (clocks differ); nothing if it is none of
// theirs. In a time that does not depend on the code.
std::optional<std::int64_t> find_totp_step(std::string_view key, std::string_view code, std::int64_t wall_ms);

// The key as people type it (base32), and as an app reads it from a picture: an otpauth URL.
base::Secret totp_key_text(std::string_view key);
base::Secret totp_url(std::string_view key, std::string_view user, std::string_view device);

// Which codes are spent (contracts/README.md "TOTP"). A code that made a session is spent, and so are all before it. A
// code that came with a single request belongs to the address that it came from: PiKVM's scripts send it with each
// request until its time is over. I/O thread only.
class TotpUses {
 public:
  // Whether a single request from there may use the code of `step`. `spent_step`: the user's last that made a session.
  bool take_for_request(const std::string& key, std::int64_t step, std::int64_t spent_step, std::string_view address);
  // Whether a session may be made with it; then it is spent at once, and the caller has that stored.
  bool take_for_session(const std::string& key, std::int64_t step, std::int64_t spent_step);

 private:
  void forget_before(std::int64_t step);

  // By the user's key, so that a new key starts anew, and by step: the address, or who is nobody's address for a
  // session. Bounded: each key has the few steps that are good at one time.
  std::map<std::string, std::map<std::int64_t, std::string>> uses_;
};

}  // namespace backplane::auth
