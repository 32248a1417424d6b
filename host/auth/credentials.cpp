#include "auth/credentials.hpp"

#include <algorithm>
#include <backplane/text.hpp>
#include <iterator>
#include <utility>

#include "auth/crypto/base64.hpp"
#include "auth/crypto/token_signer.hpp"
#include "dialects/kvmd/validators.hpp"

namespace backplane::auth {
namespace {

using exchange::CredentialKind;
using exchange::same_name;
using Form = Presented::Form;

constexpr std::string_view kSubprotocolHeader = "Sec-WebSocket-Protocol";
// What a client may offer beside its token, so that the answer need not repeat the token.
constexpr std::string_view kNamedSubprotocols[] = {"gravwell.v1", "bearer"};

// One pass over the headers; each view has no data if the header is absent.
struct Found {
  std::string_view user;
  std::string_view password;
  std::string_view authorization;
  std::string_view gravwell_token;
  bool offers_subprotocols = false;
  bool upgrades = false;
};

Found find_headers(const exchange::Request& request) {
  Found found;
  const auto keep_first = [](std::string_view& place, std::string_view value) {
    if (place.data() == nullptr) place = value;
  };
  for (const exchange::Header& header : request.headers) {
    switch (header.name.size()) {  // most headers are ruled out by their length alone
      case 7:
        if (same_name(header.name, "Upgrade")) found.upgrades = same_name(header.value, "websocket");
        break;
      case 11:
        if (same_name(header.name, "X-KVMD-User")) keep_first(found.user, header.value);
        break;
      case 13:
        if (same_name(header.name, "Authorization")) keep_first(found.authorization, header.value);
        if (same_name(header.name, "X-KVMD-Passwd")) keep_first(found.password, header.value);
        break;
      case 14:
        if (same_name(header.name, "Gravwell-Token")) keep_first(found.gravwell_token, header.value);
        break;
      case 22:
        if (same_name(header.name, kSubprotocolHeader)) found.offers_subprotocols = true;
        break;
      default:
        break;
    }
  }
  return found;
}

Presented refuse(CredentialKind kind, base::Error error, std::string text = {}) {
  Presented presented;
  presented.form = Form::kRefused;
  presented.kind = kind;
  presented.refusal = exchange::Failure{error, std::move(text)};
  return presented;
}

Presented with_token(CredentialKind kind, std::string_view token) {
  Presented presented;
  presented.form = Form::kToken;
  presented.kind = kind;
  presented.token = token;
  return presented;
}

Presented with_password(CredentialKind kind, std::string_view raw_user, std::string_view raw_password) {
  const auto user = dialects::kvmd::valid_user(raw_user);
  if (!user) return refuse(kind, base::Error::kInvalid, user.failure().text);
  const auto password = dialects::kvmd::valid_password(raw_password);
  if (!password) return refuse(kind, base::Error::kInvalid, password.failure().text);
  Presented presented;
  presented.form = Form::kPassword;
  presented.kind = kind;
  presented.user = *user;
  presented.password = base::Secret(*password);
  return presented;
}

// Every name that an upgrade offers, in all its lines, until `look` is satisfied.
template <class Look>
void each_subprotocol(const exchange::Request& request, Look look) {
  for (const exchange::Header& header : request.headers) {
    if (!same_name(header.name, kSubprotocolHeader)) continue;
    std::string_view offered = header.value;
    while (!offered.empty()) {
      const std::size_t comma = offered.find(',');
      if (look(sdk::trim(offered.substr(0, comma)))) return;
      if (comma == std::string_view::npos) break;
      offered.remove_prefix(comma + 1);
    }
  }
}

// What stands after "<scheme> "; nothing if another scheme is named.
std::optional<std::string_view> after_scheme(std::string_view authorization, std::string_view scheme) {
  if (!same_name(authorization.substr(0, scheme.size()), scheme)) return std::nullopt;
  const std::string_view rest = authorization.substr(scheme.size());
  if (!rest.empty() && rest.front() != ' ' && rest.front() != '\t') return std::nullopt;
  return sdk::trim(rest);
}

Presented read_token(CredentialKind kind, std::string_view text) {
  if (is_session_token(text) || is_jwt_shaped(text)) return with_token(kind, text);
  return refuse(kind, base::Error::kUnauthorized);
}

// An upgrade may offer real subprotocols beside or instead of a token (gravwell.md §2.2): only what has the shape of a
// token is a credential.
std::optional<Presented> read_subprotocols(const exchange::Request& request) {
  std::optional<Presented> presented;
  each_subprotocol(request, [&presented](std::string_view name) {
    if (!is_session_token(name) && !is_jwt_shaped(name)) return false;
    presented = read_token(CredentialKind::kWebSocketProtocol, name);
    return true;
  });
  return presented;
}

Presented read_cookie(std::string_view value) {
  if (is_session_token(value) || is_jwt_shaped(value)) return with_token(CredentialKind::kCookie, value);
  const auto token = dialects::kvmd::valid_token(value);
  if (!token) return refuse(CredentialKind::kCookie, base::Error::kInvalid, token.failure().text);
  return with_token(CredentialKind::kCookie, *token);
}

// RFC 7617; the password may hold colons (S-18).
Presented read_basic(std::string_view encoded) {
  auto decoded = decode_base64(encoded, Padding::kRequired);
  if (!decoded) return refuse(CredentialKind::kBasic, base::Error::kUnauthorized);
  const base::Secret text(std::move(*decoded));
  const std::string_view pair = text.reveal();
  const std::size_t colon = pair.find(':');
  bool readable = colon != std::string_view::npos;
  for (std::string_view rest = pair; readable && !rest.empty();) readable = sdk::take_character(rest).has_value();
  if (!readable) return refuse(CredentialKind::kBasic, base::Error::kUnauthorized);
  return with_password(CredentialKind::kBasic, pair.substr(0, colon), pair.substr(colon + 1));
}

}  // namespace

std::string_view answered_subprotocol(const exchange::Request& request) {
  const Presented presented = read_credentials(request);
  if (presented.form != Form::kToken) return {};
  std::string_view answer;
  bool offers_token = false;
  each_subprotocol(request, [&](std::string_view name) {
    const bool known =
        std::find(std::begin(kNamedSubprotocols), std::end(kNamedSubprotocols), name) != std::end(kNamedSubprotocols);
    if (known && answer.empty()) answer = name;
    offers_token = offers_token || name == presented.token;
    return false;
  });
  if (!offers_token) return {};
  return answer.empty() ? presented.token : answer;
}

Presented read_credentials(const exchange::Request& request) {
  const Found found = find_headers(request);
  if (!found.user.empty()) return with_password(CredentialKind::kXHeaders, found.user, found.password);
  const bool authorized = !found.authorization.empty();
  if (authorized) {
    if (const auto token = after_scheme(found.authorization, "Bearer")) {
      return read_token(CredentialKind::kBearer, *token);
    }
  }
  if (!found.gravwell_token.empty()) return read_token(CredentialKind::kBearer, found.gravwell_token);
  if (found.upgrades && found.offers_subprotocols) {
    if (auto presented = read_subprotocols(request)) return std::move(*presented);
  }
  if (const std::string_view cookie = request.cookie("auth_token"); !cookie.empty()) return read_cookie(cookie);
  if (authorized) {
    if (const auto basic = after_scheme(found.authorization, "Basic")) return read_basic(*basic);
    // A scheme we do not know was meant to say who this is; it must not become the Unix peer's rights.
    return refuse(CredentialKind::kNone, base::Error::kUnauthorized);
  }
  Presented presented;
  // An empty credential was meant to say who this is as well (S-33).
  const bool any = found.user.data() != nullptr || found.password.data() != nullptr ||
                   found.authorization.data() != nullptr || found.gravwell_token.data() != nullptr ||
                   request.cookie("auth_token").data() != nullptr;
  if (request.peer.unix_uid >= 0 && !any) {
    presented.form = Form::kUnixPeer;
    presented.kind = CredentialKind::kUnixPeer;
    presented.unix_uid = request.peer.unix_uid;
  }
  return presented;
}

}  // namespace backplane::auth
