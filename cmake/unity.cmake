# A folder's files are compiled together, a few at a time: each would read the same headers and make the same
# templates. Names in unnamed namespaces are therefore unique in a folder, and none hides a name of the namespace
# around it. clang-tidy (./dev tidy) still sees each file alone.

# kith_compile_together(TARGET COUNT SOURCES...)
function(kith_compile_together target count)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    set(last "")
    set(n 0)
    list(SORT ARGN)
    foreach(source IN LISTS ARGN)
        get_filename_component(folder "${source}" DIRECTORY)
        if(folder STREQUAL last)
            math(EXPR n "${n} + 1")
        else()
            set(n 0)
        endif()
        set(last "${folder}")
        file(RELATIVE_PATH group "${CMAKE_SOURCE_DIR}" "${folder}")
        string(MAKE_C_IDENTIFIER "${group}" group)
        math(EXPR part "${n} / ${count}")
        set_source_files_properties("${source}" PROPERTIES UNITY_GROUP "${group}_${part}")
    endforeach()
endfunction()
