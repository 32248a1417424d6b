// Second factors: codes of six digits that change every 30 seconds (RFC 6238, SHA-1, as every authenticator app has
// them).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

// Whether the code of `step` is good no more: it has made a session, or one that was good at the same time and comes
// after it has. A spent step far ahead, from a clock that was wrong, says nothing about the present ones.
bool is_spent(std::int64_t step, const std::vector<std::int64_t>& spent);

// Who has used the codes that are not yet on the disk as spent (contracts/README.md "TOTP"). A code that makes a
// session is used up. A code that came with a single request belongs to the address that it came from: PiKVM's scripts
// send it with each request until its time is over. I/O thread only.
class TotpUses {
 public:
  struct Code {
    const std::string& key;
    std::int64_t step;
    std::int64_t boot_ms;  // now
  };

  // Whether a single request from there may use the code.
  bool take_for_request(const Code& code, std::string_view address);
  // Whether a session may be made with it; the caller has that stored.
  bool take_for_session(const Code& code);

 private:
  struct Use {
    std::string address;
    std::int64_t boot_ms;
  };

  Use& use_of(const Code& code, std::string_view address);

  // By the user's key, so that a new key starts anew, and by step: the address, or who is nobody's address for a
  // session. Forgotten by the clock that nobody sets, so that a wall clock that jumps makes no used code fresh.
  // Bounded: each key has the few steps that are good at one time.
  std::map<std::string, std::map<std::int64_t, Use>> uses_;
};

}  // namespace backplane::auth
