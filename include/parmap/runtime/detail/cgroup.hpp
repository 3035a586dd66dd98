// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

// How many CPUs the control groups of this process allow: the kernel's cgroup-v2.rst (cpu.max),
// sched-bwc.rst (cpu.cfs_quota_us) and proc_pid_mountinfo(5). What cannot be read or understood
// sets no limit: these files describe the machine, and no user can mend them.

namespace parmap::detail {

using cpu_limit = std::optional<std::size_t>;

inline cpu_limit lower_limit(cpu_limit a, cpu_limit b) noexcept {
    if (!a || !b)
        return a ? a : b;
    return *a < *b ? a : b;
}

// The text up to `separator`, which is taken off `rest` together with it.
inline std::string_view cut_before(std::string_view& rest, char separator) noexcept {
    const std::size_t at = rest.find(separator);
    const std::string_view head = rest.substr(0, at);
    rest = at == std::string_view::npos ? std::string_view{} : rest.substr(at + 1);
    return head;
}

// Decimal digits and nothing else; empty for anything a std::uint64_t cannot hold.
inline std::optional<std::uint64_t> parse_decimal(std::string_view text) noexcept {
    if (text.empty())
        return {};
    std::uint64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return {};
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (value > (UINT64_MAX - digit) / 10)
            return {};
        value = value * 10 + digit;
    }
    return value;
}

// Rounded up: half a CPU still needs one thread, and one and a half keep two busy.
inline cpu_limit cpus_of_quota(std::string_view quota, std::string_view period) noexcept {
    const auto q = parse_decimal(quota);
    const auto p = parse_decimal(period);
    if (!q || !p || *q == 0 || *p == 0)
        return {};
    return static_cast<std::size_t>(*q / *p + (*q % *p != 0 ? 1 : 0));
}

// cgroup v2: "150000 100000", or "max 100000" for no limit.
inline cpu_limit parse_cpu_max(std::string_view text) noexcept {
    std::string_view line = cut_before(text, '\n');
    const std::string_view quota = cut_before(line, ' ');
    return cpus_of_quota(quota, line);
}

// cgroup v1: two files of one number each; a quota of -1 is no limit.
inline cpu_limit parse_cfs_quota(std::string_view quota, std::string_view period) noexcept {
    return cpus_of_quota(cut_before(quota, '\n'), cut_before(period, '\n'));
}

inline bool comma_list_has(std::string_view comma_separated, std::string_view name) noexcept {
    while (!comma_separated.empty()) {
        if (cut_before(comma_separated, ',') == name)
            return true;
    }
    return false;
}

// mountinfo writes space, tab, newline and backslash as a backslash and three octal digits.
inline std::string unescape_mount(std::string_view text) {
    const auto octal = [&](std::size_t i) { return i < text.size() && (text[i] & ~7) == '0'; };
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && octal(i + 1) && octal(i + 2) && octal(i + 3)) {
            const int code = (text[i + 1] & 7) * 64 + (text[i + 2] & 7) * 8 + (text[i + 3] & 7);
            plain += static_cast<char>(code);
            i += 3;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

enum class cgroup_version { v1, v2 };

struct cgroup_mount {
    cgroup_version version;
    std::string root;  // which control group is seen at the mount point
    std::string point; // where
};

// One line of mountinfo, if it mounts a hierarchy that may limit CPUs:
// "36 35 0:31 /root /mount/point rw,noatime [optional fields] - fstype source superoptions".
inline std::optional<cgroup_mount> parse_cgroup_mount(std::string_view line) {
    for (int skipped = 0; skipped < 3; ++skipped)
        cut_before(line, ' ');
    const std::string_view root = cut_before(line, ' ');
    const std::string_view point = cut_before(line, ' ');
    while (!line.empty() && cut_before(line, ' ') != "-") {
    }
    const std::string_view type = cut_before(line, ' ');
    cut_before(line, ' ');
    if (root.empty() || point.empty())
        return {};
    if (type == "cgroup2")
        return cgroup_mount{cgroup_version::v2, unescape_mount(root), unescape_mount(point)};
    if (type == "cgroup" && comma_list_has(line, "cpu"))
        return cgroup_mount{cgroup_version::v1, unescape_mount(root), unescape_mount(point)};
    return {};
}

// The control group of this process, from /proc/self/cgroup: "0::/path" for v2,
// "4:cpu,cpuacct:/path" for v1. A path may hold colons itself.
inline std::optional<std::string> parse_cgroup_path(std::string_view text, cgroup_version version) {
    while (!text.empty()) {
        std::string_view path = cut_before(text, '\n');
        const std::string_view hierarchy = cut_before(path, ':');
        const std::string_view controllers = cut_before(path, ':');
        const bool matches = version == cgroup_version::v2 ? hierarchy == "0" && controllers.empty()
                                                           : comma_list_has(controllers, "cpu");
        if (matches && path.starts_with('/'))
            return std::string(path);
    }
    return {};
}

// How many steps up a path begins with: seen from inside a cgroup namespace, "/.." is the group
// above it. A group may be named "..x", which is no step.
inline std::size_t climbs(std::string_view path) noexcept {
    std::size_t steps = 0;
    for (; path.starts_with("/..") && (path.size() == 3 || path[3] == '/'); ++steps)
        path.remove_prefix(3);
    return steps;
}

// The path of a control group below its mount point, empty for the mount point itself; nothing
// if the mount shows another branch of the tree. Of a mount that begins above the namespace only
// the top can be placed, and its limit holds for all below.
inline std::optional<std::string> below_mount(std::string_view path, std::string_view root) {
    const std::string_view top = root == "/" ? "" : root;
    if (path.starts_with(top)) {
        const std::string_view rest = path.substr(top.size());
        if (rest.empty() || rest == "/")
            return std::string();
        if (rest.starts_with('/') && climbs(rest) == 0)
            return std::string(rest);
    }
    const bool only_climbs = !top.empty() && climbs(top) * 3 == top.size();
    if (only_climbs && climbs(path) <= climbs(top))
        return std::string();
    return {};
}

inline std::string read_small_file(const std::string& path) {
    std::string text;
    if (std::FILE* file = std::fopen(path.c_str(), "r")) {
        char buffer[4096];
        while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, file))
            text.append(buffer, got);
        std::fclose(file);
    }
    return text;
}

// A group has no more than any group above it has, so all up to the mount point are asked.
inline cpu_limit limit_along(const std::string& top, std::string below, cgroup_version version) {
    cpu_limit limit;
    for (;;) {
        const std::string group = top + below + "/";
        limit =
            lower_limit(limit, version == cgroup_version::v2
                                   ? parse_cpu_max(read_small_file(group + "cpu.max"))
                                   : parse_cfs_quota(read_small_file(group + "cpu.cfs_quota_us"),
                                                     read_small_file(group + "cpu.cfs_period_us")));
        if (below.empty())
            return limit;
        below.erase(below.rfind('/'));
    }
}

// The least limit of all hierarchies, v1, v2 and both at once; `root` stands before every path
// that is read, so that a test can lay out a machine of its own.
inline cpu_limit cgroup_cpu_limit(const std::string& root = {}) {
    const std::string groups = read_small_file(root + "/proc/self/cgroup");
    const std::string mounts = read_small_file(root + "/proc/self/mountinfo");
    cpu_limit limit;
    for (std::string_view rest = mounts; !rest.empty();) {
        const auto mount = parse_cgroup_mount(cut_before(rest, '\n'));
        if (!mount)
            continue;
        const auto path = parse_cgroup_path(groups, mount->version);
        if (!path)
            continue;
        if (const auto below = below_mount(*path, mount->root))
            limit = lower_limit(limit, limit_along(root + mount->point, *below, mount->version));
    }
    return limit;
}

} // namespace parmap::detail
