// The files of login/page/, put into the program by the build.
#pragma once

#include <string_view>

namespace backplane::login {

extern const std::string_view kPageIndexHtml;
extern const std::string_view kPageLoginCss;
extern const std::string_view kPageLoginJs;

}  // namespace backplane::login
