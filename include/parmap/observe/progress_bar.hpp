// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/progress.hpp>
#include <parmap/observe/detail/progress_text.hpp>
#include <parmap/observe/detail/terminal.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace parmap {

/// Shows how far calls have come: `parallel_map(v, f, {.on_progress =
/// parmap::progress_bar("map")})`.
///
/// On a terminal it is one line with a bar, the count, the time that is left, the time gone by and
/// the rate, drawn at most 20 times a second and never wider than the terminal; when a call has
/// ended, or the last copy of the bar is gone, the line is empty again. Elsewhere it is a line of
/// text at most every five seconds, and one at the end. Colours keep to `NO_COLOR` and `TERM`.
///
/// Copies show the same bar; one bar may serve one call after another.
///
/// - Threads: any may call it.
/// - Errors: std::bad_alloc; what cannot be written is not shown.
///
/// Example: examples/11_reaction_map.cpp
class progress_bar {
public:
    /// `label` stands in front; the bar is written to `to`, which has to outlive it.
    explicit progress_bar(std::string label = {}, std::FILE* to = stderr)
        : shared_(std::make_shared<shown>(std::move(label), to)) {}

    /// Shows how far a call has come: what `.on_progress` calls.
    void operator()(progress now) const { shared_->show(now); }

private:
    using clock = std::chrono::steady_clock;

    class shown {
    public:
        shown(std::string label, std::FILE* to)
            : label_(std::move(label)), to_(to), terminal_(detail::is_terminal(to)),
              colour_(terminal_ && detail::colours_wanted()) {}

        ~shown() { erase(); }

        shown(const shown&) = delete;
        shown& operator=(const shown&) = delete;

        void show(progress now) {
            const std::lock_guard lock(mutex_);
            const clock::time_point time = clock::now();
            if (!running_ || now.done < last_.done)
                begin(time);
            last_ = now;
            const bool ended = now.total != 0 && now.done >= now.total;
            if (!ended && time < next_)
                return;
            next_ = time + (terminal_ ? a_frame : a_line);
            const double seconds = std::chrono::duration<double>(time - began_).count();
            terminal_ ? draw(now, seconds) : write_line(now, seconds);
            if (ended) {
                erase();
                running_ = false;
            }
        }

    private:
        static constexpr std::chrono::milliseconds a_frame{50};
        static constexpr std::chrono::milliseconds a_line{5'000};

        void begin(clock::time_point time) noexcept {
            running_ = true;
            began_ = time;
            next_ = terminal_ ? time : time + a_line;
        }

        // The last column stays free: some terminals go on to the next line once it is written to.
        void draw(progress now, double seconds) {
            const std::size_t columns = detail::terminal_columns(to_) - 1;
            const std::string plain = detail::progress_line(label_, now, seconds, columns, false);
            const std::string text =
                colour_ ? detail::progress_line(label_, now, seconds, columns, true) : plain;
            const std::size_t stale = drawn_ > plain.size() ? drawn_ - plain.size() : 0;
            const std::string line =
                "\r" + text + std::string(std::min(stale, columns - plain.size()), ' ');
            std::fputs(line.c_str(), to_);
            std::fflush(to_);
            drawn_ = plain.size();
        }

        void write_line(progress now, double seconds) {
            const std::string line =
                detail::progress_line(label_, now, seconds, line_columns, false) + "\n";
            std::fputs(line.c_str(), to_);
            std::fflush(to_);
        }

        void erase() noexcept {
            if (drawn_ == 0)
                return;
            const std::size_t columns = std::min(drawn_, detail::terminal_columns(to_) - 1);
            std::fprintf(to_, "\r%*s\r", static_cast<int>(columns), "");
            std::fflush(to_);
            drawn_ = 0;
        }

        static constexpr std::size_t line_columns = 80;

        const std::string label_;
        std::FILE* const to_;
        const bool terminal_;
        const bool colour_;
        std::mutex mutex_;
        progress last_;
        clock::time_point began_{};
        clock::time_point next_{};
        bool running_ = false;
        std::size_t drawn_ = 0; // columns that are not empty
    };

    std::shared_ptr<shown> shared_;
};

} // namespace parmap
