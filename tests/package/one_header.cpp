// SPDX-License-Identifier: Apache-2.0
// Somebody who copied one file.
#include <parmap.hpp>

#include "answers.hpp"

#if __has_include(<parmap/parmap.hpp>)
#error "parmap's own headers are in the way, so that this shows nothing"
#endif

int main() {
    return check_answers();
}
