# find_package(Backplane): Backplane::abi (C11 headers), Backplane::sdk (C++20 over them), backplane_add_plugin().
include(${CMAKE_CURRENT_LIST_DIR}/BackplaneTargets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/BackplanePlugin.cmake)
