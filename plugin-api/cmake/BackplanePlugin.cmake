# backplane_add_plugin(<id> MANIFEST <id>.json SOURCES … [LINKS …] [LIBRARIES_ALLOWED …]
#                      [TARGET name] [OUTPUT_DIRECTORY dir] [NO_INSTALL])
#
# Builds <id>.so, puts the manifest beside it and embeds the same bytes. The library exports one symbol and nothing
# else. LINKS are CMake targets or libraries; LIBRARIES_ALLOWED the shared libraries (regular expressions) that the
# plugin may need besides libc, libm, libstdc++ and libgcc_s. The target is plugin_<id> unless TARGET names it; the
# files go to OUTPUT_DIRECTORY, else BACKPLANE_PLUGIN_OUTPUT_DIRECTORY, else <build>/plugins, and on install to
# BACKPLANE_PLUGIN_INSTALL_DIRECTORY, else <libdir>/backplane/plugins; NO_INSTALL, or BACKPLANE_PLUGIN_INSTALL set to
# OFF, leaves that out. With BUILD_TESTING on, a test plugin_file.<target> checks symbol and libraries.
include_guard(GLOBAL)

function(backplane_add_plugin id)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "NO_INSTALL" "MANIFEST;TARGET;OUTPUT_DIRECTORY"
    "SOURCES;LINKS;LIBRARIES_ALLOWED")
  if(ARG_UNPARSED_ARGUMENTS OR NOT ARG_MANIFEST OR NOT ARG_SOURCES)
    message(FATAL_ERROR "backplane_add_plugin(${id}): needs MANIFEST and SOURCES; unknown: ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT ARG_TARGET)
    set(ARG_TARGET plugin_${id})
  endif()
  if(NOT ARG_OUTPUT_DIRECTORY)
    set(ARG_OUTPUT_DIRECTORY "${BACKPLANE_PLUGIN_OUTPUT_DIRECTORY}")
  endif()
  if(NOT ARG_OUTPUT_DIRECTORY)
    set(ARG_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
  endif()
  set(folder ${CMAKE_CURRENT_FUNCTION_LIST_DIR})

  add_library(${ARG_TARGET} MODULE ${ARG_SOURCES})
  _backplane_embed_manifest(${ARG_TARGET} ${id} ${ARG_MANIFEST} ${ARG_OUTPUT_DIRECTORY})
  target_link_libraries(${ARG_TARGET} PRIVATE Backplane::sdk ${ARG_LINKS})
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if("C" IN_LIST languages)
    target_compile_features(${ARG_TARGET} PRIVATE c_std_11)
  endif()
  if("CXX" IN_LIST languages)
    target_compile_features(${ARG_TARGET} PRIVATE cxx_std_20)
  endif()
  set_target_properties(${ARG_TARGET} PROPERTIES
    PREFIX "" SUFFIX ".so" OUTPUT_NAME ${id} LIBRARY_OUTPUT_DIRECTORY $<1:${ARG_OUTPUT_DIRECTORY}>
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${folder}/plugin_exports.map)
  target_link_options(${ARG_TARGET} PRIVATE LINKER:--version-script=${folder}/plugin_exports.map LINKER:--as-needed)
  if(NOT BACKPLANE_SANITIZE) # a sanitizer's symbols come from the program
    target_link_options(${ARG_TARGET} PRIVATE LINKER:--no-undefined)
  endif()
  if(TARGET backplane_build_options)
    target_link_libraries(${ARG_TARGET} PRIVATE backplane_build_options)
  endif()
  if(NOT ARG_NO_INSTALL AND (BACKPLANE_PLUGIN_INSTALL OR NOT DEFINED BACKPLANE_PLUGIN_INSTALL))
    _backplane_install_plugin(${ARG_TARGET} ${ARG_MANIFEST})
  endif()
  if(BUILD_TESTING)
    add_test(NAME plugin_file.${ARG_TARGET} COMMAND ${CMAKE_COMMAND} -D PLUGIN=$<TARGET_FILE:${ARG_TARGET}>
      -D NM=${CMAKE_NM} -D READELF=${CMAKE_READELF} -D "ALLOWED=${ARG_LIBRARIES_ALLOWED}"
      -D "SANITIZERS=${BACKPLANE_SANITIZE}" -P ${folder}/check_plugin_file.cmake)
  endif()
endfunction()

# Copies the manifest beside the plugin and writes its bytes as an array that BACKPLANE_PLUGIN() picks up.
function(_backplane_embed_manifest target id manifest output_directory)
  cmake_path(ABSOLUTE_PATH manifest)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${manifest})
  file(READ ${manifest} text)
  string(JSON manifest_id ERROR_VARIABLE problem GET "${text}" id)
  if(problem)
    message(FATAL_ERROR "${manifest}: ${problem}")
  elseif(NOT manifest_id STREQUAL id)
    message(FATAL_ERROR "${manifest}: id is \"${manifest_id}\", the plugin is \"${id}\"")
  endif()

  file(READ ${manifest} digits HEX)
  string(LENGTH "${digits}" length)
  math(EXPR size "${length} / 2")
  string(REGEX REPLACE "(..)" "0x\\1," numbers "${digits}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" numbers "${numbers}")
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  set(extension cpp)
  set(linkage "extern \"C\" ")
  if("C" IN_LIST languages)
    set(extension c)
    set(linkage "extern ")
  endif()
  set(file ${CMAKE_CURRENT_BINARY_DIR}/${target}_manifest.${extension})
  file(CONFIGURE OUTPUT ${file} @ONLY CONTENT
"${linkage}const unsigned char backplane_manifest[@size@];
const unsigned char backplane_manifest[@size@] = {
@numbers@};
")
  target_sources(${target} PRIVATE ${file})
  target_compile_definitions(${target} PRIVATE BACKPLANE_MANIFEST_SIZE=${size})
  configure_file(${manifest} ${output_directory}/${id}.json COPYONLY)
endfunction()

function(_backplane_install_plugin target manifest)
  include(GNUInstallDirs)
  set(destination "${BACKPLANE_PLUGIN_INSTALL_DIRECTORY}")
  if(NOT destination)
    set(destination ${CMAKE_INSTALL_LIBDIR}/backplane/plugins)
  endif()
  install(TARGETS ${target} LIBRARY DESTINATION ${destination} COMPONENT plugins)
  install(FILES ${manifest} DESTINATION ${destination} COMPONENT plugins)
endfunction()
