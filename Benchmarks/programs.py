"""The programs that are measured and the one that measures: patchbay, nginx, wrk."""

import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import threading
import time

from apis import Seeds

HERE = pathlib.Path(__file__).parent
SERVER, LOAD = {0}, {1}
"""The core of the server, and that of the load."""
BOTH = SERVER | LOAD


class Wrong(Exception):
    """What makes a measurement worthless: an answer that is not the right one, or a program that does not do its part."""


@contextlib.contextmanager
def generated(program, folder, rows, *apis):
    """Generated seeds, of all APIs when none is named, for as long as they are needed."""
    folder = folder / f"seeds-{'-'.join([*apis, str(rows)])}"
    command = [program, "seed", "generate", "--rows", str(rows), "--out", folder]
    for api in apis:
        command += ["--api", api]
    try:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        yield Seeds(folder, rows)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def on(cores):
    """Lets what is started in here run on these cores; a program inherits them from who starts it, as with `taskset`."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Server:
    """A running server: the port it listens on, and what the kernel knows of it."""

    def __init__(self, command, cores, port=None):
        with on(cores):
            self.began = time.perf_counter()
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.port = port

    def await_ready(self):
        """Waits until it can be asked, where that is known."""

    def __enter__(self):
        try:
            self.await_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def move(self, cores):
        """Moves all its threads to these cores."""
        for thread in os.listdir(f"/proc/{self.process.pid}/task"):
            os.sched_setaffinity(int(thread), cores)

    def memory(self, name):
        """A line of the kernel's account of its memory, in bytes: VmRSS, or VmHWM for the peak."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1]) * 1024
        raise Wrong("the server is gone")

    def processor_seconds(self):
        """The time that it has had of a processor, in user space and in the kernel."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Patchbay(Server):
    """The release program; entered when it is ready, unless somebody wants to see it become so."""

    def __init__(self, program, *options, cores=SERVER, awaited=True):
        port = free_port()
        super().__init__([program, "--port", str(port), "--log-level", "error", *map(str, options)], cores, port)
        self.awaited = awaited

    def await_ready(self):
        if self.awaited:
            self.wait()

    def wait(self):
        """Waits for `Ready.`, and says how many seconds that took from the start."""
        said = [self.process.stdout.readline(), self.process.stdout.readline()]
        if said[1] != "Ready.\n":
            raise Wrong(f"patchbay said {said}")
        return time.perf_counter() - self.began


class Nginx(Server):
    """nginx, with one worker, and files for answers; each file has the name that it is asked for by."""

    def __init__(self, folder, bodies):
        folder = folder.resolve()
        (folder / "html").mkdir(parents=True, exist_ok=True)
        for name, body in bodies.items():
            (folder / "html" / name).write_bytes(body)
        port = free_port()
        user = "user root;" if os.getuid() == 0 else ""
        places = " ".join(
            f"{kind}_temp_path {folder}/temporary;" for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        )
        (folder / "nginx.conf").write_text(
            f"daemon off; worker_processes 1; {user} pid {folder}/pid; error_log {folder}/errors;\n"
            "events { worker_connections 1024; }\n"
            "http { access_log off; keepalive_requests 100000000; open_file_cache max=100;\n"
            f" types {{ application/json json; }} {places}\n"
            f" server {{ listen 127.0.0.1:{port}; root {folder}/html; }} }}\n"
        )
        super().__init__(["nginx", "-e", f"{folder}/errors", "-c", f"{folder}/nginx.conf"], SERVER, port)

    def await_ready(self):
        while time.perf_counter() - self.began < 5:
            with contextlib.suppress(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            time.sleep(0.01)
        raise Wrong("nginx does not listen")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def message(method, target, headers, body=None):
    """A request as bytes, for those who look after their connections themselves; content that is no bytes is sent as JSON."""
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    if body is not None:
        headers = headers | {"Content-Type": "application/json", "Content-Length": len(content)}
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {target} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n".encode() + content


def ask(port, target, headers, method="GET", body=None):
    """Asks once, over a connection of its own: status and content."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def check(port, page, further=0):
    """Fails unless a page is answered rightly; its content."""
    status, body = ask(port, page.target, page.headers)
    if complaint := page.complaint(status, body, further):
        raise Wrong(complaint)
    return body


def wrk(port, target, headers, seconds, cores=LOAD, file=None, again=True):
    """Asks with 32 connections for some seconds, for a target or for those of a file, and says what came of it.

    Fails when one answer was an error.
    """
    command = ["wrk", "-t1", "-c32", f"-d{seconds}s", "-s", str(HERE / "requests.lua")]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    command += [f"http://127.0.0.1:{port}{target}", "--"]
    if file:
        command += [str(file), "again" if again else "once"]
    with on(cores):
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise Wrong(f"wrk: {done.stdout}{done.stderr}")
    load = json.loads(done.stdout.splitlines()[-1])
    for problem, text in [
        ("status", "answers of {} are errors"),
        ("socket", "connections of {} requests failed"),
        ("exhausted", "thread asked for something twice, of {} requests"),
    ]:
        if load[problem]:
            raise Wrong(f"{load[problem]} {text.format(load['requests'])}")
    if not load["requests"]:
        raise Wrong(f"not one answer in {seconds} s")
    load["rate"] = load["requests"] / load["microseconds"] * 1e6
    return load


class Writer(threading.Thread):
    """Writes ten times a second, over one connection, for as long as it is entered."""

    RATE = 10

    def __init__(self, port, writes):
        """Takes an iterator over what to send: method, target, headers, content."""
        super().__init__()
        self.port, self.writes = port, writes
        self.done, self.problem = 0, None
        self.ending = threading.Event()

    def __enter__(self):
        self.began = time.perf_counter()
        self.start()
        return self

    def __exit__(self, kind, *_):
        self.ending.set()
        self.join()
        self.rate = self.done / (time.perf_counter() - self.began)
        if kind is None and self.problem:
            raise Wrong(self.problem)
        if kind is None and self.rate < 0.9 * self.RATE:
            raise Wrong(f"only {self.rate:.1f} writes/s")

    def run(self):
        os.sched_setaffinity(0, LOAD)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(connection):
            while not self.ending.wait(max(0, self.began + self.done / self.RATE - time.perf_counter())):
                method, target, headers, body = next(self.writes)
                try:
                    connection.request(method, target, body and json.dumps(body), headers)
                    answer = connection.getresponse()
                    content = answer.read()
                except (OSError, http.client.HTTPException) as error:
                    self.problem = f"{method} {target}: {error}"
                    return
                if answer.status not in (200, 201):
                    self.problem = f"{answer.status} for {method} {target}: {content.decode()[:200]}"
                    return
                self.done += 1
