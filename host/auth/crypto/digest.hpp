// SHA-256 and HMAC-SHA-256 (OpenSSL), and digests as keys of tables.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

struct evp_md_st;
struct evp_md_ctx_st;

namespace backplane::auth {

using Digest = std::array<unsigned char, 32>;

// Whether both are the same, in a time that does not depend on where they differ.
bool same_digest(const Digest& a, const Digest& b);

Digest hmac_sha256(std::string_view key, std::string_view text);

std::string_view bytes_of(const Digest& digest);

// Hashes many short texts without asking OpenSSL for the algorithm each time. One thread.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  Digest operator()(std::string_view text);

 private:
  evp_md_st* algorithm_;
  evp_md_ctx_st* context_;
};

// A digest is random already; its first bytes spread well.
struct DigestHash {
  std::size_t operator()(const Digest& digest) const {
    std::size_t value = 0;
    std::memcpy(&value, digest.data(), sizeof value);
    return value;
  }
};

struct DigestEqual {
  bool operator()(const Digest& a, const Digest& b) const { return same_digest(a, b); }
};

}  // namespace backplane::auth
