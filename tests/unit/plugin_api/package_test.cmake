# Installs the SDK into a folder of its own, copies the examples elsewhere, builds and checks them with nothing else.
# cmake -D BUILD=… -D SOURCE=… -D WORK=… -D GENERATOR=… -D C_COMPILER=… -D CXX_COMPILER=… -P package_test.cmake
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --component development --prefix ${WORK}/prefix)
file(COPY ${SOURCE}/plugin-api/example DESTINATION ${WORK})
foreach(example IN ITEMS example example/c)
  string(MAKE_C_IDENTIFIER ${example} name)
  run(${CMAKE_COMMAND} -S ${WORK}/${example} -B ${WORK}/build_${name} -G ${GENERATOR}
    -D CMAKE_PREFIX_PATH=${WORK}/prefix -D CMAKE_C_COMPILER=${C_COMPILER} -D CMAKE_CXX_COMPILER=${CXX_COMPILER})
  run(${CMAKE_COMMAND} --build ${WORK}/build_${name})
  run(${CMAKE_CTEST_COMMAND} --test-dir ${WORK}/build_${name} --no-tests=error --output-on-failure)
  run(${CMAKE_COMMAND} --install ${WORK}/build_${name} --prefix ${WORK}/installed)
endforeach()
foreach(id IN ITEMS hello hello-c)
  foreach(extension IN ITEMS so json)
    file(GLOB file ${WORK}/installed/lib*/backplane/plugins/${id}.${extension}
      ${WORK}/installed/lib/*/backplane/plugins/${id}.${extension})
    if(NOT file)
      message(FATAL_ERROR "${id}.${extension} was not installed")
    endif()
  endforeach()
endforeach()
file(REMOVE_RECURSE ${WORK})
