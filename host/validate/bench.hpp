// What the checks work with: the plugin's files, the process that is asked now, and the report. It looks after every
// check whether the plugin is still there, and goes on with a fresh process if it is not.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "link/process_link.hpp"
#include "plugin/candidate.hpp"
#include "validate/report.hpp"
#include "validate/trial.hpp"

namespace backplane::validate {

class Bench {
 public:
  // `state_dir` is an empty folder that nobody else uses.
  Bench(plugin::Candidate candidate, std::filesystem::path state_dir, std::uint64_t seed, Report& report);
  ~Bench();
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  const plugin::Manifest& manifest() const { return *candidate_.manifest; }
  const std::string& config_json() const { return candidate_.config_json.reveal(); }
  Random& random() { return random_; }
  std::uint64_t seed() const { return seed_; }

  // Adds a line to the report, and says which.
  std::size_t add(int level, std::string name, Finding finding);
  Verdict verdict(std::size_t line) const { return report_.checks[line].finding.verdict; }
  void amend(std::size_t line, Finding finding) { report_.checks[line].finding = std::move(finding); }

  // Runs a check on a running plugin and adds what it found, or what became of the plugin meanwhile. Returns the line.
  using Body = std::function<Finding(Trial&)>;
  std::size_t check(int level, std::string name, const Body& body);
  // Says what is being done, for the case that the plugin breaks by it.
  void doing(std::string what) {
    if (trial_ && trial_->running()) doing_ = std::move(what);  // once it is broken, what came before was it
  }

  // The process of the last check; null if it is gone.
  Trial* present() { return trial_.get(); }
  // A process that has not been started, with that configuration. Not the one that check() asks.
  std::unique_ptr<Trial> make_trial(const std::string& config_json) const;
  // The running one is stopped, whatever it has to say of it: another may then use the same folder.
  void put_away() { trial_.reset(); }
  // Another process broke: it counts as one of those after which the rest is left out.
  void count_crash() { ++crashes_; }
  // Why nothing more can be asked; empty: it can.
  std::string hopeless() const;

  // The routes that are asked: not too many, and none whose first answer was wrong or missing.
  std::vector<std::size_t> routes(const std::function<bool(const plugin::ManifestRoute&)>& picks) const;
  // What the first request to each route has shown.
  void set_silent(std::size_t route) { silent_.insert(route); }
  void set_late(std::size_t route) { silent_.erase(route); }
  void set_streams(std::size_t route) { streams_.insert(route); }
  void set_answers(std::size_t route);
  bool streams(std::size_t route) const { return streams_.contains(route); }

  // Sends a request and waits for its answer, or for the begin of an endless one, which it leaves then.
  std::shared_ptr<Client> ask(Trial& trial, std::size_t route, const RequestPlan& plan);
  // Waits until all have an answer, and leaves those that go on. The first without one, in words; empty: all have one.
  std::string wait_for(Trial& trial, const std::vector<std::shared_ptr<Client>>& clients, std::size_t route);
  std::int64_t answer_ms(std::size_t route) const;

 private:
  Trial* running_trial(std::string& why_not);
  // What became of the plugin by a check; empty: it is well.
  std::optional<Finding> aftermath(Trial& trial, std::uint64_t overruns_before);
  std::optional<Finding> ask_for_life(Trial& trial);
  std::string after_what() const { return doing_.empty() ? "" : " (after: " + doing_ + ")"; }

  const plugin::Candidate candidate_;
  const std::uint64_t seed_;
  Random random_;
  Report& report_;
  link::Settings settings_;
  EventLoop loop_;
  base::Turn turn_;
  op::OpTable operations_;
  const link::ProcessHost process_;
  const TrialHost trial_host_;
  std::string doing_;
  std::size_t crashes_ = 0;
  std::set<std::size_t> silent_;
  std::set<std::size_t> streams_;
  std::optional<std::size_t> lively_;  // a route that answers: asked to see whether the plugin is alive
  std::unique_ptr<Trial> trial_;
};

}  // namespace backplane::validate
