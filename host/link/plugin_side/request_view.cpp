#include "link/plugin_side/request_view.hpp"

#include <charconv>
#include <cstdint>

#include "link/wire/fields.hpp"

namespace backplane::link {
namespace {

void write_hex(std::uint64_t number, char (&text)[17]) {
  static constexpr char kDigits[] = "0123456789abcdef";
  for (int i = 15; i >= 0; --i, number >>= 4) text[i] = kDigits[number & 15];
}

}  // namespace

bp_fields RequestView::fields(const std::vector<exchange::Field>& from, std::vector<bp_field>& into) const {
  into.clear();
  for (const exchange::Field& field : from) into.push_back({to_bytes(field.name), to_bytes(field.value)});
  return {into.data(), into.size(), sizeof(bp_field)};
}

const bp_request& RequestView::look_at(const exchange::Request& request, std::string_view mount) {
  view_ = {};
  view_.size = sizeof view_;
  view_.method = to_bytes(request.method);
  std::string_view path = request.path;
  if (path.starts_with(mount)) path.remove_prefix(mount.size());
  view_.path = to_bytes(path);
  view_.query = to_bytes(request.query);
  view_.path_parameters = fields(request.path_parameters, path_parameters_);
  view_.query_fields = fields(request.query_fields, query_fields_);
  view_.fields = fields(request.fields, fields_);

  headers_.clear();
  for (const exchange::Header& header : request.headers) {
    if (!is_credential(header.name, header.value)) headers_.push_back({to_bytes(header.name), to_bytes(header.value)});
  }
  view_.headers = {headers_.data(), headers_.size(), sizeof(bp_field)};

  scopes_.clear();
  if (const exchange::Principal* principal = request.principal.get()) {
    view_.user = to_bytes(principal->user);
    view_.uid = principal->uid;
    view_.role = to_bytes(principal->role);
    for (const std::string& scope : principal->scopes) scopes_.push_back(to_bytes(scope));
    view_.session = principal->session;
  }
  view_.scopes = scopes_.data();
  view_.scope_count = scopes_.size();
  view_.client_address = to_bytes(request.client_address);
  write_hex(request.trace, trace_);
  view_.trace = to_bytes({trace_, 16});

  const std::string_view length = request.header("Content-Length");
  const auto parsed = std::from_chars(length.data(), length.data() + length.size(), view_.content_length);
  if (!length.empty() && parsed.ec == std::errc()) view_.content_length_known = 1;
  return view_;
}

}  // namespace backplane::link
