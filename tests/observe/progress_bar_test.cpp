// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/pools.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <parmap/algorithm/map.hpp>
#include <parmap/core/indices.hpp>
#include <parmap/core/progress.hpp>
#include <parmap/observe/progress_bar.hpp>
#include <string>
#include <thread>

#ifdef __linux__
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>
#endif

using namespace parmap_test;
using parmap::detail::progress_line;

namespace {

std::string all_of(std::FILE* file) {
    std::rewind(file);
    std::string text;
    for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file))
        text += static_cast<char>(c);
    return text;
}

std::size_t count_of(const std::string& text, char wanted) {
    return static_cast<std::size_t>(std::ranges::count(text, wanted));
}

} // namespace

TEST_CASE("numbers and times are short", "[observe]") {
    using parmap::detail::short_number;
    using parmap::detail::short_time;
    CHECK(short_number(0) == "0");
    CHECK(short_number(7) == "7");
    CHECK(short_number(950) == "950");
    CHECK(short_number(1.5) == "1.50");
    CHECK(short_number(12'345) == "12.3k");
    CHECK(short_number(999'600) == "1.00M");
    CHECK(short_number(4.56e6) == "4.56M");
    CHECK(short_time(0) == "0:00");
    CHECK(short_time(7.9) == "0:07");
    CHECK(short_time(754) == "12:34");
    CHECK(short_time(3723) == "1:02:03");
    CHECK(short_time(9 * 86'400 + 23 * 3600) == "9d 23h");
    CHECK(short_time(1e300) == "11574d 1h");
}

TEST_CASE("a line says what is known, and no more than fits", "[observe]") {
    const parmap::progress half{500, 1000};
    CHECK(progress_line("map", half, 10, 79, false) ==
          "map [####################....................] 500/1000  0:10 left  0:10  50/s");
    CHECK(progress_line("", {1234, 0}, 2, 79, false) == "1234  0:02  617/s");
    CHECK(progress_line("map", {0, 10}, 0, 30, false) == "map [.............] 0/10  0:00");
    CHECK(progress_line("map", half, 10, 22, false) == "500/1000  0:10 left");
    CHECK(progress_line("map", half, 10, 8, false) == "500/1000");
    CHECK(progress_line("map", half, 10, 3, false) == "500");
    CHECK(progress_line("map", half, 10, 0, false).empty());
    for (std::size_t columns = 0; columns != 120; ++columns) {
        for (const std::size_t done : std::initializer_list<std::size_t>{0, 3, 999, 1000, 1200}) {
            const parmap::progress now{done, 1000};
            const std::string plain = progress_line("a label", now, 3.5, columns, false);
            REQUIRE(plain.size() <= columns);
            std::string coloured = progress_line("a label", now, 3.5, columns, true);
            for (const std::string escape : {"\x1b[32m", "\x1b[0m"}) {
                if (const auto at = coloured.find(escape); at != std::string::npos)
                    coloured.erase(at, escape.size());
            }
            REQUIRE(coloured == plain);
        }
    }
}

TEST_CASE("a file gets a line at the end, and few before", "[observe]") {
    std::FILE* const file = std::tmpfile();
    REQUIRE(file != nullptr);
    {
        const parmap::progress_bar bar("squares", file);
        for (int again = 0; again != 2; ++again) {
            const auto y = parmap::parallel_map(parmap::indices(300),
                                                [](std::size_t i) {
                                                    sleep_us(500);
                                                    return i;
                                                },
                                                {.pool = &pool_of(2), .on_progress = bar});
            REQUIRE(y.size() == 300);
        }
        bar({7, 1000}); // a call that never ends
    }
    const std::string text = all_of(file);
    std::fclose(file);
    CHECK(count_of(text, '\n') == 2);
    CHECK(text.starts_with("squares ["));
    CHECK(text.find("300/300") != std::string::npos);
    CHECK(text.find('\r') == std::string::npos);
    CHECK(text.find('\x1b') == std::string::npos);
}

#ifdef __linux__

namespace {

/// A terminal that nobody looks at: what has been written to it.
class terminal {
public:
    explicit terminal(unsigned short columns) : master_(posix_openpt(O_RDWR | O_NOCTTY)) {
        REQUIRE(master_ >= 0);
        REQUIRE(grantpt(master_) == 0);
        REQUIRE(unlockpt(master_) == 0);
        const int slave = open(ptsname(master_), O_RDWR | O_NOCTTY);
        REQUIRE(slave >= 0);
        winsize size{};
        size.ws_row = 24;
        size.ws_col = columns;
        REQUIRE(ioctl(slave, TIOCSWINSZ, &size) == 0);
        fcntl(master_, F_SETFL, O_NONBLOCK);
        file = fdopen(slave, "w");
    }

    ~terminal() {
        std::fclose(file);
        close(master_);
    }

    std::string written() const {
        std::string text;
        std::array<char, 4096> some{};
        for (;;) {
            const auto count = read(master_, some.data(), some.size());
            if (count <= 0)
                return text;
            text.append(some.data(), static_cast<std::size_t>(count));
        }
    }

    std::FILE* file = nullptr;

private:
    int master_;
};

/// What stands on the last line once everything has been written, and how wide it ever was.
struct screen {
    std::string line;
    std::size_t widest = 0;

    explicit screen(const std::string& text) {
        std::size_t at = 0;
        for (std::size_t i = 0; i != text.size(); ++i) {
            if (text[i] == '\r') {
                at = 0;
            } else if (text[i] == '\x1b') {
                i = text.find('m', i);
            } else {
                line.resize(std::max(line.size(), at + 1), ' ');
                line[at++] = text[i];
                widest = std::max(widest, at);
            }
        }
    }
};

} // namespace

TEST_CASE("a terminal has one line, never too wide, and empty at the end", "[observe]") {
    for (const unsigned short columns :
         std::initializer_list<unsigned short>{200, 80, 30, 12, 5, 1}) {
        const terminal shown(columns);
        {
            const parmap::progress_bar bar("a map", shown.file);
            for (const std::size_t done : std::initializer_list<std::size_t>{1, 500, 900, 1000}) {
                bar({done, 1000});
                sleep_ms(60);
            }
        }
        const std::string text = shown.written();
        REQUIRE(count_of(text, '\n') == 0);
        const screen seen(text);
        REQUIRE(seen.widest < std::max<std::size_t>(columns, 2));
        REQUIRE(seen.line.find_first_not_of(' ') == std::string::npos);
        if (columns >= 30)
            REQUIRE(text.find("900/1000") != std::string::npos);
    }
}

TEST_CASE("twenty updates a second, and an empty line for a call that was stopped", "[observe]") {
    const terminal shown(80);
    {
        const parmap::progress_bar bar("many", shown.file);
        for (std::size_t done = 1; done != 2000; ++done)
            bar({done, 5000}); // takes nothing like 50 ms, or a few times that at the worst
        const std::string text = shown.written();
        CHECK(count_of(text, '\r') >= 1);
        CHECK(count_of(text, '\r') < 200);
        CHECK(screen(text).line.find("many") != std::string::npos);
    }
    CHECK(screen(shown.written()).line.find_first_not_of(' ') == std::string::npos);
}

TEST_CASE("colours are for terminals that want them", "[observe]") {
    const auto drawn_with = [](const char* term, const char* no_colour) {
        setenv("TERM", term, 1);
        setenv("NO_COLOR", no_colour, 1);
        const terminal shown(80);
        parmap::progress_bar("x", shown.file)({5, 10});
        return shown.written();
    };
    CHECK(drawn_with("xterm", "").find('\x1b') != std::string::npos);
    CHECK(drawn_with("xterm", "1").find('\x1b') == std::string::npos);
    CHECK(drawn_with("dumb", "").find('\x1b') == std::string::npos);
    unsetenv("NO_COLOR");
}

#endif
