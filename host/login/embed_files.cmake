# backplane_embed_files(OUT HEADER header NAMESPACE name FILES variable=path …): writes a .cpp that defines each file's
# text as `const std::string_view variable`, and gives its path in OUT. A changed file leads to a new .cpp by itself.
function(backplane_embed_files out)
  cmake_parse_arguments(ARG "" "HEADER;NAMESPACE" "FILES" ${ARGN})
  set(source "// Made by CMake from files of the tree.\n#include \"${ARG_HEADER}\"\n\nnamespace ${ARG_NAMESPACE} {\n\n")
  foreach(pair ${ARG_FILES})
    string(REGEX MATCH "^([^=]+)=(.+)$" matched "${pair}")
    set(variable ${CMAKE_MATCH_1})
    set(path ${CMAKE_CURRENT_SOURCE_DIR}/${CMAKE_MATCH_2})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
    file(READ ${path} text)
    string(APPEND source "const std::string_view ${variable} = R\"embedded(${text})embedded\";\n\n")
  endforeach()
  string(APPEND source "}  // namespace ${ARG_NAMESPACE}\n")
  set(made ${CMAKE_CURRENT_BINARY_DIR}/embedded_files.cpp)
  file(WRITE ${made}.new "${source}")
  configure_file(${made}.new ${made} COPYONLY) # touched only where it differs
  set(${out} ${made} PARENT_SCOPE)
endfunction()
