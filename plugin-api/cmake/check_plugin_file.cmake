# Checks a built plugin from outside: it exports backplane_plugin_entry alone, and needs only the libraries allowed.
# cmake -D PLUGIN=… -D NM=… -D READELF=… -D ALLOWED=<regular expressions> -D SANITIZERS=… -P check_plugin_file.cmake
set(allowed "libc\\.so\\.6" "libm\\.so\\.6" "libstdc\\+\\+\\.so\\.6" "libgcc_s\\.so\\.1" "ld-linux[^/]*\\.so\\.[0-9]+"
  ${ALLOWED})
if(SANITIZERS)
  list(APPEND allowed "lib[atu]b?san\\.so\\.[0-9]+")
endif()

execute_process(COMMAND ${NM} -D --defined-only --format=posix ${PLUGIN}
  OUTPUT_VARIABLE symbols OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
if(NOT symbols MATCHES "^backplane_plugin_entry [^\n]*$")
  message(FATAL_ERROR "${PLUGIN} must export backplane_plugin_entry and nothing else; it exports:\n${symbols}")
endif()

execute_process(COMMAND ${READELF} -d ${PLUGIN} OUTPUT_VARIABLE dynamic COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "\\(NEEDED\\)[^\n]*\\[[^]\n]*\\]" needed "${dynamic}")
foreach(line IN LISTS needed)
  string(REGEX REPLACE ".*\\[(.*)\\]" "\\1" library "${line}")
  set(found FALSE)
  foreach(pattern IN LISTS allowed)
    if(library MATCHES "^(${pattern})$")
      set(found TRUE)
    endif()
  endforeach()
  if(NOT found)
    message(FATAL_ERROR "${PLUGIN} needs ${library}, which LIBRARIES_ALLOWED of backplane_add_plugin() does not name")
  endif()
endforeach()
