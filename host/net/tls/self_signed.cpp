#include "net/tls/self_signed.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <set>

#include "base/unique_fd.hpp"

namespace backplane::net {
namespace {

using base::Checked;
using base::Error;
using base::problem;

template <auto free_function>
struct Freed {
  template <class T>
  void operator()(T* pointer) const {
    free_function(pointer);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;

constexpr std::time_t kNotBefore = 1704067200;  // 2024-01-01: a board without a clock battery may start in 1970
constexpr std::time_t kLifetimeS = 10LL * 365 * 24 * 3600;

bool is_address(const std::string& name) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, name.c_str(), bytes) == 1 || inet_pton(AF_INET6, name.c_str(), bytes) == 1;
}

// Host names come from the system, but a comma or a colon in one would end or forge an entry of the extension's text.
bool is_dns_name(const std::string& name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
  });
}

std::string alternative_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    const bool address = is_address(name);
    if (!address && !is_dns_name(name)) continue;
    if (!text.empty()) text += ',';
    text += (address ? "IP:" : "DNS:") + name;
  }
  return text;
}

bool add_extension(X509* certificate, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

Certificate make_certificate(EVP_PKEY* key, const std::vector<std::string>& names) {
  Certificate certificate(X509_new());
  unsigned char serial[16];
  if (!certificate || RAND_bytes(serial, sizeof serial) != 1) return nullptr;
  serial[0] &= 0x7f;  // positive (RFC 5280 §4.1.2.2)
  const std::unique_ptr<BIGNUM, Freed<BN_free>> number(BN_bin2bn(serial, sizeof serial, nullptr));
  X509_set_version(certificate.get(), X509_VERSION_3);
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get()));
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), kNotBefore);
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), std::max(std::time(nullptr), kNotBefore) + kLifetimeS);
  X509_set_pubkey(certificate.get(), key);

  const std::string common_name = !names.empty() && is_dns_name(names.front()) ? names.front() : "backplane";
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common_name.c_str()),
                             -1, -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  const bool extended = add_extension(certificate.get(), NID_subject_alt_name, alternative_names(names)) &&
                        add_extension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE") &&
                        add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature") &&
                        add_extension(certificate.get(), NID_ext_key_usage, "serverAuth");
  if (!extended || X509_sign(certificate.get(), key, EVP_sha256()) == 0) return nullptr;
  return certificate;
}

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

// Writes beside the target and renames, so that the file is whole or absent.
Checked<void> write_file(const std::filesystem::path& path, const std::string& text, mode_t mode) {
  const std::filesystem::path fresh = path.string() + ".new";
  const auto failed = [&](const char* what) {
    const std::string reason = std::strerror(errno);
    ::unlink(fresh.c_str());
    return problem(Error::kIo, std::string("cannot ") + what + ": " + reason, path.string());
  };
  base::UniqueFd file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!file) return failed("create the file");
  if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return failed("write the file");
  if (::fsync(file.get()) != 0) return failed("write the file to disk");
  if (::rename(fresh.c_str(), path.c_str()) != 0) return failed("rename the new file");
  return {};
}

}  // namespace

Checked<CertificateFiles> ensure_self_signed(const std::filesystem::path& directory,
                                             const std::vector<std::string>& names) {
  CertificateFiles files{directory / "cert.pem", directory / "key.pem"};
  const bool has_certificate = std::filesystem::exists(files.certificate);
  const bool has_key = std::filesystem::exists(files.private_key);
  if (has_certificate && has_key) return files;
  if (has_certificate) {
    return problem(
        Error::kConflict,
        "the private key belonging to cert.pem is missing; restore it, or remove cert.pem to have both made anew",
        files.private_key.string());
  }
  // A key without a certificate is what a power cut between the two writes leaves: it has never been used.
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = key ? make_certificate(key.get(), names) : nullptr;
  const Memory key_text(BIO_new(BIO_s_mem()));
  const Memory certificate_text(BIO_new(BIO_s_mem()));
  if (!certificate ||
      PEM_write_bio_PKCS8PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
      PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1) {
    return problem(Error::kInternal, "cannot make a self-signed certificate", files.certificate.string());
  }
  if (auto written = write_file(files.private_key, text_of(key_text.get()), 0600); !written) return written.error();
  if (auto written = write_file(files.certificate, text_of(certificate_text.get()), 0644); !written)
    return written.error();
  return files;
}

std::vector<std::string> host_names_and_addresses() {
  std::vector<std::string> names;
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) == 0 && name[0] != 0) names.emplace_back(name);
  names.emplace_back("localhost");

  std::set<std::string> addresses{"127.0.0.1", "::1"};
  ifaddrs* interfaces = nullptr;
  if (::getifaddrs(&interfaces) == 0) {
    for (const ifaddrs* each = interfaces; each != nullptr; each = each->ifa_next) {
      if (each->ifa_addr == nullptr) continue;
      char text[INET6_ADDRSTRLEN] = {};
      if (each->ifa_addr->sa_family == AF_INET) {
        inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(each->ifa_addr)->sin_addr, text, sizeof text);
      } else if (each->ifa_addr->sa_family == AF_INET6) {
        inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(each->ifa_addr)->sin6_addr, text, sizeof text);
      }
      if (text[0] != 0) addresses.insert(text);
    }
    ::freeifaddrs(interfaces);
  }
  names.insert(names.end(), addresses.begin(), addresses.end());
  return names;
}

}  // namespace backplane::net
