// Strangers on many networks guess at names that nobody has, as fast as they are let; owners still get in (S-05). The
// clock moves by the cost of each check, so that a second here has as many checks as on a machine.
#include <algorithm>
#include <functional>

#include "auth/limits.hpp"
#include "unit/auth/daemon_fixture.hpp"

namespace backplane::auth {
namespace {

constexpr std::int64_t kCheckMs = 100;
constexpr std::int64_t kOwnerPatienceMs = 5'000;
constexpr std::int64_t kRetryMs = 500;  // of an owner who was told to try again
constexpr int kOpenPerNetwork = 10;     // of guesses, over what a network gets
constexpr int kOwners = 13;

class AttackTest : public DaemonFixture {
 protected:
  // An address of that attacking network, another one each time.
  using Network = std::function<std::string(int network, int guess)>;
  struct Owner {
    std::string user;
    std::string address;
    std::int64_t next_ms = 0;
    bool waits = false;
    std::int64_t in_ms = -1;
    int refusals = 0;
  };

  void SetUp() override {
    DaemonFixture::SetUp();
    for (int i = 0; i < kOwners; ++i) {
      ASSERT_TRUE(wait_for_user([&](Users::Done done) {
        authenticator_->users().add("owner" + std::to_string(i), "viewer", base::Secret(std::string(kPassword)),
                                    std::move(done));
      }));
    }
  }

  // What the answer says, when it comes: a guess that was looked at has cost a check.
  void ask(const std::string& user, const std::string& password, const std::string& address,
           std::function<void(const std::optional<exchange::Failure>&)> done) {
    ++open_;
    authenticator_->check_password(user, base::Secret(password), address,
                                   [this, done = std::move(done)](const std::optional<exchange::Failure>& refusal) {
                                     --open_;
                                     if (!refusal || refusal->error != base::Error::kThrottled) {
                                       clock_.advance_ms(kCheckMs);
                                       ++checks_;
                                     }
                                     done(refusal);
                                   });
  }

  void guess(int networks, const Network& address_of) {
    guesses_.resize(static_cast<std::size_t>(networks), 0);
    for (int network = 0; network < networks; ++network) {
      int& open = guesses_[static_cast<std::size_t>(network)];
      const auto refused = std::make_shared<bool>(false);
      while (open < kOpenPerNetwork && !*refused) {
        ++open;
        const int number = next_guess_++;
        ask("nobody" + std::to_string(number), "guess", address_of(network, number),
            [&open, refused](const auto& refusal) {
              --open;
              *refused = refusal && refusal->error == base::Error::kThrottled;
            });
      }
    }
  }

  void try_to_get_in(Owner& owner) {
    if (owner.in_ms >= 0 || owner.waits || clock_.boot_ms() < owner.next_ms) return;
    owner.waits = true;
    ask(owner.user, kPassword, owner.address, [this, &owner](const auto& refusal) {
      owner.waits = false;
      owner.next_ms = clock_.boot_ms() + kRetryMs;
      if (refusal) ++owner.refusals;
      if (!refusal) owner.in_ms = clock_.boot_ms();
    });
  }

  void step(int networks, const Network& address_of, std::vector<Owner>& owners) {
    guess(networks, address_of);
    for (Owner& owner : owners) try_to_get_in(owner);
    const int before = checks_;
    if (open_ == 0) return clock_.advance_ms(kCheckMs);
    ASSERT_TRUE(loop_->run_until([&] { return checks_ > before; }));
  }

  void attack_for(std::int64_t duration_ms, int networks, const Network& address_of, std::vector<Owner>& owners) {
    const std::int64_t end = clock_.boot_ms() + duration_ms;
    while (clock_.boot_ms() < end) ASSERT_NO_FATAL_FAILURE(step(networks, address_of, owners));
  }

  void settle() {
    ASSERT_TRUE(loop_->run_until([&] { return open_ == 0; }));
  }

  static std::vector<Owner> owners_elsewhere() {
    std::vector<Owner> owners;
    for (int i = 0; i < kOwners; ++i) {
      owners.push_back({.user = "owner" + std::to_string(i), .address = "203.0." + std::to_string(i) + ".9"});
    }
    return owners;
  }

  void expect_in(const std::vector<Owner>& owners, std::int64_t since_ms) {
    for (const Owner& owner : owners) {
      ASSERT_GE(owner.in_ms, 0) << owner.user << " did not get in";
      EXPECT_LE(owner.in_ms - since_ms, kOwnerPatienceMs) << owner.user;
    }
  }

  static std::string ipv4(int network, int guess) {
    return "198.51." + std::to_string(network) + "." + std::to_string(guess % 250);
  }

  int open_ = 0;
  int checks_ = 0;
  int next_guess_ = 0;
  std::vector<int> guesses_;
};

TEST_F(AttackTest, S05_TwentyNetworksWithMadeUpNamesKeepNoOwnerOutWhenTheyBegin) {
  std::vector<Owner> owners = owners_elsewhere();
  const std::int64_t since = clock_.boot_ms();
  ASSERT_NO_FATAL_FAILURE(attack_for(kOwnerPatienceMs + 1000, 20, ipv4, owners));
  expect_in(owners, since);
  settle();
}

TEST_F(AttackTest, S05_TwentyNetworksWithMadeUpNamesKeepNoOwnerOutWhenTheyGoOn) {
  std::vector<Owner> nobody;
  ASSERT_NO_FATAL_FAILURE(attack_for(30'000, 20, ipv4, nobody));
  std::vector<Owner> owners = owners_elsewhere();
  const std::int64_t since = clock_.boot_ms();
  ASSERT_NO_FATAL_FAILURE(attack_for(kOwnerPatienceMs + 1000, 20, ipv4, owners));
  expect_in(owners, since);
  settle();
}

TEST_F(AttackTest, S05_FourNetworksOfOneIpv6AddressRangeKeepNoOwnerOut) {
  const auto address = [](int network, int guess) {
    return "2001:db8:0:" + std::to_string(network) + "::" + std::to_string(guess % 250 + 1);
  };
  std::vector<Owner> owners = owners_elsewhere();
  const std::int64_t since = clock_.boot_ms();
  ASSERT_NO_FATAL_FAILURE(attack_for(kOwnerPatienceMs + 1000, 4, address, owners));
  expect_in(owners, since);
  settle();
}

TEST_F(AttackTest, S05_WhoeverHasManyIpv6NetworksIsSlowedDownInAll) {
  const auto address = [](int network, int guess) {
    return "2001:db8:" + std::to_string(network) + ":" + std::to_string(guess % 9000) + "::1";
  };
  std::vector<Owner> nobody;
  ASSERT_NO_FATAL_FAILURE(attack_for(120'000, 3, address, nobody));
  const int before = checks_;
  ASSERT_NO_FATAL_FAILURE(attack_for(60'000, 3, address, nobody));
  EXPECT_LT(checks_ - before, 60) << "of the 600 that the machine could do";
  settle();
}

TEST_F(AttackTest, S05_KnownAddressesGetInAtOnceAlsoFromTheAttackersNetwork) {
  Owner known{.user = "owner1", .address = "198.51.3.200"};
  std::vector<Owner> nobody;
  try_to_get_in(known);
  settle();
  ASSERT_GE(known.in_ms, 0);
  for (int round = 0; round < 12; ++round) {
    clock_.advance_ms(limits::kPasswordCacheMs);
    ASSERT_NO_FATAL_FAILURE(attack_for(2'000, 20, ipv4, nobody));
    for (int i = 0; i < 6; ++i) ask("owner1", "guess" + std::to_string(i), "198.51.3.77", [](const auto&) {});
    Owner again{.user = known.user, .address = known.address};
    const std::int64_t since = clock_.boot_ms();
    std::vector<Owner> owners{again};
    ASSERT_NO_FATAL_FAILURE(attack_for(1'000, 20, ipv4, owners));
    EXPECT_EQ(owners[0].refusals, 0) << "in round " << round;
    expect_in(owners, since);
  }
  settle();
}

TEST_F(AttackTest, S05_AddressesStayKnownAcrossARestart) {
  ASSERT_FALSE(log_in("owner1", kPassword, "198.51.3.200").refusal);
  authenticator_->flush();
  drain_store();
  restart();
  for (int i = 0; i < limits::kThrottleFreeFailures; ++i) log_in("owner1", "guess" + std::to_string(i), "198.51.3.77");
  ASSERT_EQ(log_in("owner1", kPassword, "198.51.3.77").refusal->error, base::Error::kThrottled);
  EXPECT_FALSE(log_in("owner1", kPassword, "198.51.3.200").refusal);
}

}  // namespace
}  // namespace backplane::auth
