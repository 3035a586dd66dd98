// SPDX-License-Identifier: Apache-2.0
// Headers first, then the import: the order that compilers of today can do with.
#include <cmath>
#include <cstdio>
#include <functional>
#include <vector>

import parmap;

#include "../answers.hpp"

int main() {
    return check_answers();
}
