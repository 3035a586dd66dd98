#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# site_test.sh SOURCE WORK: builds the site, and sites that must fail.
set -euo pipefail
source=$1
work=$2

command -v doxygen >/dev/null || {
    echo "no doxygen here"
    exit 77
}
rm -rf "$work"
mkdir -p "$work"

fail() {
    echo "FAILED: $*"
    exit 1
}

"$source/scripts/docs" "$work/site"
for page in index five_steps coming_from_python design_engine group__maps \
    classparmap_1_1future structparmap_1_1options; do
    [ -s "$work/site/$page.html" ] || fail "there is no page $page"
done
grep -q 'parallel_map' "$work/site/group__maps.html" || fail "parallel_map is not among the maps"
for page in "$source"/docs/*.md "$source"/docs/design/*.md; do
    name=${page#"$source/docs/"}
    name=${name%.md}
    name=${name//[-\/]/_}
    [ "$name" = index ] || grep -q "\"$name.html\"" "$work/site/navtreedata.js" ||
        fail "the navigation does not lead to $page"
done
if grep -l 'namespaceparmap_1_1detail' "$work/site"/*.html; then
    fail "these pages show details"
fi

# Links from page to page, and to the sources that hold what is claimed.
cd "$work/site"
count=0
while IFS=: read -r page link; do
    count=$((count + 1))
    link=${link#href=\"}
    link=${link%%[\"#]*}
    [ -z "$link" ] || [ -e "$link" ] || fail "$page links to $link, which is not there"
done < <(grep -oE 'href="[^":]*"' ./*.html)
[ $count -gt 500 ] || fail "only $count links found"
cd - >/dev/null

# The gate: a function, a member, a type and a concept without a word.
cat >"$work/planted.hpp" <<'END'
namespace parmap {
/// This one has its word.
struct documented {
    int bare_member = 0;
};
struct bare_type {};
template <class T>
concept bare_concept = true;
int bare_function(int value);
} // namespace parmap
END
if PARMAP_DOCS_ALSO="$work/planted.hpp" "$source/scripts/docs" "$work/bad" 2>"$work/messages"; then
    fail "undocumented symbols pass"
fi
for name in bare_member bare_type bare_concept bare_function; do
    grep -q "$name.*is not documented" "$work/messages" || {
        cat "$work/messages"
        fail "$name is not missed"
    }
done
echo "$count links, and four planted symbols found"
