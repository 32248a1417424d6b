"""What an honest client waits while others send as fast as they can: the daemon on one processor, beside nginx."""

import contextlib
import os
import statistics
import subprocess
import time

from journal import LiveJournal, log_plugins
from servers import Daemon, Nginx, started

CONNECTIONS = 64
PATH = "/api/auth/check"
PAUSE_SECONDS = 0.005  # between two requests
SETTLE_SECONDS = 1
KINDS = {"requests": "pipelined requests", "records": "TLS records of one byte", "chunks": "chunks of one byte",
         "key-updates": "TLS records without data", "pings": "WebSocket pings, logged in"}
WITH_NGINX = ("requests", "records", "chunks", "key-updates")


@contextlib.contextmanager
def on_processor(number):
    """This process and what it starts meanwhile."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {number})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextlib.contextmanager
def hostile(build, kind, port, token):
    program = build / "tests" / "bench" / "bench_hostile"
    process = subprocess.Popen(["nice", "-n", "19", program, kind, str(port), str(CONNECTIONS), token])
    try:
        time.sleep(SETTLE_SECONDS)
        yield
    finally:
        process.kill()
        process.wait()


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def latencies_ms(server, headers, seconds):
    """Of requests on one connection, and of requests with a connection of their own."""
    kept, fresh = [], []
    connection = server.keep_open()
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for values, ask in ((kept, lambda: server.ask_on(connection, PATH, headers)),
                            (fresh, lambda: server.request("GET", PATH, headers))):
            begin = time.perf_counter()
            ask()
            values.append((time.perf_counter() - begin) * 1000)
            time.sleep(PAUSE_SECONDS)
    connection.close()
    return kept, fresh


def print_row(name, kept, fresh):
    columns = "".join(f"{statistics.median(one):10.1f}{percentile(one, 0.9):8.1f}{percentile(one, 0.99):8.1f}"
                      for one in (kept, fresh))
    print(f"  {name:<26}{columns}{len(kept) + len(fresh):10}")


def bench_fairness(directory, pair, options):
    journal = directory / "fairness-journal"
    with on_processor(0), LiveJournal(journal), \
            started(Daemon(directory / "daemon-fairness", pair, options.build, log_plugins(journal))) as daemon, \
            started(Nginx(directory / "nginx-fairness", pair, {PATH: 36, "/api/auth/login": 36})) as nginx:
        token = daemon.log_in()
        os.sched_setaffinity(0, {1})
        print(f"\nfairness: GET {PATH} while {CONNECTIONS} connections send as fast as they can, ms; the server has "
              f"one processor\n  {'':<26}{'kept: p50':>10}{'p90':>8}{'p99':>8}{'new: p50':>10}{'p90':>8}{'p99':>8}"
              f"{'requests':>10}")
        for kind, title in KINDS.items():
            print(f"  {title}")
            for server in ((nginx, daemon) if kind in WITH_NGINX else (daemon,)):
                with hostile(options.build, kind, server.port, token):
                    print_row("  " + server.name, *latencies_ms(server, {"Cookie": f"auth_token={token}"},
                                                               options.rounds * options.seconds))
        print("  target: p99 at most 50 ms")
