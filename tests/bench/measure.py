"""What is read off a server process from outside: CPU time, memory, and what wrk and idle connections make of them."""

import contextlib
import dataclasses
import os
import re
import resource
import socket
import subprocess
import time

from servers import BenchError

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
SETTLE_SECONDS = 0.2  # for a server to see that the clients have gone


def cpu_seconds(pid):
    """(user, system) seconds of all threads of a process so far, proc(5)."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        fields = file.read().rpartition(")")[2].split()
    return int(fields[11]) / TICKS_PER_SECOND, int(fields[12]) / TICKS_PER_SECOND


def cpu_total(pids):
    """Seconds of these processes together, in the kernel too."""
    return sum(sum(cpu_seconds(pid)) for pid in pids)


@dataclasses.dataclass
class Memory:
    """MiB; private is Private_Clean + Private_Dirty of smaps_rollup, anonymous what is not of files."""

    private: float
    rss: float
    anonymous: float


def memory(pids):
    """Of these processes together."""
    totals = {}
    for pid in pids:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii", errors="replace") as file:
            for name, kib in re.findall(r"^(\w+): +(\d+) kB$", file.read(), re.MULTILINE):
                totals[name] = totals.get(name, 0) + int(kib) / 1024
    return Memory(totals["Private_Clean"] + totals["Private_Dirty"], totals["Rss"], totals["Anonymous"])


@dataclasses.dataclass
class Load:
    """CPU in µs per request; the 32 TLS handshakes of a round are in it, for both servers alike."""

    user: float
    system: float
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    requests: int = 0

    @property
    def cpu(self):
        return self.user + self.system


def load(server, path, headers, seconds, script=None, connections=32, pids=None):
    """One round of wrk over keep-alive TLS. script: a file in wrk's Lua that makes the requests. pids: whose CPU counts."""
    arguments = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    if script:
        arguments += ["-s", str(script)]
    for name, value in headers.items():
        arguments += ["-H", f"{name}: {value}"]
    pids = pids or server.pids()[-1:]
    user_before, system_before = map(sum, zip(*map(cpu_seconds, pids)))
    done = subprocess.run(arguments + [f"https://127.0.0.1:{server.port}{path}"], capture_output=True, text=True)
    time.sleep(SETTLE_SECONDS)
    user_after, system_after = map(sum, zip(*map(cpu_seconds, pids)))

    served = re.search(r"(\d+) requests in", done.stdout)
    rate = re.search(r"Requests/sec: +([\d.]+)", done.stdout)
    p50, p99 = (re.search(rf"{part}% +([\d.]+)(us|ms|s|m)\b", done.stdout) for part in (50, 99))
    if done.returncode or not (served and rate and p50 and p99) or re.search("Non-2xx|Socket errors", done.stdout):
        raise BenchError(f"wrk on {server.name} {path} failed:\n{done.stdout}{done.stderr}{server.log()}")
    requests = int(served[1])
    return Load((user_after - user_before) * 1e6 / requests, (system_after - system_before) * 1e6 / requests,
                float(rate[1]), milliseconds(p50), milliseconds(p99), requests)


def milliseconds(found):
    return float(found[1]) * {"us": 1e-3, "ms": 1, "s": 1e3, "m": 6e4}[found[2]]


def allow_open_files(count):
    """For this process and the servers it starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        raise BenchError(f"{count} open files are needed, and this user may have {hard} (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))


@contextlib.contextmanager
def idle_connections(server, count, path, headers):
    """Keeps `count` TLS connections open, each after one answered request."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode()
    with contextlib.ExitStack() as open_sockets:
        for number in range(count):
            plain = socket.create_connection(("127.0.0.1", server.port), timeout=30)
            secure = open_sockets.enter_context(server.context.wrap_socket(plain, server_hostname="localhost"))
            secure.sendall(request)
            if not secure.recv(4096).startswith(b"HTTP/1.1 200 "):
                raise BenchError(f"{server.name} refused idle connection {number + 1} of {count}:\n{server.log()}")
        yield
