# find_package(Backplane): Backplane::abi (C11 headers), Backplane::sdk (C++20 over them), Backplane::kvmd (PiKVM's
# dialect), Backplane::testing (the fake host, for tests), backplane_add_plugin().
include(${CMAKE_CURRENT_LIST_DIR}/BackplaneTargets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/BackplanePlugin.cmake)

# The fake host is compiled with the test that uses it: no binary of ours has to fit the author's compiler.
if(NOT TARGET Backplane::testing)
  get_target_property(backplane_sdk_folder Backplane::sdk INTERFACE_INCLUDE_DIRECTORIES)
  add_library(Backplane::testing INTERFACE IMPORTED)
  target_sources(Backplane::testing INTERFACE ${backplane_sdk_folder}/testing/fake_host.cpp)
  target_link_libraries(Backplane::testing INTERFACE Backplane::sdk ${CMAKE_DL_LIBS})
endif()
