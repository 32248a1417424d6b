#include "store/store_thread.hpp"

#include <string>

#include "base/log.hpp"
#include "store/limits.hpp"

namespace backplane::store {

StoreThread::StoreThread(Store store, Executor executor)
    : store_(std::move(store)), executor_(std::move(executor)), worker_("store", limits::kStoreJobsMax) {}

StoreThread::~StoreThread() {
  worker_.stop();
}

void StoreThread::on_state_changed(std::function<void(const std::optional<base::Problem>&)> listener) {
  listener_ = std::move(listener);
}

void StoreThread::watch(std::int64_t now_ms) {
  const bool waits = given_ != answered_;
  if (!waits || answered_ != answered_before_ || progress_ms_ < 0) {
    answered_before_ = answered_;
    progress_ms_ = now_ms;
    return;
  }
  if (hangs_ || now_ms - progress_ms_ < limits::kStoreHangMs) return;
  hangs_ = true;
  tell(base::problem(base::Error::kIo,
                     "the disk of the state directory has answered nothing for " +
                         std::to_string(limits::kStoreHangMs / 1000) +
                         " s: logins, logouts and changes wait; see whether it fails or is a share that is away"));
}

void StoreThread::note(const std::optional<base::Problem>& problem) {
  ++answered_;
  const bool hung = std::exchange(hangs_, false);
  const bool failing = problem.has_value() && problem->code == base::Error::kIo;
  if (problem.has_value() && !failing && !hung) return;  // a refusal by the rules says nothing about the disk
  if (failing == disk_problem_.has_value() && !hung) return;
  tell(failing ? problem : std::nullopt);
}

void StoreThread::tell(std::optional<base::Problem> problem) {
  if (problem) {
    base::log(base::Level::kError, "store: {}", problem->message());
  } else {
    base::log(base::Level::kInfo, "store: the disk works again");
  }
  disk_problem_ = std::move(problem);
  if (listener_) listener_(disk_problem_);
}

}  // namespace backplane::store
