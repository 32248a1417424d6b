#include "net/tls/self_signed.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>

#include "net/tls/tls_context.hpp"

namespace backplane::net {
namespace {

namespace fs = std::filesystem;

struct SelfSigned : testing::Test {
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "backplane-XXXXXX").string();
    directory = mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(directory); }
  static std::string read(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  fs::path directory;
};

TEST_F(SelfSigned, ThePairIsMadeOnceForTheNamesAndAddressesGiven) {
  const auto files = ensure_self_signed(directory, {"kvm", "localhost", "127.0.0.1", "::1"});
  ASSERT_TRUE(files) << files.error().message();
  std::unique_ptr<FILE, decltype(&fclose)> file(fopen(files->certificate.c_str(), "r"), &fclose);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(PEM_read_X509(file.get(), nullptr, nullptr, nullptr),
                                                                &X509_free);
  ASSERT_TRUE(certificate);
  EXPECT_EQ(X509_check_host(certificate.get(), "kvm", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "::1", 0), 1);
  EXPECT_EQ(X509_check_host(certificate.get(), "other", 0, 0, nullptr), 0);

  const std::string before = read(files->certificate);
  ASSERT_TRUE(ensure_self_signed(directory, {"renamed"}));
  EXPECT_EQ(read(files->certificate), before);
}

TEST_F(SelfSigned, S02_TwoInstallsShareNoKeyAndOnlyTheOwnerReadsIt) {
  fs::create_directory(directory / "a");
  fs::create_directory(directory / "b");
  const auto first = ensure_self_signed(directory / "a", {"kvm"});
  const auto second = ensure_self_signed(directory / "b", {"kvm"});
  ASSERT_TRUE(first && second);
  EXPECT_NE(read(first->private_key), read(second->private_key));
  struct stat status {};
  ASSERT_EQ(stat(first->private_key.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(SelfSigned, ACertificateWithoutItsKeyIsReportedAndKept) {
  std::ofstream(directory / "cert.pem") << "mine";
  const auto files = ensure_self_signed(directory, {"kvm"});
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().where, (directory / "key.pem").string());
  EXPECT_EQ(read(directory / "cert.pem"), "mine");
}

TEST_F(SelfSigned, ALoneKeyOfAnInterruptedStartIsReplaced) {
  std::ofstream(directory / "key.pem") << "half";
  ASSERT_TRUE(ensure_self_signed(directory, {"kvm"}));
  EXPECT_TRUE(TlsContext::load(directory / "cert.pem", directory / "key.pem"));
}

TEST_F(SelfSigned, TlsRefusesFilesThatDoNotBelongTogetherAndNamesThem) {
  fs::create_directory(directory / "a");
  fs::create_directory(directory / "b");
  const auto first = ensure_self_signed(directory / "a", {"kvm"});
  const auto second = ensure_self_signed(directory / "b", {"kvm"});
  ASSERT_TRUE(first && second);
  const auto mixed = TlsContext::load(first->certificate, second->private_key);
  ASSERT_FALSE(mixed);
  EXPECT_EQ(mixed.error().where, second->private_key.string());
  const auto absent = TlsContext::load(directory / "none.pem", first->private_key);
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().where, (directory / "none.pem").string());
}

}  // namespace
}  // namespace backplane::net
