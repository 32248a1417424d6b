"""The benchmark behind `./dev bench`: the daemon beside nginx, in turn, on this machine. README.md says how and why."""

import argparse
import dataclasses
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import fairness
import logs
import measure
from servers import BenchError, Daemon, Nginx, make_certificate, started

IDLE_CONNECTIONS = 1000
SESSIONS = 100_000  # S-27
IDLE_SECONDS = 1  # after a start, for what a server puts off until then
KVM_INFO = {"kvm-info": {}}
HELLO = {"hello": {"isolation": "thread"}}


@dataclasses.dataclass(frozen=True)
class Request:
    name: str
    title: str
    path: str
    credential: str  # cookie, bearer (the same 64 digits) or jwt (of Gravwell's door)
    ratio_max: float  # target: CPU per request, as a multiple of nginx's

    def headers(self, tokens):
        if self.credential == "cookie":
            return {"Cookie": f"auth_token={tokens['hex']}"}
        return {"Authorization": f"Bearer {tokens['jwt' if self.credential == 'jwt' else 'hex']}"}


REQUESTS = (
    Request("check", "GET /api/auth/check, session cookie", "/api/auth/check", "cookie", 1.0),
    Request("bearer", "GET /api/auth/check, bearer", "/api/auth/check", "bearer", 1.0),
    Request("jwt", "GET /api/auth/check, JWT", "/api/auth/check", "jwt", 1.0),
    Request("info", "GET /api/info, from the host's fresh copy", "/api/info", "cookie", 1.2),
    Request("plugin", "GET /api/hello, a plugin's thread each time", "/api/hello", "cookie", 1.6),
)
CASES = tuple(request.name for request in REQUESTS) + ("process", "items", "start", "memory", "logins", "logs", "fairness")


def body_sizes(daemon, requests, token):
    sizes = {}
    for request in requests:
        status, _, body = daemon.request("GET", request.path, request.headers(token))
        if status != 200:
            raise BenchError(f"{request.path} was answered {status} {body[:200]!r}")
        sizes[request.path] = len(body)
    return sizes


def median_load(rounds):
    return measure.Load(*(statistics.median(getattr(one, field.name) for one in rounds)
                          for field in dataclasses.fields(measure.Load)))


def print_load(name, rounds):
    one = median_load(rounds)
    cpu = statistics.median(each.cpu for each in rounds)
    print(f"  {name:<12}{cpu:12.1f}{one.user:8.1f}{one.system:8.1f}{one.requests_per_second:14,.0f}{one.p99_ms:10.2f}")


def bench_request(request, nginx, daemon, token, size, options):
    pairs = []
    for _ in range(options.rounds):
        pairs.append([measure.load(server, request.path, request.headers(token), options.seconds)
                      for server in (nginx, daemon)])
    ratios = sorted(ours.cpu / theirs.cpu for theirs, ours in pairs)
    print(f"\n{request.name}: {request.title}, {size} bytes")
    print(f"  {'':<12}{'CPU µs/req':>12}{'user':>8}{'system':>8}{'requests/s':>14}{'p99 ms':>10}")
    print_load(nginx.name, [theirs for theirs, _ in pairs])
    print_load(daemon.name, [ours for _, ours in pairs])
    print(f"  ratio {statistics.median(ratios):.2f} × nginx, in the rounds {ratios[0]:.2f} to {ratios[-1]:.2f}; "
          f"target at most {request.ratio_max:.1f}")


def bench_requests(requests, directory, pair, options):
    with started(Daemon(directory / "daemon", pair, options.build, KVM_INFO | HELLO)) as daemon:
        token = {"hex": daemon.log_in(), "jwt": daemon.log_in_for_jwt()}
        sizes = body_sizes(daemon, requests, token)
        with started(Nginx(directory / "nginx", pair, sizes)) as nginx:
            print(f"\nKeep-alive TLS, wrk with one thread and 32 connections, {options.rounds} rounds of "
                  f"{options.seconds} s for each in turn, medians.\n"
                  f"nginx: {nginx.cipher()}; backplaned: {daemon.cipher()}; no access log.")
            for request in requests:
                bench_request(request, nginx, daemon, token, sizes[request.path], options)


def bench_process(directory, pair, options):
    """The same plugin on a thread and in a process of its own, side by side in one daemon."""
    plugins = {"hello": {"isolation": "thread"}, "boxed": {"plugin": "hello", "mount": "/boxed", "isolation": "process"}}
    with started(Daemon(directory / "daemon-process", pair, options.build, plugins)) as daemon:
        headers = {"Cookie": f"auth_token={daemon.log_in()}"}
        homes = {"thread": "/api/hello", "process": "/boxed/api/hello"}
        print(f"\nprocess: GET /api/hello on a plugin's thread and in its process, {options.rounds} rounds of each in turn\n"
              f"  {'':<12}{'CPU µs/req':>12}{'requests/s':>12}{'p99 ms':>9}{'alone: µs/req':>16}{'p50 µs':>9}{'p99 µs':>9}")
        rounds = {home: [] for home in homes}
        for _ in range(options.rounds):
            for home, path in homes.items():
                rounds[home].append([measure.load(daemon, path, headers, options.seconds, connections=connections,
                                                  pids=daemon.family()) for connections in (32, 1)])
        for home, pairs in rounds.items():
            many, one = (median_load([pair[which] for pair in pairs]) for which in (0, 1))
            print(f"  {home:<12}{many.cpu:12.1f}{many.requests_per_second:12,.0f}{many.p99_ms:9.2f}"
                  f"{one.cpu:16.1f}{one.p50_ms * 1000:9.0f}{one.p99_ms * 1000:9.0f}")
        for pid in daemon.children():
            now = measure.memory([pid])
            print(f"  the process: {now.private:.1f} MiB private, RSS {now.rss:.1f}; target at most 3 MiB private")


def bench_items(options):
    print()
    subprocess.run([options.build / "tests" / "bench" / "bench_items"], check=True)


def bench_start(directory, pair, options):
    nginx = Nginx(directory / "nginx-start", pair, {})
    daemon = Daemon(directory / "daemon-start", pair, options.build, KVM_INFO)
    with started(daemon):
        pass  # the first start of all makes keys and hashes a password
    times = {nginx: [], daemon: []}
    for _ in range(options.starts):
        for server, seconds in times.items():
            try:
                seconds.append(server.start() * 1000)
            finally:
                server.stop()
    print(f"\nstart: exec to the first TLS answer, {options.starts} starts each in turn, ms")
    for server, ms in times.items():
        print(f"  {server.name:<12}median {statistics.median(ms):6.1f}, {min(ms):.1f} to {max(ms):.1f}")
    print("  target at most 60")


def print_memory(name, state, server):
    now = measure.memory(server.pids())
    print(f"  {name:<12}{state:<36}{now.private:10.1f}{now.rss:8.1f}")
    return now


def bench_memory(directory, pair, options):
    print(f"\nmemory, MiB; nginx: master and worker; backplaned: with kvm-info\n  {'':<48}{'private':>10}{'RSS':>8}")
    measure.allow_open_files(IDLE_CONNECTIONS + 256)
    with started(Nginx(directory / "nginx-memory", pair, {})) as nginx:
        time.sleep(IDLE_SECONDS)
        print_memory(nginx.name, "idle", nginx)
        with measure.idle_connections(nginx, IDLE_CONNECTIONS, "/", {}):
            print_memory(nginx.name, f"{IDLE_CONNECTIONS:,} idle connections", nginx)
    daemon = Daemon(directory / "daemon-memory", pair, options.build, KVM_INFO)
    with started(daemon):
        pass
    with started(daemon):
        time.sleep(IDLE_SECONDS)
        print_memory(daemon.name, "idle", daemon)
        headers = {"Cookie": f"auth_token={daemon.log_in()}"}
        before = print_memory(daemon.name, "idle after a login", daemon)
        with measure.idle_connections(daemon, IDLE_CONNECTIONS, "/api/auth/check", headers):
            after = print_memory(daemon.name, f"{IDLE_CONNECTIONS:,} idle connections, logged in", daemon)
        print(f"  {(after.private - before.private) * 1024 / IDLE_CONNECTIONS:.1f} KiB a connection; "
              "target at most 6 MiB private when idle")


def bench_logins(directory, pair, options):
    """Logins over keep-alive TLS with one password, whose argon2 is remembered for a minute: what a session costs."""
    daemon = Daemon(directory / "daemon-logins", pair, options.build, KVM_INFO)
    with started(daemon):
        script = directory / "login.lua"
        script.write_text(f"""wrk.method = "POST"
wrk.body = "user=admin&passwd={daemon.password}"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
""")
        measure.load(daemon, "/api/auth/login", {}, 2, script)  # warm: the caps of sessions and audit are reached
        before = measure.memory(daemon.pids())
        made = 0
        rounds = []
        while made < SESSIONS:
            rounds.append(measure.load(daemon, "/api/auth/login", {}, options.seconds, script))
            made += rounds[-1].requests
        after = measure.memory(daemon.pids())
        one = median_load(rounds)
        size = sum(file.stat().st_size for file in (daemon.directory / "state").glob("backplane.db*"))
        print(f"\nlogins: POST /api/auth/login, {made:,} sessions made and, beyond 64, ended\n"
              f"  {one.requests_per_second:,.0f} logins/s, {one.cpu:.0f} CPU µs each, p99 {one.p99_ms:.1f} ms\n"
              f"  private memory {before.private:.1f} MiB before, {after.private:.1f} after; RSS {before.rss:.1f}, "
              f"{after.rss:.1f}; the store {size // 1024:,} KiB\n  target: less than 1 MiB of growth")


def parse_options():
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measures the daemon with nginx beside it.")
    parser.add_argument("cases", nargs="*", metavar="case", help="of " + ", ".join(CASES) + "; all of them by default")
    parser.add_argument("--build", type=pathlib.Path, default="build/release", help="build folder of the daemon")
    parser.add_argument("--rounds", type=int, default=5, help="of load on each server (default 5)")
    parser.add_argument("--seconds", type=int, default=3, help="of load in a round (default 3)")
    parser.add_argument("--starts", type=int, default=10, help="of each server (default 10)")
    options = parser.parse_args()
    unknown = set(options.cases) - set(CASES)
    if unknown:
        parser.error(f"no case {', '.join(sorted(unknown))}; there are {', '.join(CASES)}")
    if min(options.rounds, options.seconds, options.starts) < 1:
        parser.error("--rounds, --seconds and --starts are at least 1")
    options.cases = options.cases or list(CASES)
    options.build = options.build.resolve()
    return options


def run(options):
    busy = os.getloadavg()[0]
    print(f"{os.cpu_count()} processors, load average {busy:.1f}"
          + (": other programs are running, so trust ratios only" if busy > 0.5 else ""))
    with tempfile.TemporaryDirectory(prefix="backplane-bench-") as name:
        directory = pathlib.Path(name)
        pair = make_certificate(directory)
        requests = [request for request in REQUESTS if request.name in options.cases]
        if requests:
            bench_requests(requests, directory, pair, options)
        if "process" in options.cases:
            bench_process(directory, pair, options)
        if "items" in options.cases:
            bench_items(options)
        if "start" in options.cases:
            bench_start(directory, pair, options)
        if "memory" in options.cases:
            bench_memory(directory, pair, options)
        if "logins" in options.cases:
            bench_logins(directory, pair, options)
        if "logs" in options.cases:
            logs.bench_logs(directory, pair, options)
        if "fairness" in options.cases:
            fairness.bench_fairness(directory, pair, options)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped on the way out
    options = parse_options()
    try:
        run(options)
    except (BenchError, OSError) as problem:
        sys.exit(f"bench: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
