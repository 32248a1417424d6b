// A real browser without a window, led through WebDriver (W3C WebDriver §6) by chromedriver on loopback.
#pragma once

#include <string>

#include "support/child_process.hpp"
#include "support/client.hpp"

namespace backplane::support {

class Browser {
 public:
  // Whether chromium and chromedriver are on this machine.
  static bool is_here();

  enum class JavaScript { kOn, kOff };
  // Throws with what chromedriver says if no browser comes up. It believes any certificate.
  explicit Browser(JavaScript scripts);
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  void open(const std::string& url);
  // The first element of a CSS selector.
  void type(const std::string& selector, const std::string& text);
  void click(const std::string& selector);
  std::string url();
  // All cookies of the page, as JSON.
  std::string cookies();

 private:
  // Sends a command of the session, and returns its answer's `value` as JSON.
  std::string command(const std::string& method, const std::string& path, const std::string& body = "{}");
  std::string element(const std::string& selector);

  std::uint16_t port_;
  ChildProcess driver_;
  std::string session_;
};

}  // namespace backplane::support
