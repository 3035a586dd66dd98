// SPDX-License-Identifier: Apache-2.0
// A callable that does not take the elements of the stream's range.
// refused with: callable_with_each_element
#include <parmap/core/indices.hpp>
#include <parmap/stream/imap.hpp>

#include <cstddef>
#include <string>

int main() {
#ifdef PARMAP_TEST_GOOD_TWIN
    auto stream = parmap::imap(parmap::indices(3), [](std::size_t i) { return i; });
#else
    auto stream = parmap::imap(parmap::indices(3), [](const std::string& s) { return s; });
#endif
    return stream.begin() == stream.end() ? 1 : 0;
}
