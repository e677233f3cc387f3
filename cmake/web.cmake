# The console's page: built with Node by daemon/console/web/build.mjs, once for all presets, and linked into kithd alone.
find_program(KITH_WEB_NODE NAMES node nodejs DOC "Node, to build the console's page")
find_program(KITH_WEB_NPM NAMES npm DOC "npm, to fetch what that needs")
if(NOT KITH_WEB_NODE OR NOT KITH_WEB_NPM)
    message(FATAL_ERROR "The console's page is built with Node and npm: apt-get install nodejs npm")
endif()

set(web ${CMAKE_SOURCE_DIR}/daemon/console/web)
set(web_out ${CMAKE_BINARY_DIR}/generated/console_page)
file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS ${web}/src/*)
list(APPEND web_sources ${web}/index.html ${web}/package.json ${web}/package-lock.json ${web}/vite.config.ts
    ${web}/svelte.config.js ${web}/tsconfig.json ${web}/build.mjs)
add_custom_command(OUTPUT ${web_out}/files.S ${web_out}/files.inc
    COMMAND ${KITH_WEB_NODE} ${web}/build.mjs ${CMAKE_SOURCE_DIR}/build/web ${web_out}
    COMMAND ${CMAKE_COMMAND} -E touch ${web_out}/files.S ${web_out}/files.inc
    DEPENDS ${web_sources} COMMENT "Building the console's page" VERBATIM)
add_library(kith_console_page STATIC ${web}/page_files.cpp ${web_out}/files.S ${web_out}/files.inc)
target_include_directories(kith_console_page PRIVATE ${CMAKE_SOURCE_DIR} ${web_out})
