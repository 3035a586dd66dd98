// SPDX-License-Identifier: Apache-2.0
#include <parmap/parmap.hpp>

#include "answers.hpp"

int main() {
    return check_answers();
}
