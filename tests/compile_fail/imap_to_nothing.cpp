// SPDX-License-Identifier: Apache-2.0
// A callable whose results would be nothing to iterate over.
// refused with: mapped_to_a_value
#include <parmap/core/indices.hpp>
#include <parmap/stream/imap.hpp>

#include <cstddef>

int main() {
#ifdef PARMAP_TEST_GOOD_TWIN
    auto stream = parmap::imap_unordered(parmap::indices(3), [](std::size_t i) { return i; });
#else
    auto stream = parmap::imap_unordered(parmap::indices(3), [](std::size_t) {});
#endif
    return stream.begin() == stream.end() ? 1 : 0;
}
