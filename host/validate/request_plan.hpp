// Makes the requests of a validation: as the host's HTTP layers would hand them to a plugin, never anything that they
// would have refused.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exchange/request.hpp"
#include "plugin/manifest/manifest.hpp"

namespace backplane::validate {

using Random = std::mt19937_64;

struct RequestPlan {
  std::vector<exchange::Field> query;
  std::vector<exchange::Field> headers;
  std::vector<exchange::Field> fields;      // of the body, for a route with body "fields"
  std::vector<exchange::Field> parameters;  // of the path; those that are not named get a plausible value
};

// What the route's OpenAPI operation says: required query parameters and those with an example, path parameters, the
// fields of the body. Without one: an empty query and no fields.
RequestPlan plausible_plan(const plugin::ManifestRoute& route);

// The same request with this text in every place that takes text from a client.
RequestPlan hostile_plan(const plugin::ManifestRoute& route, std::string_view text);

// What is needed with random values, and random texts besides, in random numbers.
RequestPlan random_plan(const plugin::ManifestRoute& route, Random& random);

// Texts that programs are known to stumble over. Valid UTF-8 without NUL, as the host sees to.
const std::vector<std::string>& hostile_texts();

// The request of an administrator. What may not stand in a place is left out of it.
std::shared_ptr<const exchange::Request> make_request(const plugin::Manifest& manifest,
                                                      const plugin::ManifestRoute& route, const RequestPlan& plan);

// "GET /api/things/1", for messages.
std::string describe(const plugin::ManifestRoute& route);

}  // namespace backplane::validate
