"""The log's measurements: downloads of a whole journal beside journalctl and systemd-journal-gatewayd, and their memory."""

import contextlib
import dataclasses
import os
import socket
import statistics
import subprocess
import time
import typing

import followers
import measure
from journal import HOMES, Gatewayd, log_plugins, make_journal
from servers import Daemon, BenchError, started

ENTRIES = 20_000
DOWNLOADS = 20  # over which memory must stay flat
MANY_ENTRIES = 200_000
SLOW_SECONDS = 6
SLOW_BYTES_PER_SECOND = 1_000_000
SETTLE_SECONDS = 0.5
TYPES = {"text": "text/plain", "json": "application/json"}


@dataclasses.dataclass(frozen=True)
class Download:
    """What is fetched in each round: `run` returns (seconds, CPU seconds of the server, bytes)."""

    name: str
    form: str
    run: typing.Callable


def fetch(server, path, form, token=None):
    """One download by curl, which costs both servers' clients the same."""
    arguments = ["curl", "-sS", "--fail", "--cacert", server.certificate, "-o", "/dev/null", "-w", "%{size_download}",
                 "-H", f"Accept: {TYPES[form]}"]
    if token:
        arguments += ["-H", f"Authorization: Bearer {token}"]
    pids = server.family()
    cpu = measure.cpu_total(pids)
    begin = time.perf_counter()
    done = subprocess.run(arguments + [f"https://localhost:{server.port}{path}"], capture_output=True, text=True)
    seconds = time.perf_counter() - begin
    if done.returncode:
        raise BenchError(f"{server.name} {path}: {done.stderr}{server.log()}")
    time.sleep(measure.SETTLE_SECONDS)
    return seconds, measure.cpu_total(pids) - cpu, int(done.stdout)


def run_journalctl(journal, form):
    """The same to a pipe that somebody empties."""
    arguments = ["journalctl", "--no-pager", "-q", "-D", journal, "-o", "json" if form == "json" else "short"]
    begin = time.perf_counter()
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as process:
        with subprocess.Popen(["wc", "-c"], stdin=process.stdout, stdout=subprocess.PIPE, text=True) as reader:
            process.stdout.close()
            _, status, used = os.wait4(process.pid, 0)
            size = int(reader.stdout.read())
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise BenchError("journalctl failed")
    return time.perf_counter() - begin, used.ru_utime + used.ru_stime, size


def downloads_of(daemon, gatewayd, journal, tokens):
    def ours(name, form, prefix, token):
        return Download(name, form, lambda: fetch(daemon, f"{prefix}/api/v1/logs", form, token))

    for form in TYPES:
        yield Download("journalctl", form, lambda form=form: run_journalctl(journal, form))
        yield Download("gatewayd", form, lambda form=form: fetch(gatewayd, "/entries", form))
        for home, prefix in HOMES.items():
            yield ours(home, form, prefix, tokens["admin"])
            yield ours(f"{home}, masked", form, prefix, tokens["operator"])


def ratio(rounds, of, to, which):
    return statistics.median(a[which] / b[which] for a, b in zip(rounds[of], rounds[to]))


def print_downloads(rounds):
    print(f"  {'':<24}{'ms':>8}{'CPU ms':>9}{'MB':>7}{'× journalctl':>15}{'CPU':>7}{'× gatewayd':>13}{'CPU':>7}")
    for name, form in rounds:
        seconds, cpu, size = (statistics.median(column) for column in zip(*rounds[name, form]))
        ratios = [ratio(rounds, (name, form), (peer, form), which)
                  for peer in ("journalctl", "gatewayd") for which in (0, 1)]
        print(f"  {form + ' ' + name:<24}{seconds * 1000:8.0f}{cpu * 1000:9.0f}{size / 1e6:7.1f}"
              f"{ratios[0]:15.2f}{ratios[1]:7.2f}{ratios[2]:13.2f}{ratios[3]:7.2f}")
    print("  target: text at most 1.1 × journalctl; json below 1.0 × gatewayd")


def bench_downloads(daemon, journal, directory, pair, tokens, options):
    with started(Gatewayd(directory / "gatewayd", pair, journal)) as gatewayd:
        downloads = list(downloads_of(daemon, gatewayd, journal, tokens))
        for each in downloads:
            each.run()  # warm: the page cache, and what a server puts off until its first request
        rounds = {(each.name, each.form): [] for each in downloads}
        for _ in range(options.rounds):
            for each in downloads:
                rounds[each.name, each.form].append(each.run())
    print(f"\nlogs: all of {ENTRIES:,} entries over TLS, {options.rounds} rounds of each in turn, medians; "
          "CPU of the server's processes")
    print_downloads(rounds)


def print_memory(state, daemon):
    time.sleep(SETTLE_SECONDS)
    now = measure.memory(daemon.pids()), measure.memory(daemon.children())
    print(f"  {state:<40}" + "".join(f"{one.private:12.1f}{one.anonymous:12.1f}" for one in now))


@contextlib.contextmanager
def read_slowly(server, path, token, seconds):
    """Reads a download at SLOW_BYTES_PER_SECOND for so long, and stays in the midst of it."""
    begin = time.perf_counter()
    taken = 0
    plain = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    with server.context.wrap_socket(plain, server_hostname="localhost") as secure:
        secure.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
                       f"Authorization: Bearer {token}\r\n\r\n".encode())
        while time.perf_counter() - begin < seconds:
            taken += len(secure.recv(16 * 1024))
            time.sleep(max(0, begin + taken / SLOW_BYTES_PER_SECOND - time.perf_counter()))
        yield


def bench_memory(daemon, many, tokens):
    print("\nlogs: private memory in MiB, of the daemon with the plugin on a thread and of the plugin's process; "
          "\"anonymous\"\nleaves out the files that are mapped, the journal among them while it is read\n"
          f"  {'':<40}{'daemon':>12}{'anonymous':>12}{'process':>12}{'anonymous':>12}")
    print_memory("before", daemon)
    for count in (1, DOWNLOADS - 1):
        for _ in range(count):
            for prefix in HOMES.values():
                fetch(daemon, f"{prefix}/api/v1/logs", "json", tokens["admin"])
        print_memory("after a download" if count == 1 else f"after {DOWNLOADS}", daemon)
    with started(Daemon(daemon.directory.with_name("daemon-many"), daemon.pair, daemon.build, log_plugins(many))) as other:
        token = other.log_in()
        print_memory(f"of {MANY_ENTRIES:,} entries: before", other)
        for home, prefix in HOMES.items():
            with read_slowly(other, f"{prefix}/api/v1/logs", token, SLOW_SECONDS):
                print_memory(f"{home}, after {SLOW_SECONDS} s at 1 MB/s", other)


def bench_logs(directory, pair, options):
    journal = make_journal(directory / "journal", ENTRIES)
    with started(Daemon(directory / "daemon-logs", pair, options.build, log_plugins(journal))) as daemon:
        tokens = {"admin": daemon.log_in(), "operator": daemon.log_in_as_new("operator")}
        bench_downloads(daemon, journal, directory, pair, tokens, options)
    with started(Daemon(directory / "daemon-logs-memory", pair, options.build, log_plugins(journal))) as daemon:
        bench_memory(daemon, make_journal(directory / "many", MANY_ENTRIES), {"admin": daemon.log_in()})
    followers.bench_followers(directory, pair, options)
