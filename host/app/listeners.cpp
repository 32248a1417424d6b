#include "app/listeners.hpp"

#include <unistd.h>

#include <optional>

#include "net/tls/tls_context.hpp"
#include "plugin/isolation/system_user.hpp"

namespace backplane::app {
namespace {

using base::Checked;
using config::ListenSettings;

Checked<net::CertificateFiles> certificate_files(const ListenSettings& listen, const std::filesystem::path& state_dir) {
  if (!listen.tls.certificate.empty()) {
    net::CertificateFiles files{state_dir / listen.tls.certificate, state_dir / listen.tls.private_key};
    const auto usable = net::TlsContext::load(files.certificate, files.private_key);
    if (!usable) return usable.error();
    return files;
  }
  return net::ensure_self_signed(state_dir, net::host_names_and_addresses());
}

std::uint16_t https_port(const config::Settings& settings) {
  for (const ListenSettings& listen : settings.listen) {
    if (listen.kind == ListenSettings::Kind::kTls) return listen.port;
  }
  return 443;
}

Checked<std::int64_t> uid_of(const std::string& user, const std::string& where) {
  const auto found = plugin::find_system_user(user);
  if (!found) {
    const std::string why = found.error().message();
    return base::problem(base::Error::kInvalid, "listen.peers: the user '" + user + "' cannot be looked up: " + why,
                         where);
  }
  if (*found) return (*found)->uid;
  return base::problem(base::Error::kInvalid, "listen.peers: this system has no user '" + user + "'", where);
}

}  // namespace

Checked<std::vector<net::ListenerSpec>> listener_specs(const config::Settings& settings,
                                                       const std::filesystem::path& state_dir) {
  std::vector<net::ListenerSpec> specs;
  for (const ListenSettings& listen : settings.listen) {
    net::ListenerSpec spec;
    spec.policy.path_prefixes = listen.paths;
    if (listen.kind == ListenSettings::Kind::kUnix) {
      spec.unix_path = state_dir / listen.unix_path;
      spec.unix_mode = listen.mode;
    } else {
      spec.address = listen.address.text();
      spec.port = listen.port;
    }
    if (listen.kind == ListenSettings::Kind::kRedirect) {
      spec.policy.redirect_to_https = true;
      spec.policy.https_port = https_port(settings);
    }
    if (listen.kind == ListenSettings::Kind::kTls) {
      auto files = certificate_files(listen, state_dir);
      if (!files) return files.error();
      spec.tls = std::move(*files);
    }
    specs.push_back(std::move(spec));
  }
  return specs;
}

std::string control_socket(const config::Settings& settings, const std::filesystem::path& state_dir) {
  for (const ListenSettings& listen : settings.listen) {
    if (listen.kind == ListenSettings::Kind::kUnix) return std::filesystem::absolute(state_dir / listen.unix_path);
  }
  return {};
}

Checked<UnixPeers> unix_peers(const config::Settings& settings) {
  UnixPeers peers;
  for (const ListenSettings& listen : settings.listen) {
    if (listen.kind != ListenSettings::Kind::kUnix) continue;
    if (listen.peers.empty()) {
      peers.emplace(0, "admin");
      peers.emplace(static_cast<std::int64_t>(geteuid()), "admin");
    }
    for (const auto& [system_user, user] : listen.peers) {
      const auto uid = uid_of(system_user, listen.where);
      if (!uid) return uid.error();
      peers[*uid] = user;
    }
  }
  return peers;
}

std::string describe_listeners(const config::Settings& settings) {
  std::string text;
  for (const ListenSettings& listen : settings.listen) {
    text += std::to_string(static_cast<int>(listen.kind)) + ' ' + listen.address.text() + ' ' +
            std::to_string(listen.port) + ' ' + listen.tls.certificate.string() + ' ' +
            listen.tls.private_key.string() + ' ' + listen.unix_path.string() + ' ' + std::to_string(listen.mode);
    for (const std::string& path : listen.paths) text += ' ' + path;
    text += '\n';
  }
  return text;
}

std::vector<std::string> keep_until_restart(const config::Settings& running, config::Settings& next) {
  std::vector<std::string> differ;
  const auto keep = [&differ](const char* key, const auto& present, auto& wanted) {
    if (present == wanted) return;
    differ.emplace_back(key);
    wanted = present;
  };
  if (describe_listeners(running) != describe_listeners(next)) differ.emplace_back("listen");
  next.listen = running.listen;  // the peers were taken from it before
  keep("auth.passwords", running.auth.passwords, next.auth.passwords);
  keep("compat.kvmd.api_version", running.compat.kvmd.api_version, next.compat.kvmd.api_version);
  keep("plugin_dirs", running.plugin_dirs, next.plugin_dirs);
  keep("device.name", running.device.name, next.device.name);
  return differ;
}

}  // namespace backplane::app
