#include "store/store_thread.hpp"

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

void StoreThread::note(const std::optional<base::Problem>& problem) {
  const bool failing = problem.has_value() && problem->code == base::Error::kIo;
  if (problem.has_value() && !failing) return;  // a refusal by the rules says nothing about the disk
  if (failing == disk_problem_.has_value()) return;
  if (failing) {
    base::log(base::Level::kError, "store: {}", problem->message());
    disk_problem_ = problem;
  } else {
    base::log(base::Level::kInfo, "store: the disk works again");
    disk_problem_.reset();
  }
  if (listener_) listener_(disk_problem_);
}

}  // namespace backplane::store
