"""Clients that follow the log: how late a line is with them, and what a thousand of them cost."""

import contextlib
import multiprocessing
import os
import re
import select
import socket
import ssl
import subprocess
import time

import measure
from journal import HOMES, Gatewayd, LiveJournal, log_plugins
from servers import BenchError, Daemon, started

FEW = (1, 50)
CROWD = {1: 1000, 100: 300, 1000: 100}  # followers: lines that are timed; fewer lines where each takes longer
TIMED_LINES = 300
PAUSE_SECONDS = 0.005  # between two lines, so that each finds everybody waiting
LINE_SECONDS_MAX = 10
PROBE_SECONDS = 0.01  # from one probing request to the next
TICK = re.compile(rb"tick=(\d+);")


class Follower:
    """One stream of lines; not blocking once it follows."""

    def __init__(self):
        self.seen = 0
        self.rest = b""

    def receive(self):
        """Takes what has come; the number of the last tick so far. Every one must come, in order."""
        data = self.rest + self.read()
        end = 0
        for found in TICK.finditer(data):
            number, end = int(found[1]), found.end()
            if self.seen and number != self.seen + 1:
                raise BenchError(f"a follower got line {number} after line {self.seen}")
            self.seen = number
        self.rest = data[max(end, len(data) - 64):]
        return self.seen


class TlsFollower(Follower):
    def __init__(self, server, path, headers):
        super().__init__()
        plain = socket.create_connection(("127.0.0.1", server.port), timeout=30)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = server.context.wrap_socket(plain, server_hostname="localhost")
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.stream.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode())
        first = self.stream.recv(16 * 1024)
        if not first.startswith(b"HTTP/1.1 200 "):
            raise BenchError(f"{server.name} refused a follower: {first[:200]!r}\n{server.log()}")
        self.rest = first
        self.stream.setblocking(False)

    def fileno(self):
        return self.stream.fileno()

    def read(self):
        data = b""
        with contextlib.suppress(ssl.SSLWantReadError):
            data = self.stream.recv(16 * 1024)
            if not data:
                raise BenchError("a follower's connection was closed")
            while self.stream.pending():
                data += self.stream.recv(16 * 1024)
        return data

    def close(self):
        self.stream.close()


class JournalctlFollower(Follower):
    def __init__(self, journal):
        super().__init__()
        self.process = subprocess.Popen(["journalctl", "-q", "-f", "-D", journal, "-o", "cat"], stdout=subprocess.PIPE)

    def fileno(self):
        return self.process.stdout.fileno()

    def read(self):
        return os.read(self.fileno(), 16 * 1024)

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Followers:
    """Any number of them, and the journal that they all follow."""

    def __init__(self, live):
        self.live = live
        self.each = {}
        self.poll = select.epoll()

    def add(self, follower):
        """Returns when it has read what was before, so that the next one does not find a crowd of readers."""
        self.each[follower.fileno()] = follower
        self.poll.register(follower.fileno(), select.EPOLLIN)
        if follower.receive() < self.live.ticks:
            self.wait_for(self.live.ticks, {follower})

    def publish(self):
        """Appends a line and waits until everybody has it: seconds from its writing to each arrival."""
        begin = time.perf_counter()
        return self.wait_for(self.live.tick(), set(self.each.values()), begin)

    def wait_for(self, number, waited_for, begin=None):
        begin = begin or time.perf_counter()
        arrivals = []
        while waited_for:
            ready = self.poll.poll(1)
            for descriptor, _ in ready:
                follower = self.each[descriptor]
                if follower.receive() == number and follower in waited_for:
                    waited_for.remove(follower)
                    arrivals.append(time.perf_counter() - begin)
            if time.perf_counter() - begin > LINE_SECONDS_MAX:
                raise BenchError(f"{len(waited_for)} of {len(self.each)} followers did not get line {number}")
        return arrivals

    def publish_many(self, count):
        rounds = []
        for _ in range(count):
            rounds.append(self.publish())
            time.sleep(PAUSE_SECONDS)
        return rounds

    def close(self):
        self.poll.close()
        for follower in self.each.values():
            follower.close()
        self.each.clear()


def quantile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def milliseconds_of(values):
    return "".join(f"{quantile(values, part) * 1000:9.2f}" for part in (0.5, 0.99, 1))


@contextlib.contextmanager
def following(live, count, make):
    everybody = Followers(live)
    try:
        for _ in range(count):
            everybody.add(make())
        everybody.publish()  # all of them follow
        yield everybody
    finally:
        everybody.close()


def bench_latency(live, daemon, gatewayd, headers):
    makers = {
        "journalctl -f": (lambda: JournalctlFollower(live.directory), (1,)),
        "gatewayd": (lambda: TlsFollower(gatewayd, "/entries?follow", {"Accept": "text/plain"}), FEW),
        "thread": (lambda: TlsFollower(daemon, "/api/v1/logs?follow", headers), FEW),
        "process": (lambda: TlsFollower(daemon, "/boxed/api/v1/logs?follow", headers), FEW),
    }
    print(f"\nlogs: from writing an entry to its arrival at each follower, {TIMED_LINES} lines, text over TLS, ms\n"
          f"  {'':<16}{'followers':>10}{'p50':>9}{'p99':>9}{'max':>9}")
    for name, (make, counts) in makers.items():
        for count in counts:
            with following(live, count, make) as everybody:
                arrivals = [one for line in everybody.publish_many(TIMED_LINES) for one in line]
            print(f"  {name:<16}{count:10}{milliseconds_of(arrivals)}")


def probe(server, token, stop, results):
    """Asks every PROBE_SECONDS, on one connection; a late request counts from when it was due."""
    request = f"GET /api/auth/check HTTP/1.1\r\nHost: localhost\r\nCookie: auth_token={token}\r\n\r\n".encode()
    plain = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    seconds = []
    with server.context.wrap_socket(plain, server_hostname="localhost") as secure:
        due = time.perf_counter()
        while not stop.is_set():
            time.sleep(max(0, due - time.perf_counter()))
            secure.sendall(request)
            if not secure.recv(16 * 1024).startswith(b"HTTP/1.1 200 "):
                raise BenchError("the probe was refused")
            seconds.append(time.perf_counter() - due)
            due = max(due + PROBE_SECONDS, time.perf_counter())
    results.put(seconds)


@contextlib.contextmanager
def probed(server, token):
    """A process of its own that asks meanwhile; the list holds its latencies afterwards."""
    stop, results, seconds = multiprocessing.Event(), multiprocessing.Queue(), []
    process = multiprocessing.Process(target=probe, args=(server, token, stop, results), daemon=True)
    process.start()
    try:
        yield seconds
    finally:
        stop.set()
        seconds += results.get(timeout=LINE_SECONDS_MAX)
        process.join()


def time_crowd(everybody, count, daemon, pids, token):
    lines = CROWD[count]
    before = measure.cpu_total(pids)
    last = [max(line) for line in everybody.publish_many(lines)]
    cpu_us = (measure.cpu_total(pids) - before) / lines * 1e6
    with probed(daemon, token) as asked:
        everybody.publish_many(lines)
    return cpu_us, last, asked


def bench_crowd(live, daemon, token, home, prefix):
    headers = {"Authorization": f"Bearer {token}"}
    pids = daemon.pids() if home == "thread" else daemon.family()
    before = measure.memory(daemon.pids())
    everybody = Followers(live)
    try:
        for count in CROWD:
            while len(everybody.each) < count:
                everybody.add(TlsFollower(daemon, f"{prefix}/api/v1/logs?follow", headers))
            everybody.publish()
            cpu_us, last, asked = time_crowd(everybody, count, daemon, pids, token)
            print(f"  {home:<10}{count:10,}{cpu_us:14.0f}{cpu_us / count:14.1f}{milliseconds_of(last)}"
                  f"  {milliseconds_of(asked)}")
        after = measure.memory(daemon.pids())
        print(f"  {home}: {(after.private - before.private) * 1024 / count:.1f} KiB of the daemon's private memory "
              "a follower; every line came to everybody, in order")
    finally:
        everybody.close()


def bench_followers(directory, pair, options):
    measure.allow_open_files(3 * max(CROWD))
    with LiveJournal(directory / "live") as live:
        with (started(Daemon(directory / "daemon-live", pair, options.build, log_plugins(live.directory))) as daemon,
              started(Gatewayd(directory / "gatewayd-live", pair, live.directory)) as gatewayd):
            bench_latency(live, daemon, gatewayd, {"Authorization": f"Bearer {daemon.log_in()}"})
    print(f"\nlogs: followers over TLS, one line at a time; ms until the last follower has it, and of GET "
          f"/api/auth/check meanwhile\n  {'':<10}{'followers':>10}{'CPU µs/line':>14}{'a follower':>14}"
          f"{'p50':>9}{'p99':>9}{'max':>9}  {'p50':>9}{'p99':>9}{'max':>9}")
    for home, prefix in HOMES.items():
        with LiveJournal(directory / f"live-{home}") as live:  # a new one, so that both have as much to read at first
            plugins = log_plugins(live.directory)
            with started(Daemon(directory / f"daemon-crowd-{home}", pair, options.build, plugins)) as daemon:
                bench_crowd(live, daemon, daemon.log_in(), home, prefix)
