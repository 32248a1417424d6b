// A process link that is listened in on: what the plugin logs and what it does against the rules is kept, the rest
// goes on to who drives it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "link/link.hpp"
#include "link/process_link.hpp"

namespace backplane::validate {

// What was heard of one process.
struct Heard {
  std::vector<std::string> mistakes;  // exceptions and answers too many, in words; at most kMistakesMax
  std::string last_error;             // the last line that it logged as an error
  std::uint64_t bytes = 0;            // of answers, whole and streamed

  static constexpr std::size_t kMistakesMax = 16;
};

class Tap final : public link::Link, private link::Receiver {
 public:
  Tap(const link::ProcessHost& host, link::Settings settings, link::Receiver& receiver, std::shared_ptr<Heard> heard);

  void start() override { inner_.start(); }
  bool deliver(link::Message message) override { return inner_.deliver(std::move(message)); }
  void stop() override { inner_.stop(); }
  std::optional<link::Blocked> blocked() const override { return inner_.blocked(); }
  void tick() override { inner_.tick(); }
  void kill(std::string reason) override { inner_.kill(std::move(reason)); }
  pid_t process() const override { return inner_.process(); }
  const std::vector<link::SandboxLayer>& layers() const override { return inner_.layers(); }

 private:
  void on_message(link::Message& message) override;
  void hear_log(const link::Log& line);
  void hear_mistake(std::string text);

  link::Receiver& receiver_;
  const std::shared_ptr<Heard> heard_;
  link::ProcessLink inner_;
};

}  // namespace backplane::validate
