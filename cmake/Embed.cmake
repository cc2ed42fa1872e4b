# Turns the files below a folder into one library with one function:
#   const std::vector<daybook::EmbeddedFile>& <function>();   // declared in base/embedded.h
# Paths are relative to the folder. The build runs again when a file changes; configure when one is added.
function(daybook_embed target function folder)
  cmake_parse_arguments(E "" "" "PATTERNS" ${ARGN})
  set(globs ${E_PATTERNS})
  list(TRANSFORM globs PREPEND ${folder}/)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${globs})
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${target}.cc)
  add_custom_command(OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${source} -DFUNCTION=${function} -DFOLDER=${folder}
            "-DFILES=${files}" -P ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake VERBATIM)
  add_library(${target} STATIC ${source})
  target_link_libraries(${target} PUBLIC daybook_flags)
endfunction()
