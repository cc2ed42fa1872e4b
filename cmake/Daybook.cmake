# The few words the build is written in: need(), need_pkg(), need_library(), daybook_module().
find_package(PkgConfig REQUIRED)

# Finds a CMake package or stops with the words that install it.
function(need package debian)
  find_package(${package} QUIET GLOBAL)
  if(NOT ${package}_FOUND)
    message(FATAL_ERROR "${package} is missing. Install it: apt-get install ${debian}")
  endif()
endfunction()

# The same for a library that has only a pkg-config file; the target is need::<name>.
function(need_pkg name module debian)
  pkg_check_modules(${name} QUIET IMPORTED_TARGET GLOBAL ${module})
  if(NOT ${name}_FOUND)
    message(FATAL_ERROR "${module} is missing. Install it: apt-get install ${debian}")
  endif()
  add_library(need::${name} ALIAS PkgConfig::${name})
endfunction()

# The same for a library that has neither; the target is need::<name>.
function(need_library name header debian)
  find_library(${name}_LIBRARY ${name})
  find_path(${name}_INCLUDE ${header})
  if(NOT ${name}_LIBRARY OR NOT ${name}_INCLUDE)
    message(FATAL_ERROR "${name} is missing. Install it: apt-get install ${debian}")
  endif()
  add_library(need_${name} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(need_${name} PROPERTIES IMPORTED_LOCATION ${${name}_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${${name}_INCLUDE})
  add_library(need::${name} ALIAS need_${name})
endfunction()

add_library(daybook_flags INTERFACE)
target_compile_options(daybook_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wswitch-enum -Werror=unused-result -Werror=switch)
target_include_directories(daybook_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)

# One folder of src/ as one library with its own unit tests.
#   USES   floors below, linked publicly
#   LINKS  foreign packages, private to this folder
#   TESTS  *_test.cc beside the sources
#   LABELS of those tests
function(daybook_module name)
  cmake_parse_arguments(M "" "" "SOURCES;USES;LINKS;TESTS;LABELS" ${ARGN})
  string(REPLACE "/" "_" flat ${name})
  set(target daybook_${flat})
  add_library(${target} STATIC ${M_SOURCES})
  add_library(daybook::${flat} ALIAS ${target})
  list(TRANSFORM M_USES REPLACE "/" "_")
  list(TRANSFORM M_USES PREPEND daybook::)
  target_link_libraries(${target} PUBLIC daybook_flags ${M_USES} PRIVATE ${M_LINKS})
  if(DAYBOOK_TESTS AND M_TESTS)
    daybook_test(${flat}_test ${M_TESTS} LINKS daybook::${flat} ${M_LINKS} LABELS ${M_LABELS})
  endif()
endfunction()

# What the thread sanitizer is to see.
add_custom_target(concurrent_tests)

# A GoogleTest binary whose every test is a test of ctest.
#   LINKS   libraries
#   LABELS  of ctest; `concurrent` ones run under the thread sanitizer too
function(daybook_test name)
  cmake_parse_arguments(T "" "" "LINKS;LABELS" ${ARGN})
  add_executable(${name} ${T_UNPARSED_ARGUMENTS})
  if("concurrent" IN_LIST T_LABELS)
    add_dependencies(concurrent_tests ${name})
  endif()
  if(T_LABELS)
    list(PREPEND T_LABELS LABELS)
  endif()
  target_link_libraries(${name} PRIVATE ${T_LINKS} GTest::gtest_main)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 600
    ${T_LABELS} ENVIRONMENT "DAYBOOK_SOURCE_DIR=${CMAKE_SOURCE_DIR}")
endfunction()
