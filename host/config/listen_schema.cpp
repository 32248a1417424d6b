#include "config/listen_schema.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/limits.hpp"
#include "config/values.hpp"
#include "config/yaml/scalar.hpp"

namespace backplane::config {
namespace {

using Kind = ListenSettings::Kind;

constexpr Key<TlsFiles> kTlsKeys[] = {
    {"certificate", into<&TlsFiles::certificate, read_file_path>},
    {"private_key", into<&TlsFiles::private_key, read_file_path>},
};

// `false` is plain HTTP; a map, `true` or nothing is TLS.
void read_tls(const Cursor& at, ListenSettings& out) {
  if (at.node.kind == YamlNode::Kind::kScalar) {
    const Scalar scalar = at.node.quoted ? Scalar{} : read_plain_scalar(at.node.text);
    if (scalar.kind != ScalarKind::kBoolean) {
      return at.refuse(
          fmt::format("{} is not allowed; allowed: false, or {{ certificate: FILE, private_key: FILE }}, "
                      "or {{}} for a self-signed pair",
                      shown(at.node.text)));
    }
    out.kind = *scalar.value.as<bool>() ? Kind::kTls : Kind::kPlain;
    return;
  }
  read_section<kTlsKeys>(at, out.tls);
  if (at.node.kind == YamlNode::Kind::kMap && out.tls.certificate.empty() != out.tls.private_key.empty() &&
      at.node.entries.size() == 1 && !at.node.entries.front().value->text.empty()) {
    at.refuse(fmt::format("the key \"{}\" is missing; a certificate and its private key are given together",
                          out.tls.certificate.empty() ? "certificate" : "private_key"));
  }
}

constexpr Choice<Kind> kRedirects[] = {{"https", Kind::kRedirect}};

void read_redirect(const Cursor& at, ListenSettings& out) {
  read_choice<kRedirects>(at, out.kind);
}

void read_unix(const Cursor& at, ListenSettings& out) {
  constexpr std::size_t kUnixPathBytesMax = 107;  // sockaddr_un::sun_path with its NUL
  read_file_path(at, out.unix_path);
  out.kind = Kind::kUnix;
  if (out.unix_path.native().size() > kUnixPathBytesMax) {
    at.refuse(fmt::format("a Unix socket's path has at most {} bytes", kUnixPathBytesMax));
  }
}

void read_peers(const Cursor& at, std::map<std::string, std::string>& out) {
  if (!expect_map(at)) return;
  for (const YamlEntry& entry : at.node.entries) {
    if (entry.key.empty()) at.at(entry).refuse("a system user's name is needed as the key");
    read_text(at.at(entry), out[entry.key]);
  }
}

constexpr Key<ListenSettings> kListenKeys[] = {
    {"address", into<&ListenSettings::address, read_address>},
    {"port", into<&ListenSettings::port, read_number<1, 65535, std::uint16_t>>},
    {"tls", read_tls},
    {"redirect", read_redirect},
    {"allow_plaintext", into<&ListenSettings::allow_plaintext, read_switch>},
    {"paths", into<&ListenSettings::paths, read_list<read_url_path, limits::kConfigListItemsMax>>},
    {"unix", read_unix},
    {"mode", into<&ListenSettings::mode, read_mode>},
    {"peers", into<&ListenSettings::peers, read_peers>},
};

// A key that means nothing beside another one; the first is where the mistake is reported.
struct Conflict {
  std::string_view key;
  std::string_view with;
};
constexpr Conflict kConflicts[] = {
    {"address", "unix"},         {"port", "unix"},    {"tls", "unix"},       {"redirect", "unix"},
    {"allow_plaintext", "unix"}, {"tls", "redirect"}, {"paths", "redirect"}, {"allow_plaintext", "redirect"},
};

void check_together(const Cursor& at, const ListenSettings& listen) {
  const auto refuse_key = [&](std::string_view key, std::string_view what) {
    const YamlEntry& entry = *at.node.find(key);
    Cursor there = at.at(entry);
    there.place = entry.key_place;
    there.refuse(what);
  };
  for (const auto& [key, with] : kConflicts) {
    if (at.node.find(key) != nullptr && at.node.find(with) != nullptr) {
      refuse_key(key, fmt::format("does not go with \"{}\"; leave one of them out", with));
    }
  }
  if (listen.kind == Kind::kUnix) return;
  for (const std::string_view key : {"mode", "peers"}) {
    if (at.node.find(key) != nullptr) refuse_key(key, "only goes with \"unix\"");
  }
  if (at.node.find("address") == nullptr) return at.refuse("the key \"address\" is missing (or \"unix\")");
  if (at.node.find("port") == nullptr) return at.refuse("the key \"port\" is missing");
  if (listen.kind == Kind::kPlain && !listen.address.is_loopback() && !listen.allow_plaintext) {
    refuse_key("tls",
               fmt::format("plain HTTP on {} would show passwords to the network; use TLS, listen on 127.0.0.1, or say "
                           "allow_plaintext: true",
                           listen.address.text()));
  }
  if (listen.kind == Kind::kTls && listen.allow_plaintext) {
    refuse_key("allow_plaintext", "has no effect with TLS; leave it out, or say tls: false");
  }
}

bool same_socket(const ListenSettings& a, const ListenSettings& b) {
  if (a.kind == Kind::kUnix || b.kind == Kind::kUnix) {
    return a.kind == b.kind && a.unix_path.lexically_normal() == b.unix_path.lexically_normal();
  }
  return a.port == b.port && a.address.v6 == b.address.v6 &&
         (a.address == b.address || a.address.is_wildcard() || b.address.is_wildcard());
}

void check_all(const Cursor& at, const std::vector<ListenSettings>& all) {
  const auto is_kind = [](Kind kind) { return [kind](const ListenSettings& l) { return l.kind == kind; }; };
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto first = std::find_if(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i),
                                    [&](const ListenSettings& other) { return same_socket(other, all[i]); });
    if (first != all.begin() + static_cast<std::ptrdiff_t>(i)) {
      at.at(i).refuse(fmt::format("listens where {} listens already", first->where));
    }
    if (all[i].kind == Kind::kRedirect && std::none_of(all.begin(), all.end(), is_kind(Kind::kTls))) {
      at.at(i).refuse("redirects to https, but nothing listens with TLS; add a listener with tls");
    }
  }
}

}  // namespace

void read_listeners(const Cursor& at, std::vector<ListenSettings>& out) {
  const std::size_t before = at.problems.count();
  if (!expect_list(at, limits::kListenersMax)) return;
  if (at.node.items.empty()) return at.refuse("nothing to listen on; give at least one address or Unix socket");
  for (std::size_t i = 0; i < std::min(at.node.items.size(), limits::kListenersMax); ++i) {
    const Cursor item = at.at(i);
    const std::size_t clean = at.problems.count();
    ListenSettings& listen = out.emplace_back();
    listen.where = item.place.text();
    read_section<kListenKeys>(item, listen);
    if (at.problems.count() == clean) check_together(item, listen);
  }
  // Between listeners only where each is right by itself: else one mistake would be reported twice.
  if (at.problems.count() == before) check_all(at, out);
}

}  // namespace backplane::config
