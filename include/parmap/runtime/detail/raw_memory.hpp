// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/huge_pages.hpp>

#include <cstddef>
#include <memory>

namespace parmap::detail {

/// Memory for `count` objects, none of which it constructs or destroys. Large memory is on huge
/// pages where the system grants them.
/// Errors: std::bad_alloc or std::bad_array_new_length from the constructor.
template <class T>
class raw_memory {
public:
    explicit raw_memory(std::size_t count)
        : count_(count), first_(std::allocator<T>().allocate(count)) {
        request_huge_pages(first_, count * sizeof(T));
    }
    ~raw_memory() { std::allocator<T>().deallocate(first_, count_); }

    raw_memory(const raw_memory&) = delete;
    raw_memory& operator=(const raw_memory&) = delete;

    [[nodiscard]] T* data() const noexcept { return first_; }

private:
    std::size_t count_;
    T* first_;
};

} // namespace parmap::detail
