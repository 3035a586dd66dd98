// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <parmap/runtime/concurrency.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#ifdef __linux__
#include <sched.h>
#include <unistd.h>
#endif

using namespace parmap::detail;

namespace {

constexpr auto none = cpu_limit{};

// Sets or unsets a variable for as long as it lives.
class environment {
public:
    environment(const char* name, const char* value) : name_(name) {
        if (const char* before = std::getenv(name))
            before_ = before;
        put(value);
    }
    ~environment() { put(before_ ? before_->c_str() : nullptr); }
    environment(const environment&) = delete;
    environment& operator=(const environment&) = delete;

private:
    void put(const char* value) {
        if (value != nullptr)
            setenv(name_, value, 1);
        else
            unsetenv(name_);
    }

    const char* name_;
    std::optional<std::string> before_;
};

// A file tree of its own that stands in for a machine's root.
class machine {
public:
    machine() {
        std::string pattern = (std::filesystem::temp_directory_path() / "parmap_XXXXXX").string();
        REQUIRE(mkdtemp(pattern.data()) != nullptr);
        root_ = pattern;
    }
    ~machine() { std::filesystem::remove_all(root_); }
    machine(const machine&) = delete;
    machine& operator=(const machine&) = delete;

    machine& file(const std::string& path, const std::string& text) {
        const std::filesystem::path at = root_ + path;
        std::filesystem::create_directories(at.parent_path());
        std::ofstream(at) << text;
        return *this;
    }
    machine& in(const std::string& groups) { return file("/proc/self/cgroup", groups); }
    machine& mounted(const std::string& lines) { return file("/proc/self/mountinfo", lines); }
    cpu_limit limit() const { return cgroup_cpu_limit(root_); }

private:
    std::string root_;
};

const std::string v2_mount =
    "24 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
    "31 24 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";
const std::string v1_mounts =
    "32 31 0:29 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"
    "33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw shared:10 master:2 - cgroup cgroup "
    "rw,cpu,cpuacct\n";

machine& cfs(machine& of, const std::string& group, const std::string& quota) {
    const std::string at = "/sys/fs/cgroup/cpu,cpuacct" + group;
    return of.file(at + "/cpu.cfs_quota_us", quota + "\n")
        .file(at + "/cpu.cfs_period_us", "100000\n");
}

std::string message_for(const char* value) {
    const environment variable("PARMAP_NUM_THREADS", value);
    try {
        static_cast<void>(parmap::available_concurrency());
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "nothing thrown";
}

} // namespace

TEST_CASE("cpu.max is a quota over a period, rounded up", "[concurrency]") {
    CHECK(parse_cpu_max("50000 100000\n") == 1U);
    CHECK(parse_cpu_max("100000 100000\n") == 1U);
    CHECK(parse_cpu_max("100001 100000\n") == 2U);
    CHECK(parse_cpu_max("150000 100000") == 2U);
    CHECK(parse_cpu_max("800000 100000\n") == 8U);
    CHECK(parse_cpu_max("1000 1000000\n") == 1U);
    CHECK(parse_cpu_max("max 100000\n") == none);
}

TEST_CASE("a cpu.max that makes no sense sets no limit", "[concurrency]") {
    for (const char* text : {"", "\n", "max", "100000", "0 100000", "100000 0", "-1 100000", "a b",
                             "1e5 100000", "100000 100000 7", "100000  100000", " 1 1", "\0 1",
                             "99999999999999999999999 100000", "100000 99999999999999999999999"})
        CHECK(parse_cpu_max(text) == none);
}

TEST_CASE("a v1 quota is two numbers, -1 for none", "[concurrency]") {
    CHECK(parse_cfs_quota("50000\n", "100000\n") == 1U);
    CHECK(parse_cfs_quota("150000\n", "100000\n") == 2U);
    CHECK(parse_cfs_quota("400000", "100000") == 4U);
    CHECK(parse_cfs_quota("-1\n", "100000\n") == none);
    CHECK(parse_cfs_quota("", "") == none);
    CHECK(parse_cfs_quota("50000\n", "") == none);
    CHECK(parse_cfs_quota("50000\n", "0\n") == none);
    CHECK(parse_cfs_quota("many\n", "100000\n") == none);
}

TEST_CASE("decimals hold up to 64 bits", "[concurrency]") {
    CHECK(parse_decimal("0") == 0U);
    CHECK(parse_decimal("007") == 7U);
    CHECK(parse_decimal("18446744073709551615") == UINT64_MAX);
    for (const char* text : {"", "18446744073709551616", "+1", "-1", " 1", "1 ", "0x10", "1.0"})
        CHECK(parse_decimal(text) == std::nullopt);
}

TEST_CASE("the control group of a process is found among its lines", "[concurrency]") {
    const std::string hybrid = "12:cpuset:/sets\n4:cpu,cpuacct:/a:b/c\n1:name=systemd:/user\n"
                               "0::/unified/x\n";
    CHECK(parse_cgroup_path(hybrid, cgroup_version::v1) == "/a:b/c");
    CHECK(parse_cgroup_path(hybrid, cgroup_version::v2) == "/unified/x");
    CHECK(parse_cgroup_path("0::/", cgroup_version::v2) == "/");
    CHECK(parse_cgroup_path("3:cpuset,cpuacct:/x\n", cgroup_version::v1) == std::nullopt);
    CHECK(parse_cgroup_path("0::/x\n", cgroup_version::v1) == std::nullopt);
    CHECK(parse_cgroup_path("4:cpu:/x\n", cgroup_version::v2) == std::nullopt);
    for (const char* text : {"", "\n\n", ":::", "0", "0:", "0::", "0::relative", "garbage"})
        CHECK(parse_cgroup_path(text, cgroup_version::v2) == std::nullopt);
}

TEST_CASE("mounts of control groups are told from others", "[concurrency]") {
    const auto v2 = parse_cgroup_mount("31 24 0:26 /r /m\\040n\\134 rw a:1 b:2 - cgroup2 none rw");
    REQUIRE(v2.has_value());
    CHECK(v2->version == cgroup_version::v2);
    CHECK(v2->root == "/r");
    CHECK(v2->point == "/m n\\");
    const auto v1 = parse_cgroup_mount("33 31 0:30 / /c rw - cgroup cgroup rw,cpuacct,cpu");
    REQUIRE(v1.has_value());
    CHECK(v1->version == cgroup_version::v1);
    for (const char* line :
         {"", "-", "33 31 0:30 / /c rw - cgroup cgroup rw,cpuset,cpuacct", "31 24 0:26",
          "31 24 0:26 / /m rw - tmpfs cgroup2 rw,cpu", "31 24 0:26 / /m rw cgroup2 cgroup2 rw"})
        CHECK_FALSE(parse_cgroup_mount(line).has_value());
}

TEST_CASE("a control group is placed below its mount", "[concurrency]") {
    CHECK(below_mount("/", "/") == "");
    CHECK(below_mount("/a/b", "/") == "/a/b");
    CHECK(below_mount("/a/b", "/a") == "/b");
    CHECK(below_mount("/a", "/a") == "");
    CHECK(below_mount("/ab", "/a") == std::nullopt);
    CHECK(below_mount("/c", "/a") == std::nullopt);
    CHECK(below_mount("/..a/b", "/") == "/..a/b");
    CHECK(below_mount("/../c", "/") == std::nullopt);
    CHECK(below_mount("/../c", "/..") == "/c");
    CHECK(below_mount("/a", "/..") == "");
    CHECK(below_mount("/../c", "/../..") == "");
    CHECK(below_mount("/../../c", "/..") == std::nullopt);
    CHECK(below_mount("/a", "/../c") == std::nullopt);
}

TEST_CASE("a v2 quota counts from the group up to the mount", "[concurrency]") {
    machine m;
    m.in("0::/a/b/c\n").mounted(v2_mount);
    CHECK(m.limit() == none);
    m.file("/sys/fs/cgroup/a/b/c/cpu.max", "max 100000\n");
    CHECK(m.limit() == none);
    m.file("/sys/fs/cgroup/a/cpu.max", "650000 100000\n");
    CHECK(m.limit() == 7U);
    m.file("/sys/fs/cgroup/a/b/c/cpu.max", "250000 100000\n");
    CHECK(m.limit() == 3U);
    m.file("/sys/fs/cgroup/a/b/cpu.max", "150000 100000\n");
    CHECK(m.limit() == 2U);
    m.file("/sys/fs/cgroup/cpu.max", "50000 100000\n");
    CHECK(m.limit() == 1U);
}

TEST_CASE("groups beside or below the process's own do not count", "[concurrency]") {
    machine m;
    m.in("0::/a/b\n").mounted(v2_mount);
    m.file("/sys/fs/cgroup/a/other/cpu.max", "100000 100000\n");
    m.file("/sys/fs/cgroup/a/b/below/cpu.max", "100000 100000\n");
    m.file("/sys/fs/cpu.max", "100000 100000\n");
    m.file("/cpu.max", "100000 100000\n");
    CHECK(m.limit() == none);
}

TEST_CASE("a container that sees its own group as the root", "[concurrency]") {
    machine m;
    m.in("0::/\n").mounted(v2_mount).file("/sys/fs/cgroup/cpu.max", "300000 100000\n");
    CHECK(m.limit() == 3U);
}

TEST_CASE("a v1 quota counts from the group up to the mount", "[concurrency]") {
    machine m;
    m.in("4:cpu,cpuacct:/a/b\n3:cpuset:/z\n").mounted(v1_mounts);
    CHECK(m.limit() == none);
    cfs(m, "", "-1");
    cfs(m, "/a/b", "-1");
    CHECK(m.limit() == none);
    cfs(m, "/a", "450000");
    CHECK(m.limit() == 5U);
    cfs(m, "/a/b", "50000");
    CHECK(m.limit() == 1U);
}

TEST_CASE("a v1 mount that begins at the container's group", "[concurrency]") {
    machine m;
    m.in("4:cpu,cpuacct:/docker/1f\n");
    m.mounted("33 31 0:30 /docker/1f /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu\n");
    cfs(m, "", "200000");
    CHECK(m.limit() == 2U);
}

TEST_CASE("in a hybrid both versions count", "[concurrency]") {
    machine m;
    m.in("4:cpu,cpuacct:/a\n0::/u\n");
    m.mounted(v1_mounts + "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
    cfs(m, "/a", "400000");
    CHECK(m.limit() == 4U);
    m.file("/sys/fs/cgroup/unified/u/cpu.max", "200000 100000\n");
    CHECK(m.limit() == 2U);
    cfs(m, "/a", "100000");
    CHECK(m.limit() == 1U);
}

TEST_CASE("a machine with missing or garbled files sets no limit", "[concurrency]") {
    CHECK(cgroup_cpu_limit("/no/such/machine") == none);
    machine m;
    CHECK(m.limit() == none);
    m.in("0::/a\n");
    CHECK(m.limit() == none);
    m.mounted("\n \n- - -\n" + std::string(10000, 'x') + "\n31 24 0:26 / /g rw - cgroup2 c rw");
    m.file("/g/a/cpu.max/a_folder_in_its_place", "");
    CHECK(m.limit() == none);
    m.file("/g/cpu.max", "100000 100000\n");
    CHECK(m.limit() == 1U); // a last line without a newline, after all the rubbish
    m.in("\0\0::\n");
    CHECK(m.limit() == none);
}

TEST_CASE("a mount table longer than one read is read to its end", "[concurrency]") {
    machine m;
    std::string table;
    while (table.size() < 100'000)
        table += "50 24 0:40 / /some/where rw - tmpfs tmpfs rw\n";
    m.in("0::/a\n").mounted(table + v2_mount);
    m.file("/sys/fs/cgroup/a/cpu.max", "200000 100000\n");
    CHECK(m.limit() == 2U);
}

TEST_CASE("available_concurrency is at least 1 and at most the affinity mask", "[concurrency]") {
    const environment variable("PARMAP_NUM_THREADS", nullptr);
    const std::size_t n = parmap::available_concurrency();
    CHECK(n >= 1);
    CHECK(n <= affinity_count().value_or(std::thread::hardware_concurrency()));
}

TEST_CASE("PARMAP_NUM_THREADS only lowers available_concurrency", "[concurrency]") {
    std::size_t without = 0;
    {
        const environment variable("PARMAP_NUM_THREADS", nullptr);
        without = parmap::available_concurrency();
    }
    for (const std::size_t wanted : {std::size_t{1}, std::size_t{2}, std::size_t{4096}}) {
        const environment variable("PARMAP_NUM_THREADS", std::to_string(wanted).c_str());
        CHECK(parmap::available_concurrency() == std::min(wanted, without));
    }
}

TEST_CASE("PARMAP_NUM_THREADS of no sense is named with its value", "[concurrency]") {
    CHECK(message_for("four") ==
          "PARMAP_NUM_THREADS = \"four\" is not a whole number from 1 to 4096");
    for (const char* value : {"", "0", "00", "-1", "+2", " 2", "2 ", "2\n", "2.0", "0x2", "1e1",
                              "4097", "18446744073709551617", "2,2", "max"}) {
        const std::string message = message_for(value);
        CHECK(message.find("PARMAP_NUM_THREADS") != std::string::npos);
        CHECK(message.find('"' + std::string(value) + '"') != std::string::npos);
    }
    CHECK(parse_num_threads("1") == 1);
    CHECK(parse_num_threads("4096") == 4096);
}

#ifdef __linux__
TEST_CASE("available_concurrency follows the affinity mask of the caller", "[concurrency]") {
    const environment variable("PARMAP_NUM_THREADS", nullptr);
    std::optional<std::size_t> seen_mask;
    std::size_t seen = 0;
    std::thread([&] { // the mask is this thread's alone and goes with it
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(static_cast<std::size_t>(sched_getcpu()), &one);
        if (sched_setaffinity(0, sizeof one, &one) == 0) {
            seen_mask = affinity_count();
            seen = parmap::available_concurrency();
        }
    })
        .join();
    if (!seen_mask) {
        WARN("this system allows no change of affinity");
        return;
    }
    CHECK(*seen_mask == 1);
    CHECK(seen == 1);
}
#endif
