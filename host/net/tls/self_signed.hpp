// Makes the certificate of a first start: a P-256 key and a self-signed certificate with the host's names and
// addresses.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace backplane::net {

struct CertificateFiles {
  std::filesystem::path certificate;
  std::filesystem::path private_key;
};

// The pair in `directory` (cert.pem, key.pem), made now where neither file exists. Each file appears whole or not at
// all; the key has mode 0600. One file without the other is a Problem: nothing is overwritten. Blocks on disk; start-up
// only.
base::Checked<CertificateFiles> ensure_self_signed(const std::filesystem::path& directory,
                                                   const std::vector<std::string>& names);

// What the certificate is made for: the host name, "localhost", and every address of this machine's interfaces.
std::vector<std::string> host_names_and_addresses();

}  // namespace backplane::net
