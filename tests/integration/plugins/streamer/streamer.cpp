// A plugin that takes bodies slowly, sends streams and echoes WebSocket messages, so that the integration tests can
// watch credit, chunks and ends through the real daemon. GET /test/ends/{name} answers how the operation that was
// begun with ?name=… ended, waiting for that end where it is still to come.
#include <algorithm>
#include <backplane/plugin.hpp>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace sdk = backplane::sdk;

constexpr bp_cookie kConsumeTimer = 1;
constexpr std::size_t kConsumedAtOnce = 64 * 1024;
constexpr auto kConsumePeriod = std::chrono::milliseconds(1);

std::uint64_t number(std::string_view text, std::uint64_t otherwise) {
  std::from_chars(text.data(), text.data() + text.size(), otherwise);
  return otherwise;
}

const char* reason_name(sdk::EndReason reason) {
  static const char* const kNames[] = {"DONE", "CLIENT_GONE", "DEADLINE", "REVOKED", "STOPPING", "OVERRUN"};
  return kNames[static_cast<std::size_t>(reason)];
}

struct Upload {
  std::uint64_t bytes = 0;
  std::uint64_t sum = 14695981039346656037ULL;  // FNV-1a
  std::size_t held = 0;
  std::size_t most_held = 0;
  bool complete = false;
};

struct Download {
  std::uint64_t next = 0;
  std::uint64_t bytes = 0;
  std::size_t piece = 1;
};

struct Message {
  std::string bytes;
  sdk::DataKind kind;
};

class Streamer final : public sdk::Plugin {
 public:
  explicit Streamer(const sdk::Startup& startup) : Plugin(startup) {}

  void start(sdk::Done done) override {
    loop().set_timer(kConsumeTimer, kConsumePeriod, kConsumePeriod, [this] { consume_some(); });
    done.ok();
  }

  // Everything that reaches a plugin of a request.
  void look(const sdk::Request& request, sdk::Operation operation) {
    std::string text = "user=" + std::string(request.user()) + "\nrole=" + std::string(request.role()) +
                       "\naddress=" + std::string(request.client_address()) + "\n";
    for (const sdk::Field field : request.query_fields()) append(text, "query ", field);
    for (const sdk::Field field : request.headers()) append(text, "header ", field);
    operation.respond(sdk::Response::text(std::move(text)));
  }

  void ends(const sdk::Request& request, sdk::Operation operation) {
    remember_name(request, operation);
    const std::string name(request.path_parameter("name"));
    if (const auto ended = ended_.find(name); ended != ended_.end()) {
      operation.respond(sdk::Response::text(ended->second));
    } else {
      waiting_.emplace(name, operation);
    }
  }

  void download(const sdk::Request& request, sdk::Operation operation) {
    remember_name(request, operation);
    Download& download = downloads_.begin(operation);
    download.bytes = number(request.query("bytes").value_or(""), std::numeric_limits<std::uint64_t>::max());
    download.piece = static_cast<std::size_t>(number(request.query("piece").value_or(""), 1000));
    operation.begin(sdk::Response(200).content_type("application/octet-stream"));
    send_more(operation, download);
  }

  void upload(const sdk::Request& request, sdk::Operation operation) {
    remember_name(request, operation);
    uploads_.emplace(operation.number(), std::pair(operation, Upload()));
  }

  void parts(const sdk::Request&, sdk::Operation operation) { parts_.begin(operation); }

  void early(const sdk::Request&, sdk::Operation operation) { operation.respond(sdk::Response::text("early")); }

  void fields(const sdk::Request& request, sdk::Operation operation) {
    std::string text;
    for (const sdk::Field field : request.fields()) {
      text += std::string(field.name) + " " + std::to_string(field.value.size()) + "\n";
    }
    operation.respond(sdk::Response::text(std::move(text)));
  }

  void change(const sdk::Request&, sdk::Operation operation) { operation.respond(sdk::Response(204)); }

  void socket(const sdk::Request& request, sdk::Operation operation) {
    remember_name(request, operation);
    sockets_.begin(operation);
    sdk::Response accepted(200);
    if (const auto protocol = request.query("protocol")) {
      accepted.header("Sec-WebSocket-Protocol", std::string(*protocol));
    }
    operation.begin(accepted);
  }

  void on_part(sdk::Operation operation, const sdk::Part& part) override {
    if (std::string* listed = parts_.find(operation)) {
      *listed += "part " + std::string(part.name()) + " '" + std::string(part.filename().value_or("-")) + "' " +
                 std::string(part.content_type()) + "\n";
    }
  }

  void on_data(sdk::Operation operation, sdk::DataKind kind, std::string_view data, bool last) override {
    if (const auto found = uploads_.find(operation.number()); found != uploads_.end()) {
      take(found->second.second, data, last);
    } else if (auto* messages = sockets_.find(operation)) {
      messages->push_back({std::string(data), kind});
      echo(operation, *messages);
    } else if (std::string* listed = parts_.find(operation)) {
      if (!data.empty()) *listed += "data " + std::string(data) + "\n";
      operation.consume(data.size());
      if (last) operation.respond(sdk::Response::text(*listed));
    } else {
      operation.consume(data.size());
    }
  }

  void on_writable(sdk::Operation operation) override {
    if (Download* download = downloads_.find(operation)) send_more(operation, *download);
    if (auto* messages = sockets_.find(operation)) echo(operation, *messages);
  }

  void on_end(sdk::Operation operation, sdk::EndReason reason) override {
    uploads_.erase(operation.number());
    std::erase_if(waiting_, [&](const auto& waiting) { return waiting.second == operation; });
    const auto named = names_.find(operation.number());
    if (named == names_.end()) return;
    const auto [first, behind] = waiting_.equal_range(named->second);
    for (auto each = first; each != behind; ++each) each->second.respond(sdk::Response::text(reason_name(reason)));
    ended_[named->second] = reason_name(reason);
    names_.erase(named);
  }

  static constexpr sdk::Route<Streamer> kRoutes[] = {
      {"look", &Streamer::look},     {"ends", &Streamer::ends},     {"download", &Streamer::download},
      {"socket", &Streamer::socket}, {"upload", &Streamer::upload}, {"parts", &Streamer::parts},
      {"early", &Streamer::early},   {"fields", &Streamer::fields}, {"change", &Streamer::change},
  };

 private:
  static void append(std::string& text, std::string_view what, const sdk::Field& field) {
    text.append(what).append(field.name).append("=").append(field.value).append("\n");
  }

  void remember_name(const sdk::Request& request, sdk::Operation operation) {
    if (const auto name = request.query("name")) names_[operation.number()] = *name;
  }

  static void take(Upload& upload, std::string_view data, bool last) {
    upload.bytes += data.size();
    for (const char c : data) upload.sum = (upload.sum ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    upload.held += data.size();
    upload.most_held = std::max(upload.most_held, upload.held);
    upload.complete = last;
  }

  // Slower than any client, so that the window fills.
  void consume_some() {
    for (auto& [number, entry] : uploads_) {
      auto& [operation, upload] = entry;
      const std::size_t size = std::min(upload.held, kConsumedAtOnce);
      upload.held -= size;
      operation.consume(size);
      if (!upload.complete || upload.held != 0) continue;
      upload.complete = false;
      operation.respond(sdk::Response::text("bytes=" + std::to_string(upload.bytes) +
                                            " sum=" + std::to_string(upload.sum) +
                                            " most_held=" + std::to_string(upload.most_held)));
    }
  }

  // The content is the alphabet again and again.
  static void send_more(sdk::Operation operation, Download& download) {
    while (download.next < download.bytes) {
      const auto size =
          static_cast<std::size_t>(std::min<std::uint64_t>(download.piece, download.bytes - download.next));
      std::string piece(size, ' ');
      for (std::size_t i = 0; i < size; ++i) piece[i] = static_cast<char>('a' + (download.next + i) % 26);
      if (operation.write(piece) != BP_OK) return;  // AGAIN: on_writable goes on
      download.next += size;
    }
    operation.end();
  }

  static void echo(sdk::Operation operation, std::deque<Message>& messages) {
    while (!messages.empty()) {
      const Message& message = messages.front();
      if (message.kind == sdk::DataKind::kText && message.bytes == "close") {
        operation.end(4000, "as you wish");
        return;
      }
      if (operation.write(message.bytes, message.kind) != BP_OK) return;
      operation.consume(message.bytes.size());
      messages.pop_front();
    }
  }

  std::map<bp_op, std::pair<sdk::Operation, Upload>> uploads_;
  sdk::PerOperation<Download> downloads_{*this};
  sdk::PerOperation<std::string> parts_{*this};
  sdk::PerOperation<std::deque<Message>> sockets_{*this};
  std::map<bp_op, std::string> names_;
  std::map<std::string, std::string> ended_;
  std::multimap<std::string, sdk::Operation> waiting_;
};

}  // namespace

BACKPLANE_PLUGIN(Streamer);
