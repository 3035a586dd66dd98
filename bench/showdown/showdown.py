#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The showdown's job, y = exp(x) * sinh(x) over several inputs, as CPython does it.

Run by the showdown with --python. Writes one line for each fact, its fields parted by tabs:

    row       name, input, threads, seconds for the whole job, elements taken of each input,
              checksum over those, note
    note      something that concerns no row
    progress  what is being done now

Rows that would take too long or too much memory take the first elements of each input only; their
time is scaled up to the whole job, and their note says so. A tool that is missing or fails costs
its rows and leaves a note.
"""

import argparse
import contextlib
import math
import os
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import time

try:
    import numpy as np
except ImportError:
    np = None

LIST_ELEMENTS = 2_000_000  # of all inputs together: half a second of a list comprehension
MESSAGE_ELEMENTS = 10_000_000  # of all inputs together, where each is sent to another process
KINDS = ("ones", "uniform")


def say(*fields):
    print(*fields, sep="\t", flush=True)


# ---- the operation, in the two ways that people write it


def operation_on_list(d):
    return [math.exp(i) * math.sinh(i) for i in d]


def operation_on_array(d):
    import numpy  # imported here because other processes run this function by itself

    return numpy.exp(d) * numpy.sinh(d)


# ---- inputs: the values of the C++ program, whose hash of the position is splitmix64


def uniform_list(begin, end):
    mask = (1 << 64) - 1
    values = []
    for position in range(begin, end):
        bits = (position + 1) * 0x9E3779B97F4A7C15 & mask
        bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9 & mask
        bits = (bits ^ bits >> 27) * 0x94D049BB133111EB & mask
        bits ^= bits >> 31
        values.append((bits >> 11) * 2.0**-53 * 10.0 - 5.0)
    return values


def uniform_array(begin, end, piece=1 << 20):
    result = np.empty(end - begin)
    for first in range(begin, end, piece):  # in pieces, so that the temporaries stay small
        bits = np.arange(first + 1, min(first + piece, end) + 1, dtype=np.uint64)
        bits *= np.uint64(0x9E3779B97F4A7C15)
        bits = (bits ^ bits >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
        bits = (bits ^ bits >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
        bits ^= bits >> np.uint64(31)
        unit = (bits >> np.uint64(11)) * 2.0**-53
        result[first - begin : first - begin + len(unit)] = unit * 10.0 - 5.0
    return result


def make_lists(job, kind, size):
    if kind == "ones":
        return [[1.0] * size for _ in range(job.inputs)]
    return [uniform_list(i * job.size, i * job.size + size) for i in range(job.inputs)]


def make_arrays(job, kind, size):
    if kind == "ones":
        return [np.ones(size) for _ in range(job.inputs)]
    return [uniform_array(i * job.size, i * job.size + size) for i in range(job.inputs)]


def checksum(outputs):
    if np is not None:
        return math.fsum(float(np.sum(np.asarray(y))) for y in outputs)
    return math.fsum(math.fsum(y) for y in outputs)


# ---- time limits


class TooLong(Exception):
    pass


@contextlib.contextmanager
def limit(seconds):
    def on_alarm(signum, frame):
        raise TooLong(f"took more than {seconds:.0f} s")

    previous = signal.signal(signal.SIGALRM, on_alarm)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def end_with_parent():
    """Ends this process, clusters and all, if the program that started it is gone."""
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


# ---- rows


class Row:
    """A way to do the job: `run` takes the inputs and returns the outputs; `tidy` is not timed."""

    def __init__(self, name, threads, size, make, run, note="", tidy=lambda: None):
        self.name, self.threads, self.size = name, threads, size
        self.make, self.run, self.note, self.tidy = make, run, note, tidy
        self.times, self.checksum = [], None


def size_for(job, elements, footprint):
    """Elements of each input: at most `elements` altogether, and within memory.

    `footprint` is how many bytes each element costs at once in all processes together.
    """
    affordable = job.memory * 0.7 / footprint
    return max(1, min(job.size, int(min(elements, affordable)) // job.inputs))


def scaled(job, size, note=""):
    parts = [note] if note else []
    if size < job.size:
        parts.append(f"measured on the first {size:,} elements of each input, time scaled up")
    return "; ".join(parts)


def list_rows(job, stack):
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import Pool

    size = size_for(job, LIST_ELEMENTS, 400)
    running = scaled(job, size, "timed with its processes already running")
    pool = stack.enter_context(Pool(job.threads))
    executor = stack.enter_context(ProcessPoolExecutor(job.threads))
    list(executor.map(abs, range(4 * job.threads)))  # starts them
    return [
        Row("python_list", 1, size, make_lists, lambda d: list(map(operation_on_list, d)),
            scaled(job, size, "[math.exp(i) * math.sinh(i) for i in d]")),
        Row("python_list_pool", job.threads, size, make_lists,
            lambda d: pool.map(operation_on_list, d), running),
        Row("python_list_executor", job.threads, size, make_lists,
            lambda d: list(executor.map(operation_on_list, d)), running),
    ]


def numpy_rows(job, stack):
    from concurrent.futures import ThreadPoolExecutor
    from multiprocessing import Pool

    if np is None:
        say("note", "NumPy is not installed, so it has no rows")
        return []
    whole = size_for(job, math.inf, 40)
    sent = size_for(job, math.inf, 100)
    pool = stack.enter_context(Pool(job.threads))
    threads = stack.enter_context(ThreadPoolExecutor(job.threads))
    return [
        Row("numpy", 1, whole, make_arrays, lambda d: list(map(operation_on_array, d)),
            scaled(job, whole, "np.exp(d) * np.sinh(d)")),
        Row("numpy_pool", job.threads, sent, make_arrays,
            lambda d: pool.map(operation_on_array, d),
            scaled(job, sent, "timed with its processes already running")),
        Row("numpy_threads", job.threads, whole, make_arrays,
            lambda d: list(threads.map(operation_on_array, d)), scaled(job, whole)),
    ]


def stop_cluster(cluster, folder):
    with contextlib.suppress(Exception), limit(15):
        cluster.stop_cluster_sync()
    for pid in processes_of(folder):  # whatever did not go when asked
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def processes_of(folder):
    """Processes whose command line names our own temporary folder."""
    found = []
    for entry in os.listdir("/proc") if os.path.isdir("/proc") else []:
        if not entry.isdigit() or int(entry) == os.getpid():
            continue
        with contextlib.suppress(OSError), open(f"/proc/{entry}/cmdline", "rb") as command:
            if os.fsencode(folder) in command.read():
                found.append(int(entry))
    return found


def ipyparallel_rows(job, stack):
    try:
        import ipyparallel
    except ImportError:
        say("note", "ipyparallel is not installed, so it has no rows")
        return []
    if np is None:
        return []
    say("progress", "starting an ipyparallel cluster")
    folder = tempfile.mkdtemp(prefix="showdown-")
    os.environ["IPYTHONDIR"] = folder
    cluster = ipyparallel.Cluster(n=job.threads, profile_dir=os.path.join(folder, "profile"),
                                  log_level=50, engine_timeout=60)
    stack.callback(stop_cluster, cluster, folder)
    with limit(90):
        client = cluster.start_and_connect_sync()
    stack.callback(client.close)
    direct, balanced = client[:], client.load_balanced_view()
    size = size_for(job, MESSAGE_ELEMENTS, 200)
    note = scaled(job, size, "timed with its engines already running")
    forget = client.purge_everything  # the client and the hub keep every result they ever saw
    return [
        Row("ipyparallel_direct", job.threads, size, make_arrays,
            lambda d: direct.map_sync(operation_on_array, d), note, forget),
        Row("ipyparallel_balanced", job.threads, size, make_arrays,
            lambda d: balanced.map_sync(operation_on_array, d), note, forget),
    ]


def ray_rows(job, stack):
    try:
        import ray
    except ImportError:
        say("note", "Ray is not installed, so it has no row")
        return []
    if np is None:
        return []
    say("progress", "starting Ray")
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # a measurement sends no reports
    stack.callback(ray.shutdown)
    with limit(120):
        ray.init(num_cpus=job.threads, include_dashboard=False, log_to_driver=False,
                 configure_logging=False)
    remote = ray.remote(operation_on_array)
    size = size_for(job, MESSAGE_ELEMENTS, 200)
    return [
        Row("ray", job.threads, size, make_arrays,
            lambda d: ray.get([remote.remote(x) for x in d]),
            scaled(job, size, "timed with its workers already running")),
    ]


# ---- measuring


def seconds_allowed(job, row):
    return 60 + 3e-6 * row.size * job.inputs


def run_once(job, row, inputs):
    with limit(seconds_allowed(job, row)):
        begin = time.perf_counter()
        outputs = row.run(inputs)
        taken = time.perf_counter() - begin
    if row.checksum is None:  # the warm-up
        row.checksum = checksum(outputs)
    else:
        row.times.append(taken)
    row.tidy()


def measure(job, kind, rows):
    """A warm-up, then interleaved repetitions; the rows of one size and type share inputs."""
    made = {}
    for round_number in range(job.repeat + 1):
        step = f"round {round_number} of {job.repeat}" if round_number else "warming up"
        for row in list(rows):
            say("progress", f"{kind}: {step}, {row.name}")
            try:
                key = (row.make, row.size)
                if key not in made:
                    made[key] = row.make(job, kind, row.size)
                run_once(job, row, made[key])
            except Exception as error:  # of whatever tool this is: its row is lost, no other
                rows.remove(row)
                say("note", f"{row.name}, {kind}: left out, {describe(error)}")
    for row in rows:
        seconds = statistics.median(row.times) * job.size / row.size
        say("row", row.name, kind, row.threads, repr(seconds), row.size, repr(row.checksum),
            row.note)


def describe(error):
    return " ".join(f"{type(error).__name__}: {error}".split())[:160]


def measure_group(job, group):
    """Rows that belong together; their processes are gone before the next group starts."""
    with contextlib.ExitStack() as stack:
        try:
            rows = group(job, stack)
        except Exception as error:
            say("note", f"{group.__name__.removesuffix('_rows')}: left out, {describe(error)}")
            return
        for kind in KINDS:
            for row in rows:
                row.times, row.checksum = [], None
            measure(job, kind, list(rows))


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return value


def parse_arguments():
    parser = argparse.ArgumentParser(description="The showdown's job as CPython does it.")
    parser.add_argument("--size", type=positive, default=10_000_000)
    parser.add_argument("--inputs", type=positive, default=10)
    parser.add_argument("--repeat", type=positive, default=3)
    parser.add_argument("--threads", type=positive, default=os.cpu_count())
    parser.add_argument("--memory", type=positive, default=4 << 30, help="bytes that may be used")
    return parser.parse_args()


def main():
    job = parse_arguments()
    signal.signal(signal.SIGTERM, lambda signum, frame: sys.exit(143))
    end_with_parent()
    for group in (list_rows, numpy_rows, ipyparallel_rows, ray_rows):
        measure_group(job, group)


if __name__ == "__main__":
    main()
