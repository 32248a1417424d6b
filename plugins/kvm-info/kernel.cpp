#include "kvm-info/kernel.hpp"

#include <sys/utsname.h>

namespace backplane::kvm_info {

Value kernel() {
  utsname names{};
  ::uname(&names);
  return Value::Object{
      {"machine", names.machine}, {"release", names.release}, {"system", names.sysname}, {"version", names.version}};
}

std::string host_name() {
  utsname names{};
  ::uname(&names);
  return names.nodename;
}

}  // namespace backplane::kvm_info
