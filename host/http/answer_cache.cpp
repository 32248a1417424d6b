#include "http/answer_cache.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "http/limits.hpp"

namespace backplane::http {
namespace {

using op::End;
using Phase = op::Operation::Phase;

constexpr std::int64_t kIsCopy = -1;  // the fresh_ms of what came from here: it must not be kept anew

bool takes_part(const Route& route) {
  return route.method == "GET" && route.kind == RouteKind::kHttp && route.body == BodyKind::kNone && route.safe;
}

bool is_personal(const exchange::Response& response) {
  const auto sets_cookie = [](const exchange::Field& header) { return exchange::same_name(header.name, "Set-Cookie"); };
  return std::any_of(response.headers.begin(), response.headers.end(), sets_cookie);
}

bool may_be_kept(const exchange::Response& response) {
  return response.fresh_ms > 0 && !is_personal(response);
}

// A failure is not kept, but all that wait would meet it as well.
bool may_be_shared(const exchange::Response& response) {
  constexpr int kFirstServerError = 500;
  return may_be_kept(response) || (response.status >= kFirstServerError && !is_personal(response));
}

void share_body(exchange::Response& response) {
  if (!response.shared_body) response.shared_body = std::make_shared<const std::string>(std::move(response.body));
  response.body.clear();
}

}  // namespace

// One call that several clients wait for.
struct AnswerCache::Flight {
  AnswerCache* cache = nullptr;  // null once it has landed or nobody waits
  std::shared_ptr<const Route> route;
  std::shared_ptr<op::Operation> call;                // what the handler sees
  std::vector<std::weak_ptr<op::Operation>> waiting;  // the first of them is the client whose request it is
  std::size_t still_waiting = 0;

  AnswerKey key() const { return {*route, call->request()}; }

  // Those that wait and have not left.
  std::vector<std::shared_ptr<op::Operation>> take_waiting() {
    std::vector<std::shared_ptr<op::Operation>> present;
    for (const auto& weak : std::exchange(waiting, {})) {
      auto operation = weak.lock();
      if (!operation || operation->ended()) continue;
      operation->set_answerer(nullptr);
      present.push_back(std::move(operation));
    }
    return present;
  }
};

// Hears of a client that leaves.
class AnswerCache::Waiter final : public op::Answerer {
 public:
  explicit Waiter(std::shared_ptr<Flight> flight) : flight_(std::move(flight)) {}
  void on_end(End) override {
    if (flight_->cache == nullptr || --flight_->still_waiting > 0) return;
    const auto call = flight_->call;
    flight_->cache->end_flight(*flight_);
    call->finish(End::kClientGone);
  }

 private:
  const std::shared_ptr<Flight> flight_;
};

// Carries a call that has become a stream to the client whose request it is, so that the handler need not begin again.
class AnswerCache::Relay final : public op::Source, public op::Answerer, public std::enable_shared_from_this<Relay> {
 public:
  Relay(std::shared_ptr<op::Operation> call, const std::shared_ptr<op::Operation>& client)
      : call_(std::move(call)), client_(client) {}

  void start(op::Operation& client) {
    call_->set_wake([weak = weak_from_this()] {
      if (const auto relay = weak.lock()) relay->look();
    });
    client.set_answerer(shared_from_this());
    client.begin(call_->take_response());
    client.attach(shared_from_this());
    look();
  }

  bool ready() const override { return call_->has_output(); }
  std::optional<op::Data> take() override {
    auto data = call_->take_output();
    if (!call_->has_output()) look();  // it may have been the last
    return data;
  }
  void on_sent(std::size_t bytes) override { call_->sent(bytes); }
  void on_end(End reason) override {
    call_->set_wake(nullptr);
    call_->finish(reason);
  }

 private:
  void look() {
    const auto client = client_.lock();
    if (!client || client->ended()) return;
    if (const auto end = call_->end_reason()) return client->finish(*end);
    if (call_->has_output()) return client->source_ready();
    if (call_->phase() == Phase::kEnding) client->end();
  }

  const std::shared_ptr<op::Operation> call_;
  const std::weak_ptr<op::Operation> client_;  // which owns this
};

AnswerCache::AnswerCache(const base::Clock& clock, op::OpTable& operations, Post post)
    : clock_(clock), operations_(operations), post_(std::move(post)) {}

AnswerCache::~AnswerCache() {
  while (!flights_.empty()) {
    const auto flight = flights_.begin()->second;
    end_flight(*flight);
    flight->call->finish(End::kStopping);
  }
}

std::shared_ptr<const exchange::Response> AnswerCache::find(const Route& route, const exchange::Request& request) {
  if (copies_.empty() || !takes_part(route)) return nullptr;
  return copies_.find(AnswerKey(route, request), clock_.steady_ms());
}

void AnswerCache::call(const std::shared_ptr<const Route>& route, const std::shared_ptr<op::Operation>& operation) {
  const exchange::Request& request = operation->request();
  // HEAD has no body to share: it only uses copies.
  if (request.method != "GET" || !takes_part(*route) || !joining_.contains(route)) {
    route->handler(operation);
    return;
  }
  const auto flight = flights_.find(AnswerKey(*route, request));
  if (flight == flights_.end()) {
    start(route, operation);
  } else if (flight->second->waiting.size() < limits::kAnswerJoinersMax) {
    join(flight->second, operation);
  } else {
    route->handler(operation);
  }
}

void AnswerCache::start(const std::shared_ptr<const Route>& route, const std::shared_ptr<op::Operation>& operation) {
  const auto flight = std::make_shared<Flight>();
  flight->cache = this;
  flight->route = route;
  flight->call = std::make_shared<op::Operation>(operation->shared_request(), route->style, route->timeout_ms);
  flights_.emplace(flight->key(), flight);
  join(flight, operation);
  operations_.open(flight->call);
  operations_.start_deadline(*flight->call);
  // The answer is taken in a turn of its own: whoever gives it is still at work with the operation.
  flight->call->set_wake([this, weak = std::weak_ptr<Flight>(flight)] {
    post_([weak] {
      const auto landed = weak.lock();
      if (landed && landed->cache != nullptr) landed->cache->land(landed);
    });
  });
  route->handler(flight->call);
}

void AnswerCache::join(const std::shared_ptr<Flight>& flight, const std::shared_ptr<op::Operation>& operation) {
  flight->waiting.push_back(operation);
  ++flight->still_waiting;
  operation->set_answerer(std::make_shared<Waiter>(flight));
}

// The call has an answer, or has ended without one.
void AnswerCache::land(const std::shared_ptr<Flight>& flight) {
  op::Operation& call = *flight->call;
  const auto end = call.end_reason();
  if (!end && call.phase() == Phase::kWaiting) return;
  end_flight(*flight);
  if (end) {
    for (const auto& operation : flight->take_waiting()) {
      if (*end == End::kRevoked || *end == End::kClientGone) {
        this->call(flight->route, operation);
      } else {
        operation->finish(*end);
      }
    }
    return;
  }
  if (call.phase() != Phase::kWhole) {
    joining_.erase(flight->route);
    const auto first = flight->waiting.front().lock();
    if (first && !first->ended()) {
      std::make_shared<Relay>(flight->call, first)->start(*first);
    } else {
      call.finish(End::kClientGone);
    }
    flight->waiting.erase(flight->waiting.begin());
    call_each(*flight);
    return;
  }
  exchange::Response response = call.take_response();
  call.finish(End::kDone);
  if (may_be_shared(response)) {
    if (may_be_kept(response)) keep(flight->route, call.request(), response);
    for (const auto& operation : flight->take_waiting()) operation->respond(response);
    return;
  }
  if (response.status == 200) joining_.erase(flight->route);
  const auto first = flight->waiting.front().lock();
  if (first && !first->ended()) {
    first->set_answerer(nullptr);
    first->respond(std::move(response));
  }
  flight->waiting.erase(flight->waiting.begin());
  call_each(*flight);
}

void AnswerCache::call_each(Flight& flight) {
  for (const auto& operation : flight.take_waiting()) flight.route->handler(operation);
}

// Nobody can join or leave it any more.
void AnswerCache::end_flight(Flight& flight) {
  flight.call->set_wake(nullptr);
  flights_.erase(flight.key());
  flight.cache = nullptr;
}

void AnswerCache::offer(const std::shared_ptr<const Route>& route, const exchange::Request& request,
                        exchange::Response& response) {
  if (response.fresh_ms == kIsCopy || request.method != "GET" || !takes_part(*route)) return;
  if (may_be_kept(response)) {
    keep(route, request, response);
  } else if (response.status == 200) {
    joining_.erase(route);
  }
}

void AnswerCache::keep(const std::shared_ptr<const Route>& route, const exchange::Request& request,
                       exchange::Response& response) {
  if (joining_.size() < limits::kRoutesMax) joining_.insert(route);
  share_body(response);
  response.close = false;
  const std::int64_t fresh_ms = std::min(std::exchange(response.fresh_ms, kIsCopy), limits::kAnswerFreshMsMax);
  if (response.status != 200) return;
  copies_.put(route, request, std::make_shared<const exchange::Response>(response), clock_.steady_ms() + fresh_ms);
}

void AnswerCache::forget_owner(std::string_view owner) {
  copies_.remove_owner(owner);
  std::erase_if(joining_, [owner](const auto& route) { return route->owner == owner; });
}

}  // namespace backplane::http
