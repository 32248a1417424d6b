"""The journals that the log's measurements read, and systemd-journal-gatewayd, which serves them beside the daemon."""

import subprocess
import time

from servers import BenchError, Server

JOURNAL_REMOTE = "/lib/systemd/systemd-journal-remote"
GATEWAYD = "/lib/systemd/systemd-journal-gatewayd"
BOOT = "22acfd419e004c7280ebe1413533a651"
SECRET_EVERY = 100  # entries, of which one holds what the masks look for
START_SECONDS_MAX = 10
HOMES = {"thread": "", "process": "/boxed"}  # of the plugin, and where its routes are

# What journald stores with a line that a service has printed: 25 fields with the message and the times.
FIELDS = f"""_BOOT_ID={BOOT}
PRIORITY=6
SYSLOG_FACILITY=3
SYSLOG_IDENTIFIER=cgminer
_TRANSPORT=stdout
_STREAM_ID=0123456789abcdef0123456789abcdec
_PID=231
_UID=0
_GID=0
_COMM=cgminer
_EXE=/usr/bin/cgminer
_CMDLINE=/usr/bin/cgminer -c /etc/cgminer.conf --api-listen
_CAP_EFFECTIVE=1ffffffffff
_SELINUX_CONTEXT=unconfined
_SYSTEMD_CGROUP=/system.slice/cgminer.service
_SYSTEMD_UNIT=cgminer.service
_SYSTEMD_SLICE=system.slice
_SYSTEMD_INVOCATION_ID=0123456789abcdef0123456789abcdee
_MACHINE_ID=0123456789abcdef0123456789abcdef
_HOSTNAME=miner
_RUNTIME_SCOPE=system
"""


def message_of(number):
    if number % SECRET_EVERY == 0:
        return f"pool {number % 3} login: user=worker.{number} password=hunter{number}"
    return f"Accepted {number * 7919 % 2**32:08x} Diff {128 + number % 900}/64 BM1 {number % 63} pool {number % 3}"


def entry_of(message, realtime_us, monotonic_us):
    """One entry in the journal export format."""
    return (f"__REALTIME_TIMESTAMP={realtime_us}\n__MONOTONIC_TIMESTAMP={monotonic_us}\n{FIELDS}"
            f"_SOURCE_REALTIME_TIMESTAMP={realtime_us - 40}\nMESSAGE={message}\n\n")


def make_journal(directory, count):
    """A folder with a journal of so many entries."""
    directory.mkdir()
    begin_us = time.time_ns() // 1000 - count * 1000
    exported = directory.with_suffix(".export")
    with open(exported, "w", encoding="ascii") as file:
        file.writelines(entry_of(message_of(i), begin_us + i * 1000, (i + 1) * 1000) for i in range(count))
    done = subprocess.run([JOURNAL_REMOTE, "-o", directory / "made.journal", exported], capture_output=True, text=True)
    exported.unlink()
    if done.returncode:
        raise BenchError(f"{JOURNAL_REMOTE} made no journal:\n{done.stderr}")
    return directory


def log_plugins(directory):
    """The same plugin in both homes, side by side in one daemon."""
    config = {"directory": str(directory)}
    return {"log-stream": {"isolation": "thread", "config": config},
            "boxed": {"plugin": "log-stream", "mount": "/boxed", "isolation": "process", "config": config}}


class LiveJournal:
    """A folder with a journal that grows: journal-remote takes entries from a pipe and tells its readers at once."""

    def __init__(self, directory):
        self.directory = directory
        self.ticks = 0
        directory.mkdir()

    def __enter__(self):
        file = self.directory / "live.journal"
        self.process = subprocess.Popen([JOURNAL_REMOTE, "-o", file, "-"], stdin=subprocess.PIPE,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.tick()
        give_up = time.perf_counter() + START_SECONDS_MAX
        while not file.exists():
            if self.process.poll() is not None or time.perf_counter() > give_up:
                raise BenchError(f"{JOURNAL_REMOTE} made no {file}")
            time.sleep(0.01)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def tick(self):
        """Appends the next entry, "tick=<number>;", and returns its number."""
        self.ticks += 1
        entry = entry_of(f"tick={self.ticks}; Accepted 0badcafe Diff 128/64 BM1 5 pool 0", time.time_ns() // 1000,
                         time.monotonic_ns() // 1000)
        self.process.stdin.write(entry.encode())
        self.process.stdin.flush()
        return self.ticks


class Gatewayd(Server):
    """systemd-journal-gatewayd over TLS; it listens on all addresses unless its socket is made for it."""

    def __init__(self, directory, pair, journal):
        super().__init__("gatewayd", directory, pair[0])
        self.pair = pair
        self.journal = journal

    def arguments(self):
        return ["systemd-socket-activate", "-l", f"127.0.0.1:{self.port}", GATEWAYD, f"--cert={self.pair[0]}",
                f"--key={self.pair[1]}", "-D", self.journal]
