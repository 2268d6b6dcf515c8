#!/usr/bin/env python3
"""Gates on counts: what a token costs in allocations and steps, whatever the machine's speed.

Usage: Benchmarks/gates.py [--martlet PATH] [--update] [--verbose]

Runs the tool twice on the built-in model, the second time with more output, and divides the
difference in counts by the difference in tokens, so that what loading and the first steps cost
cancels out. Fails when a count is above its threshold in thresholds.json; --update writes the
measured counts, with a margin, as the new thresholds. Linux with glibc, and a C compiler.
"""
import argparse
import json
import math
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
THRESHOLDS = HERE / "thresholds.json"
# What a new threshold leaves above the measured count: runs differ by how steps fall together.
MARGIN = 1.15
REQUESTS, PROMPT, SHORT, LONG = 16, 32, 16, 144


class Counter:
    """Runs programs with every allocation counted."""

    def __init__(self, folder):
        self.library = folder / "allocations.so"
        self.out = folder / "counts.txt"
        subprocess.run(
            ["cc", "-O2", "-shared", "-fPIC", "-o", self.library, HERE / "allocations.c"],
            check=True)

    @property
    def environment(self):
        return os.environ | {"LD_PRELOAD": str(self.library), "ALLOCATIONS_OUT": str(self.out)}

    def take(self):
        """Calls and bytes by the name of threads, and of all together."""
        counts = {"all": [0, 0]}
        for line in self.out.read_text().splitlines():
            calls, size, name = line.split(" ", 2)
            for key in (name, "all"):
                entry = counts.setdefault(key, [0, 0])
                entry[0] += int(calls)
                entry[1] += int(size)
        self.out.unlink()
        return counts


def per_token(short, long, tokens, thread):
    """Calls and bytes that each further token cost."""
    first, second = short.get(thread, [0, 0]), long.get(thread, [0, 0])
    return [max(0.0, (b - a) / tokens) for a, b in zip(first, second)]


def engine(martlet, counter, output):
    """One batch in process; counts by thread, and the tool's own report."""
    run = subprocess.run(
        [martlet, "bench", "throughput", "--num-prompts", str(REQUESTS), "--input-len",
         str(PROMPT), "--output-len", str(output), "--json", "--log-level", "error"],
        env=counter.environment, check=True, capture_output=True, text=True)
    report = json.loads(run.stdout.splitlines()[-1])
    if report["output_tokens"] != REQUESTS * output:
        sys.exit(f"gates: {report['output_tokens']} tokens came, not {REQUESTS * output}")
    return counter.take(), report


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_until_healthy(url, server):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url + "/health", timeout=2) as response:
                if response.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.05)
    sys.exit("gates: the server did not become healthy")


def serving(martlet, counter, output):
    """The same requests over HTTP; counts of the server alone."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [martlet, "serve", "--host", "127.0.0.1", "--port", str(port), "--log-level", "error"],
        env=counter.environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    try:
        wait_until_healthy(url, server)
        run = subprocess.run(
            [martlet, "bench", "serve", "--url", url, "--num-prompts", str(REQUESTS),
             "--input-len", str(PROMPT), "--output-len", str(output), "--json"],
            check=True, capture_output=True, text=True)
        report = json.loads(run.stdout.splitlines()[-1])
        if report["failed"] or report["output_tokens"] != REQUESTS * output:
            sys.exit(f"gates: the load went wrong: {report}")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
    return counter.take()


def measure(martlet, verbose):
    tokens = REQUESTS * (LONG - SHORT)
    with tempfile.TemporaryDirectory() as folder:
        counter = Counter(Path(folder))
        short, first = engine(martlet, counter, SHORT)
        long, second = engine(martlet, counter, LONG)
        web_short = serving(martlet, counter, SHORT)
        web_long = serving(martlet, counter, LONG)
    if verbose:
        for title, (a, b) in (("engine", (short, long)), ("server", (web_short, web_long))):
            for thread in sorted(b):
                calls, size = per_token(a, b, tokens, thread)
                print(f"  {title:7} {thread:16} {calls:8.2f} calls {size:10.1f} bytes a token")
    thread = "martlet-engine"
    if thread not in long:
        sys.exit(f"gates: no thread is called {thread}; there are {sorted(long)}")
    result = {}
    for name, counts, key in (
            ("engine_thread", (short, long), thread), ("engine_process", (short, long), "all"),
            ("server_process", (web_short, web_long), "all")):
        calls, size = per_token(*counts, tokens, key)
        result[name + "_allocations_per_token"] = round(calls, 3)
        result[name + "_allocated_bytes_per_token"] = round(size, 1)
    # Sixteen sequences of one length are one batch: a step for each token, if none stand aside.
    result["steps_per_batch_token"] = round(
        (second["steps"] - first["steps"]) / (LONG - SHORT), 3)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--martlet", default=str(HERE.parent / ".build/release/martlet"))
    parser.add_argument("--update", action="store_true", help="write new thresholds")
    parser.add_argument("--verbose", action="store_true", help="show every thread")
    options = parser.parse_args()
    if not os.access(options.martlet, os.X_OK):
        sys.exit(f"gates: no program {options.martlet}; build it with "
                 "'swift build -c release --product martlet' or give --martlet")
    counts = measure(options.martlet, options.verbose)
    if options.update:
        limits = {name: float(f"{value * MARGIN:.3g}") for name, value in counts.items()}
        THRESHOLDS.write_text(json.dumps(limits, indent=4) + "\n")
    limits = json.loads(THRESHOLDS.read_text())
    failed = False
    for name in sorted(set(limits) | set(counts)):
        value, limit = counts.get(name, math.nan), limits.get(name, math.nan)
        good = value <= limit
        failed = failed or not good
        print(f"{'ok  ' if good else 'FAIL'} {name}: {value} (at most {limit})")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
