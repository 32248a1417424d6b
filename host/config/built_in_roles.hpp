// The text of config/roles.yaml, put into the program by the build.
#pragma once

namespace backplane::config {

extern const char kBuiltInRolesYaml[];

}  // namespace backplane::config
