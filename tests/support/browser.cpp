#include "support/browser.hpp"

#include <simdjson.h>
#include <unistd.h>

#include <stdexcept>

#include "support/daemon.hpp"

namespace backplane::support {
namespace {

constexpr char kDriver[] = "/usr/bin/chromedriver";
constexpr char kBrowser[] = "/usr/bin/chromium";

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string capabilities(Browser::JavaScript scripts) {
  const std::string setting = scripts == Browser::JavaScript::kOn ? "1" : "2";  // Chromium's numbers: allow, block
  return R"({"capabilities":{"alwaysMatch":{"browserName":"chrome","acceptInsecureCerts":true,"goog:chromeOptions":{)"
         R"("args":["--headless","--no-sandbox","--disable-gpu","--disable-dev-shm-usage"],)"
         R"("prefs":{"profile.managed_default_content_settings.javascript":)" +
         setting + "}}}}}";
}

}  // namespace

bool Browser::is_here() {
  return ::access(kDriver, X_OK) == 0 && ::access(kBrowser, X_OK) == 0;
}

Browser::Browser(JavaScript scripts) : port_(free_port()), driver_({kDriver, "--port=" + std::to_string(port_)}) {
  if (!driver_.wait_for_text("started successfully")) throw std::runtime_error(driver_.output());
  const std::string made = command("POST", "", capabilities(scripts));
  simdjson::dom::parser parser;
  std::string_view id;
  if (parser.parse(simdjson::padded_string(made))["sessionId"].get(id) != simdjson::SUCCESS) {
    throw std::runtime_error("no browser: " + made);
  }
  session_ = "/" + std::string(id);
}

Browser::~Browser() {
  command("DELETE", "");  // ends the browser; the driver ends with this object
}

void Browser::open(const std::string& url) {
  command("POST", "/url", R"({"url":)" + quoted(url) + "}");
}

void Browser::type(const std::string& selector, const std::string& text) {
  command("POST", element(selector) + "/value", R"({"text":)" + quoted(text) + "}");
}

void Browser::click(const std::string& selector) {
  command("POST", element(selector) + "/click");
}

std::string Browser::url() {
  return command("GET", "/url");
}

std::string Browser::cookies() {
  return command("GET", "/cookie");
}

std::string Browser::command(const std::string& method, const std::string& path, const std::string& body) {
  const Reply reply = Client::tcp(port_).request(method, "/session" + session_ + path,
                                                 {{"Content-Type", "application/json"}}, method == "POST" ? body : "");
  simdjson::dom::parser parser;
  simdjson::dom::element value;
  if (parser.parse(simdjson::padded_string(reply.body))["value"].get(value) != simdjson::SUCCESS) return reply.body;
  return simdjson::to_string(value);
}

// As the path of its commands.
std::string Browser::element(const std::string& selector) {
  const std::string found = command("POST", "/element", R"({"using":"css selector","value":)" + quoted(selector) + "}");
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  std::string_view id;
  if (parser.parse(simdjson::padded_string(found)).get(object) == simdjson::SUCCESS) {
    for (const auto& member : object) {
      if (member.key.starts_with("element-") && member.value.get(id) == simdjson::SUCCESS) {
        return "/element/" + std::string(id);
      }
    }
  }
  throw std::runtime_error(selector + ": " + found);
}

}  // namespace backplane::support
