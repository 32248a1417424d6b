// backplanectl: the administrator's tool. Everything it does is in command_line.
#include <cstdio>
#include <exception>

#include "ctl/command_line.hpp"

int main(int argc, char** argv) {
  try {
    return backplane::ctl::run_command_line(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "backplanectl: %s\n", error.what());
    return 1;
  }
}
