# Files that the programs carry inside themselves, as C++ string literals. Made at configure time; a changed file
# configures anew.

# kith_embed(HEADER NAME FILES...): build/generated/HEADER defines `inline constexpr kith::embedded_file NAME[]`.
function(kith_embed header name)
    set(items "")
    foreach(file IN LISTS ARGN)
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
        file(READ ${file} content)
        string(FIND "${content}" ")kith~" clash)
        if(NOT clash EQUAL -1)
            message(FATAL_ERROR "${file} holds the end mark of the literals, )kith~")
        endif()
        get_filename_component(base ${file} NAME)
        string(APPEND items "    {\"${base}\", R\"kith~(${content})kith~\"},\n")
    endforeach()
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/${header} CONTENT
"#pragma once
#include \"daemon/model/embedded_file.hpp\"
// Longer than what every compiler must take; ours do.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored \"-Woverlength-strings\"
namespace kith {
inline constexpr embedded_file @name@[] = {
@items@};
}  // namespace kith
#pragma GCC diagnostic pop
" @ONLY)
endfunction()
