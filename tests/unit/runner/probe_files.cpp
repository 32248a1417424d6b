#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/unique_fd.hpp"
#include "probe_action.hpp"

namespace backplane::runner::probe {
namespace {

using base::UniqueFd;

std::string read(const Arguments& arguments) {
  const UniqueFd file(::open(arguments[0].c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return outcome(false);
  std::string text;
  char buffer[4096];
  ssize_t count = 0;
  while ((count = ::read(file.get(), buffer, sizeof buffer)) > 0) text.append(buffer, static_cast<std::size_t>(count));
  return count < 0 ? outcome(false) : text;
}

std::string list(const Arguments& arguments) {
  DIR* folder = ::opendir(arguments[0].c_str());
  if (folder != nullptr) ::closedir(folder);
  return outcome(folder != nullptr);
}

// A file with a text, made where there is none.
std::string write(const Arguments& arguments) {
  const UniqueFd file(::open(arguments[0].c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  return outcome(file && ::write(file.get(), arguments[1].data(), arguments[1].size()) > 0);
}

std::string rename(const Arguments& arguments) {
  return outcome(::rename(arguments[0].c_str(), arguments[1].c_str()) == 0);
}

std::string remove(const Arguments& arguments) {
  return outcome(::remove(arguments[0].c_str()) == 0);
}

std::string make_folder(const Arguments& arguments) {
  return outcome(::mkdir(arguments[0].c_str(), 0700) == 0);
}

std::string truncate(const Arguments& arguments) {
  return outcome(::truncate(arguments[0].c_str(), 0) == 0);
}

std::string change_mode(const Arguments& arguments) {
  return outcome(::chmod(arguments[0].c_str(), 0777) == 0);
}

// The same through a descriptor that may only read.
std::string change_mode_of_opened(const Arguments& arguments) {
  const UniqueFd file(::open(arguments[0].c_str(), O_RDONLY | O_CLOEXEC));
  return file ? outcome(::fchmod(file.get(), 0777) == 0) : "not opened";
}

// Makes or lengthens a file so that its last byte is at this place.
std::string grow(const Arguments& arguments) {
  const UniqueFd file(::open(arguments[0].c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  return outcome(file && ::pwrite(file.get(), "x", 1, std::stoll(arguments[1]) - 1) == 1);
}

std::string open_with(const Arguments& arguments) {
  return outcome(static_cast<bool>(UniqueFd(::open(arguments[0].c_str(), std::stoi(arguments[1]) | O_CLOEXEC))));
}

// On a pipe of its own, or on a device.
std::string control(const Arguments& arguments) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return "no pipe";
  int value = 0;
  return outcome(::syscall(SYS_ioctl, ends[0], std::stoul(arguments[0]), &value) == 0);
}

std::string control_device(const Arguments& arguments) {
  const UniqueFd file(::open(arguments[0].c_str(), O_RDWR | O_CLOEXEC));
  int value = 0;
  return file ? outcome(::ioctl(file.get(), std::stoul(arguments[1]), &value) == 0) : outcome(false);
}

std::string control_descriptor(const Arguments& arguments) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return "no pipe";
  return outcome(::syscall(SYS_fcntl, ends[0], std::stoul(arguments[0]), std::stol(arguments[1])) >= 0);
}

}  // namespace

Actions file_actions() {
  return {{"read", read},
          {"list", list},
          {"write", write},
          {"rename", rename},
          {"remove", remove},
          {"make-folder", make_folder},
          {"truncate", truncate},
          {"chmod", change_mode},
          {"fchmod", change_mode_of_opened},
          {"grow", grow},
          {"open", open_with},
          {"ioctl", control},
          {"ioctl-device", control_device},
          {"fcntl", control_descriptor}};
}

}  // namespace backplane::runner::probe
