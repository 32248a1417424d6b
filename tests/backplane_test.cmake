find_package(GTest REQUIRED)
include(GoogleTest)

# gtest's and gmock's headers are most of what a small test compiles, so they are compiled once for all tests.
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/test_headers.cpp CONTENT "int main() {}\n")
add_executable(backplane_test_headers ${CMAKE_CURRENT_BINARY_DIR}/test_headers.cpp)
target_link_libraries(backplane_test_headers PRIVATE backplane_build_options GTest::gtest_main GTest::gmock Threads::Threads)
target_precompile_headers(backplane_test_headers PRIVATE <gmock/gmock.h> <gtest/gtest.h>)

# backplane_test(name SOURCES … LINKS …): one gtest executable, each of its tests known to ctest by its own name.
function(backplane_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "TIMEOUT" "SOURCES;LINKS;LABELS")
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} backplane_build_options GTest::gtest_main GTest::gmock Threads::Threads)
  target_precompile_headers(${name} REUSE_FROM backplane_test_headers)
  # With headers that are precompiled GCC 12 sees a string's end where it is not. The sanitizers look for real ones.
  target_compile_options(${name} PRIVATE 
    $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-stringop-overflow;-Wno-stringop-overread>)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 DISCOVERY_MODE PRE_TEST
    PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()
