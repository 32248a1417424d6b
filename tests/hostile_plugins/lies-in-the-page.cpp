// Fills the page that it shares with the daemon with the number that the query names, and never answers.
#include <cstdlib>
#include <fstream>

#include "hostile.hpp"

// The page that it shares with the daemon: closed after it was mapped, so it is looked for among the mappings.
static hostile::link::SharedPage* find_page() {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find("backplane-page") == std::string::npos) continue;
    return reinterpret_cast<hostile::link::SharedPage*>(std::strtoull(line.c_str(), nullptr, 16));
  }
  return nullptr;
}

static void on_request(void*, const bp_request* request) {
  hostile::link::SharedPage* page = find_page();
  if (page == nullptr) return;
  const std::uint64_t number = std::strtoull(hostile::query(request).c_str(), nullptr, 16);
  for (std::size_t at = 0; at + sizeof number <= sizeof *page; at += sizeof number) {
    std::memcpy(reinterpret_cast<char*>(page) + at, &number, sizeof number);
  }
  hostile::tell_that_it_begins();
  for (;;) ::pause();
}
HOSTILE_HANDLER(on_request);
