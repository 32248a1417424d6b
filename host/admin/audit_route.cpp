#include "admin/audit_route.hpp"

#include <backplane/json.hpp>
#include <charconv>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "admin/limits.hpp"
#include "base/clock.hpp"

namespace backplane::admin {
namespace {

using Rows = std::vector<store::AuditRow>;

// False if the query has that name with something that is no number from `least` to `most`.
bool read_query(const exchange::Request& request, std::string_view name, std::int64_t least, std::int64_t most,
                std::int64_t& number) {
  const exchange::Field* field = exchange::find_field(request.query_fields, name);
  if (field == nullptr) return true;
  const char* end = field->value.data() + field->value.size();
  const auto read = std::from_chars(field->value.data(), end, number);
  return read.ec == std::errc() && read.ptr == end && number >= least && number <= most;
}

std::string render(const Rows& rows) {
  sdk::JsonWriter json;
  json.begin_object();
  json.key("events").begin_array();
  for (const store::AuditRow& row : rows) {
    json.begin_object();
    json.key("id").integer(row.id);
    json.key("time").string(base::rfc3339(row.wall_ms));
    json.key("event").string(row.event);
    json.key("user").string(row.user);
    json.key("address").string(row.address);
    json.key("door").string(row.door);
    json.key("detail").string(row.detail);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

void answer(store::StoreThread& store, const std::shared_ptr<op::Operation>& operation) {
  const exchange::Request& request = operation->request();
  std::int64_t count = 100;
  std::int64_t before = 0;
  if (!read_query(request, "count", 1, limits::kAuditPageMax, count) ||
      !read_query(request, "before", 1, INT64_MAX, before)) {
    operation->fail(exchange::Failure{
        base::Error::kInvalid,
        "count is a number from 1 to " + std::to_string(limits::kAuditPageMax) + ", before is an event's id"});
    return;
  }
  store.run<Rows>([before, count](store::Store& open) { return open.audit(before, count); },
                  [operation](const base::Checked<Rows>& rows) {
                    if (!rows) {
                      operation->fail(exchange::Failure{base::Error::kUnavailable, "the audit log cannot be read now"});
                      return;
                    }
                    exchange::Response response;
                    response.content_type = exchange::kJsonType;
                    response.body = render(*rows);
                    operation->respond(std::move(response));
                  });
}

}  // namespace

http::Route audit_route(store::StoreThread& store) {
  return {.id = "audit",
          .method = "GET",
          .pattern = "/api/v1/audit",
          .scope = "audit.read",
          .safe = true,
          .operation_json = R"({"summary":"Logins, refusals, logouts and changes of users, newest first"})",
          .handler = [&store](const std::shared_ptr<op::Operation>& operation) { answer(store, operation); }};
}

}  // namespace backplane::admin
