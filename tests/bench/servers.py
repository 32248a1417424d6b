"""The two servers that are compared, nginx and the daemon, each a child process on a free port of 127.0.0.1."""

import contextlib
import http.client
import json
import random
import re
import socket
import ssl
import subprocess
import time
import urllib.parse

START_SECONDS_MAX = 30  # the first start of the daemon hashes a password and makes its keys
STOP_SECONDS_MAX = 15
PORTS = range(15_000, 32_000)  # below those that the connections of a thousand clients are made from
NGINX_TEXT_BYTES_MAX = 2048  # nginx takes less than 4096 bytes of configuration as one word


class BenchError(Exception):
    """What a person reads when a measurement cannot be made."""


def make_certificate(directory):
    """A self-signed P-256 pair for both servers: (certificate, key)."""
    certificate, key = directory / "cert.pem", directory / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "7",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-out", certificate, "-keyout", key],
        check=True, stderr=subprocess.DEVNULL)
    return certificate, key


def free_port():
    while True:
        with socket.socket() as listener, contextlib.suppress(OSError):
            port = random.choice(PORTS)
            listener.bind(("127.0.0.1", port))
            return port


def client_context(certificate):
    return ssl.create_default_context(cafile=str(certificate))


@contextlib.contextmanager
def started(server):
    try:
        server.start()
        yield server
    finally:
        server.stop()


class Server:
    """A child process that serves TLS. stop() ends it and may be called at any time, also twice."""

    def __init__(self, name, directory, certificate):
        self.name = name
        self.directory = directory
        self.port = free_port()
        self.certificate = certificate
        self.context = client_context(certificate)
        self.process = None
        directory.mkdir()

    def arguments(self):
        raise NotImplementedError

    def start(self):
        """Seconds from exec to the first byte of an answer over TLS."""
        with open(self.directory / "stdout", "wb") as out, open(self.directory / "stderr", "wb") as errors:
            started = time.perf_counter()
            self.process = subprocess.Popen(self.arguments(), stdin=subprocess.DEVNULL, stdout=out, stderr=errors)
        while not self._answers():
            if self.process.poll() is not None:
                raise BenchError(f"{self.name} ended at its start (exit {self.process.returncode}):\n{self.log()}")
            if time.perf_counter() - started > START_SECONDS_MAX:
                raise BenchError(f"{self.name} does not answer on 127.0.0.1:{self.port}:\n{self.log()}")
            time.sleep(0.0005)
        return time.perf_counter() - started

    def _answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=START_SECONDS_MAX) as plain:
                with self.context.wrap_socket(plain, server_hostname="localhost") as secure:
                    secure.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    return secure.recv(1) == b"H"
        except ConnectionError:
            return False

    def stop(self):
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def log(self):
        texts = [(self.directory / name).read_text(errors="replace") for name in ("stdout", "stderr")]
        return "".join(texts)[-4000:]

    def pids(self):
        return [self.process.pid]

    def children(self):
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as file:
            return [int(pid) for pid in file.read().split()]

    def family(self):
        return self.pids() + self.children()

    def request(self, method, path, headers=None, body=None):
        """(status, headers, body) of one request on a connection of its own."""
        connection = http.client.HTTPSConnection("localhost", self.port, context=self.context, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def keep_open(self):
        """A connection for ask_on()."""
        return http.client.HTTPSConnection("localhost", self.port, context=self.context, timeout=30)

    @staticmethod
    def ask_on(connection, path, headers):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    def cipher(self):
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as plain:
            with self.context.wrap_socket(plain, server_hostname="localhost") as secure:
                return f"{secure.version()} {secure.cipher()[0]}"


class Nginx(Server):
    """nginx with one worker and no access log. bodies: path -> size of the body that `return 200` sends there."""

    def __init__(self, directory, pair, bodies):
        super().__init__("nginx", directory, pair[0])
        self.pair = pair
        self.bodies = bodies

    def arguments(self):
        (self.directory / "nginx.conf").write_text(self._configuration())
        return ["/usr/sbin/nginx", "-p", str(self.directory), "-c", "nginx.conf", "-e", "stderr"]

    def _configuration(self):
        temporary = "".join(f"  {part}_temp_path {part};\n" for part in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        locations = "".join(self._location(path, size) for path, size in self.bodies.items())
        return f"""daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr warn;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  default_type application/json;
{temporary}  server {{
    listen 127.0.0.1:{self.port} ssl;
    ssl_certificate {self.pair[0]};
    ssl_certificate_key {self.pair[1]};
    ssl_protocols TLSv1.2 TLSv1.3;
    location / {{ return 200 ''; }}
{locations}  }}
}}
"""

    @staticmethod
    def _location(path, size):
        pieces = [min(NGINX_TEXT_BYTES_MAX, size - start) for start in range(0, size, NGINX_TEXT_BYTES_MAX)]
        if len(pieces) <= 1:
            return f"    location = {path} {{ return 200 '{'x' * size}'; }}\n"
        sets = "".join(f"set $piece{number} '{'x' * piece}'; " for number, piece in enumerate(pieces))
        whole = "".join(f"$piece{number}" for number in range(len(pieces)))
        return f"    location = {path} {{ {sets}return 200 {whole}; }}\n"

    def pids(self):
        """The master, then its worker."""
        workers = self.children()
        if len(workers) != 1:
            raise BenchError(f"nginx has {len(workers)} workers, not 1:\n{self.log()}")
        return [self.process.pid, workers[0]]


class Daemon(Server):
    """The daemon without access log. plugins: instance -> its YAML entry. The state directory is kept over restarts."""

    def __init__(self, directory, pair, build, plugins):
        super().__init__("backplaned", directory, pair[0])
        self.pair = pair
        self.build = build
        self.plugins = plugins
        self.binary = build / "host" / "backplaned"
        if not self.binary.exists():
            raise BenchError(f"{self.binary} is not there; ./dev bench builds it")
        self.password = None

    def arguments(self):
        certificate, key = (json.dumps(str(file)) for file in self.pair)  # JSON is YAML, and quotes what needs it
        (self.directory / "backplane.yaml").write_text(f"""listen:
  - {{ address: "127.0.0.1", port: {self.port}, tls: {{ certificate: {certificate}, private_key: {key} }} }}
log: {{ level: warning, access: off }}
plugin_dirs: [{json.dumps(str(self.build / "plugins"))}]
plugins: {json.dumps(self.plugins)}
""")
        return [self.binary, "--config", self.directory / "backplane.yaml", "--state-dir", self.directory / "state"]

    def start(self):
        seconds = super().start()
        if self.password is None:
            found = re.search(r"^admin password: (\S+)$", (self.directory / "stdout").read_text(), re.MULTILINE)
            if not found:
                raise BenchError(f"the first start of {self.binary} printed no admin password:\n{self.log()}")
            self.password = found[1]
        return seconds

    def log_in_for_jwt(self):
        """A JWT of the admin."""
        form = urllib.parse.urlencode({"User": "admin", "Pass": self.password})
        status, _, body = self.request("POST", "/api/login", {"Content-Type": "application/x-www-form-urlencoded"}, form)
        if status != 200:
            raise BenchError(f"login was answered {status} {body!r}")
        return json.loads(body)["JWT"]

    def log_in_as_new(self, role):
        """The session token of a new user, whose name is the role's."""
        password = f"a long enough {role}"
        status, _, body = self.request(
            "POST", "/api/v1/users", {"Content-Type": "application/json", "Authorization": f"Bearer {self.log_in()}"},
            json.dumps({"name": role, "role": role, "password": password}))
        if status != 201:
            raise BenchError(f"a new user was answered {status} {body!r}")
        return self.log_in(role, password)

    def log_in(self, user="admin", password=None):
        """The session token of the admin, or of another user."""
        form = urllib.parse.urlencode({"user": user, "passwd": password or self.password})
        status, headers, body = self.request(
            "POST", "/api/auth/login", {"Content-Type": "application/x-www-form-urlencoded"}, form)
        found = re.search(r"auth_token=([0-9a-f]{64})", headers.get("Set-Cookie", ""))
        if status != 200 or not found:
            raise BenchError(f"login was answered {status} {body!r}")
        return found[1]
