#include "auth/audit.hpp"

#include <algorithm>
#include <backplane/text.hpp>
#include <utility>

#include "auth/limits.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"

namespace backplane::auth {
namespace {

constexpr std::string_view kLoginRefused = "login.refused";

// Text for a database and a JSON document: cut, and valid UTF-8 without control characters.
std::string clean(std::string_view text) {
  std::string out = base::cut_text(text, limits::kAuditTextBytesMax);
  if (base::is_printable_text(out)) return out;
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  }
  return out;
}

void log_row(const store::AuditRow& row) {
  base::log(base::Level::kInfo, "audit: {} user '{}' from {}{}{}{}{}", row.event, base::quotable(row.user),
            row.address.empty() ? "here" : row.address, row.door.empty() ? "" : " door ", row.door,
            row.detail.empty() ? "" : ": ", row.detail);
}

}  // namespace

std::string Audit::shown_user(const AuditEvent& event) const {
  std::string shown = clean(event.user);
  if (event.event != kLoginRefused || is_user_(event.user)) return shown;
  const std::string_view beginning = sdk::beginning(shown, limits::kAuditUnknownNameBytesMax);
  return beginning.size() == shown.size() ? shown : std::string(beginning) + "…";
}

bool Audit::only_counts(const store::AuditRow& row) {
  const auto is_same = [&row](const Waiting& other) {
    return other.row.event == row.event && other.row.user == row.user && other.row.address == row.address &&
           other.row.door == row.door && other.row.detail == row.detail;
  };
  const auto same = std::find_if(waiting_.begin(), waiting_.end(), is_same);
  if (same != waiting_.end()) {
    ++same->repeats;
    return true;
  }
  if (refusals_waiting_ == limits::kAuditRefusalsWaitingMax) {
    ++refusals_left_out_;
    return true;
  }
  ++refusals_waiting_;
  return false;
}

void Audit::note(const AuditEvent& event) {
  store::AuditRow row;
  row.wall_ms = clock_.wall_ms();
  row.event = event.event;
  row.user = shown_user(event);
  row.address = clean(event.address);
  row.door = event.door;
  row.detail = clean(event.detail);
  if (row.event == kLoginRefused && only_counts(row)) return;
  log_row(row);
  if (waiting_.size() < limits::kAuditWaitingMax) {
    waiting_.push_back({.row = std::move(row)});
  } else {
    ++left_out_;
  }
}

// Says in the store, and for refusals in the log, how many there were that have no row of their own.
void Audit::add_left_out() {
  const auto add = [this](std::string detail) {
    store::AuditRow row;
    row.wall_ms = clock_.wall_ms();
    row.event = "audit.left-out";
    row.detail = std::move(detail);
    waiting_.push_back({.row = std::move(row)});
  };
  if (left_out_ != 0)
    add(std::to_string(std::exchange(left_out_, 0)) + " more events at this time are only in the log");
  if (refusals_left_out_ == 0) return;
  add(std::to_string(std::exchange(refusals_left_out_, 0)) + " more logins were refused at this time");
  log_row(waiting_.back().row);
}

void Audit::flush() {
  if (waiting_.empty()) return;
  add_left_out();
  std::vector<store::AuditRow> rows;
  for (Waiting& waiting : std::exchange(waiting_, {})) {
    if (waiting.repeats != 0) {
      const std::string more = "and " + base::with_commas(waiting.repeats) + " more like it at this time";
      waiting.row.detail += (waiting.row.detail.empty() ? "" : ", ") + more;
      log_row(waiting.row);
    }
    rows.push_back(std::move(waiting.row));
  }
  refusals_waiting_ = 0;
  store_.run<void>(
      [rows = std::move(rows)](store::Store& store) { return store.insert_audit(rows, limits::kAuditRowsMax); },
      [](const base::Checked<void>& written) {
        if (written) return;
        base::log(base::Level::kError, "audit: not written: {}", written.error().message());
      });
}

}  // namespace backplane::auth
