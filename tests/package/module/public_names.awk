# SPDX-License-Identifier: Apache-2.0
# Prints what public headers declare in parmap and parmap::simd, each as a using-declaration names it.
# It relies on .clang-format: what stands in a namespace begins at the left edge.

function namespaces(    i, name) {
    for (i = 1; i <= open; i++) {
        if (!(names[i] in transparent)) name = name (name == "" ? "" : "::") names[i]
    }
    return name
}

function declared(line,    word) {
    sub(/^(inline |constexpr |static |extern |\[\[[a-z]*\]\] )*/, "", line)
    if (line ~ /^(class|struct|enum class|concept|using) /) {
        sub(/^(enum class|[a-z]+) (\[\[[a-z]*\]\] )?/, "", line)
        sub(/[^A-Za-z0-9_<].*/, "", line)
        return line
    }
    if (line ~ /^[^=]*\(/) {
        sub(/\(.*/, "", line)
    } else {
        sub(/ *[=;{].*/, "", line)
    }
    sub(/.*[ &*]/, "", line)
    return line
}

FNR == 1 { open = 0; depth = 0 }
{
    code = $0
    sub(/\/\/.*/, "", code)
    gsub(/"[^"]*"/, "", code)
    gsub(/'[{}]'/, "", code)
}
code ~ /^(inline )?namespace [a-z_:0-9]+ \{/ {
    name = code
    sub(/.*namespace /, "", name)
    sub(/ \{.*/, "", name)
    open++
    names[open] = name
    at[open] = depth
    if (code ~ /^inline/) transparent[name] = 1
}
code ~ /^[A-Za-z_:\[]/ && code !~ /^(inline )?namespace|^(template|requires|public:|private:|static_assert|friend)/ {
    space = namespaces()
    if (depth == at[open] + 1 && (space == "parmap" || space == "parmap::simd")) {
        word = declared(code)
        # Neither specialisations nor operators are named.
        if (word ~ /^[a-z_0-9]+$/ && word !~ /^operator/) print space "::" word
    }
}
{
    depth += gsub(/\{/, "{", code) - gsub(/\}/, "}", code)
    while (open > 0 && depth <= at[open]) open--
}
