#include "auth/audit.hpp"

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

}  // namespace

std::string Audit::shown_user(const AuditEvent& event) const {
  std::string shown = clean(event.user);
  if (event.event != kLoginRefused || is_user_(event.user)) return shown;
  const std::string_view beginning = sdk::beginning(shown, limits::kAuditUnknownNameBytesMax);
  return beginning.size() == shown.size() ? shown : std::string(beginning) + "…";
}

void Audit::note(const AuditEvent& event) {
  store::AuditRow row;
  row.wall_ms = clock_.wall_ms();
  row.event = event.event;
  row.user = shown_user(event);
  row.address = clean(event.address);
  row.door = event.door;
  row.detail = clean(event.detail);
  base::log(base::Level::kInfo, "audit: {} user '{}' from {}{}{}{}{}", row.event, base::quotable(row.user),
            row.address.empty() ? "here" : row.address, row.door.empty() ? "" : " door ", row.door,
            row.detail.empty() ? "" : ": ", row.detail);
  if (waiting_.size() < limits::kAuditWaitingMax) {
    waiting_.push_back(std::move(row));
  } else {
    ++left_out_;
  }
}

void Audit::flush() {
  if (waiting_.empty()) return;
  if (left_out_ != 0) {
    store::AuditRow row;
    row.wall_ms = clock_.wall_ms();
    row.event = "audit.left-out";
    row.detail = std::to_string(std::exchange(left_out_, 0)) + " more events at this time are only in the log";
    waiting_.push_back(std::move(row));
  }
  store_.run<void>([rows = std::exchange(waiting_, {})](
                       store::Store& store) { return store.insert_audit(rows, limits::kAuditRowsMax); },
                   [](const base::Checked<void>& written) {
                     if (written) return;
                     base::log(base::Level::kError, "audit: not written: {}", written.error().message());
                   });
}

}  // namespace backplane::auth
