#include "net/access_log.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/log.hpp"
#include "base/peer_network.hpp"
#include "net/limits.hpp"

namespace backplane::net {
namespace {

std::string_view credential_name(exchange::CredentialKind kind) {
  using Kind = exchange::CredentialKind;
  switch (kind) {
    case Kind::kXHeaders:
      return " (xhdr)";
    case Kind::kBearer:
      return " (bearer)";
    case Kind::kWebSocketProtocol:
      return " (protocol)";
    case Kind::kCookie:
      return " (token)";
    case Kind::kBasic:
      return " (basic)";
    case Kind::kUnixPeer:
      return " (unix)";
    case Kind::kNone:
      return "";
  }
  return "";
}

std::string_view without_query(std::string_view text) {
  return text.substr(0, text.find('?'));
}

// Somebody else's text within quotes of ours.
std::string quoted(std::string_view text) {
  return text.empty() ? "-" : base::quotable(text);
}

std::string access_line(const exchange::Request& request, int status, std::size_t bytes) {
  const exchange::Principal* who = request.principal.get();
  return fmt::format("[{}{} / {}] '{} {} HTTP/1.{}' => {}; size={} --- referer='{}'; user_agent='{}'",
                     who == nullptr ? std::string_view("-") : std::string_view(who->user),
                     who == nullptr ? std::string_view() : credential_name(who->credential),
                     request.client_address.empty() ? "-" : request.client_address, quoted(request.method),
                     quoted(without_query(request.target)), request.minor_version, status, bytes,
                     quoted(without_query(request.header("Referer"))), quoted(request.header("User-Agent")));
}

}  // namespace

AccessLog::~AccessLog() {
  for (const auto& [key, stranger] : strangers_) tell_left_out(stranger);
}

void AccessLog::record(const exchange::Request& request, int status, std::size_t bytes) {
  if (!base::log_enabled(base::Level::kInfo)) return;
  std::string line = access_line(request, status, bytes);
  if (request.principal) {
    base::write_log(base::Level::kInfo, line);
  } else {
    record_line(stranger(request.client_address), std::move(line));
  }
}

void AccessLog::tick() {
  const std::int64_t until_ms = clock_.steady_ms() - limits::kAccessSharePeriodMs;
  std::erase_if(strangers_, [until_ms](const auto& entry) {
    const bool over = entry.second.since_ms <= until_ms;
    if (over) tell_left_out(entry.second);
    return over;
  });
}

// A client's own, or one that all share who come when the table is full.
AccessLog::Stranger& AccessLog::stranger(const std::string& address) {
  std::string key = base::peer_network(address, base::Ipv4Part::kAddress);
  auto found = strangers_.find(key);
  if (found != strangers_.end()) return found->second;
  const bool shared = strangers_.size() >= limits::kAccessStrangersMax;
  if (shared) key = "shared";
  Stranger fresh;
  fresh.address = shared ? "" : address.empty() ? "a Unix socket" : address;
  fresh.since_ms = clock_.steady_ms();
  return strangers_.try_emplace(std::move(key), std::move(fresh)).first->second;
}

void AccessLog::record_line(Stranger& stranger, std::string line) {
  auto& shown = stranger.shown;
  const auto same = std::find_if(shown.begin(), shown.end(), [&](const Shown& one) { return one.line == line; });
  if (same != shown.end()) {
    ++same->more;
  } else if (stranger.lines >= limits::kAccessLinesOfStrangerMax ||
             stranger.bytes >= limits::kAccessBytesOfStrangerMax) {
    ++stranger.left_out;
  } else {
    ++stranger.lines;
    stranger.bytes += line.size();
    base::write_log(base::Level::kInfo, line);
    if (line.size() <= limits::kAccessFoldedLineBytesMax) shown.push_back({.line = std::move(line)});
  }
}

void AccessLog::tell_left_out(const Stranger& stranger) {
  for (const Shown& shown : stranger.shown) {
    if (shown.more != 0) {
      base::log(base::Level::kInfo, "{} (and {} more)", shown.line, base::with_commas(shown.more));
    }
  }
  if (stranger.left_out == 0) return;
  base::log(base::Level::kInfo, "and {} more requests without a login from {}, which differ",
            base::with_commas(stranger.left_out),
            stranger.address.empty() ? std::string_view("other addresses") : std::string_view(stranger.address));
}

}  // namespace backplane::net
