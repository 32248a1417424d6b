#include "http/answer_copies.hpp"

#include <functional>
#include <utility>

#include "http/limits.hpp"

namespace backplane::http {
namespace {

constexpr std::size_t kBytesBesideBody = 512;  // about what a copy takes for itself

std::size_t bytes_of(const exchange::Response& response) {
  std::size_t bytes = response.bytes().size() + response.content_type.size() + kBytesBesideBody;
  for (const exchange::Field& header : response.headers) bytes += header.name.size() + header.value.size();
  return bytes;
}

}  // namespace

bool AnswerKey::operator==(const AnswerKey& other) const {
  if (route != other.route || path != other.path || query != other.query) return false;
  if (principal == other.principal) return true;
  return principal != nullptr && other.principal != nullptr && principal->role == other.principal->role &&
         principal->scopes == other.principal->scopes;
}

std::size_t AnswerKeyHash::operator()(const AnswerKey& key) const {
  const std::hash<std::string_view> hash;
  std::size_t value = std::hash<const void*>()(key.route);
  for (const std::string_view text : {key.path, key.query}) value = value * 31 + hash(text);
  return key.principal == nullptr ? value : value * 31 + hash(key.principal->role);
}

std::shared_ptr<const exchange::Response> AnswerCopies::find(const AnswerKey& key, std::int64_t now_ms) {
  const auto found = places_.find(key);
  if (found == places_.end()) return nullptr;
  const Place place = found->second;
  if (place->until_ms <= now_ms) {
    remove(place);
    return nullptr;
  }
  copies_.splice(copies_.begin(), copies_, place);
  return place->response;
}

void AnswerCopies::put(std::shared_ptr<const Route> route, const exchange::Request& request,
                       std::shared_ptr<const exchange::Response> response, std::int64_t until_ms) {
  const auto found = places_.find(AnswerKey(*route, request));
  if (found != places_.end()) remove(found->second);
  if (response->bytes().size() > limits::kAnswerCachedBytesMax) return;
  const std::size_t bytes = bytes_of(*response) + request.path.size() + request.query.size();
  copies_.push_front({std::move(route), request.path, std::string(request.query), request.principal,
                      std::move(response), until_ms, bytes});
  places_.emplace(copies_.front().key(), copies_.begin());
  bytes_ += bytes;
  while (copies_.size() > limits::kAnswersCachedMax || bytes_ > limits::kAnswersCachedTotalBytesMax) {
    remove(std::prev(copies_.end()));
  }
}

void AnswerCopies::remove_owner(std::string_view owner) {
  for (auto place = copies_.begin(); place != copies_.end();) {
    const auto next = std::next(place);
    if (place->route->owner == owner) remove(place);
    place = next;
  }
}

void AnswerCopies::remove(Place place) {
  bytes_ -= place->bytes;
  places_.erase(place->key());
  copies_.erase(place);
}

}  // namespace backplane::http
