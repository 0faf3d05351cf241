#!/usr/bin/env python3
"""Runs the commands that pages show, as somebody would who follows them, for `make examples`.

A page is an example, by the name of its folder here (`pytest`), or a Markdown file (`docs/seeds.md`). The folder of an example is copied below `.build/examples`, where what its
commands install stays for the next time, but that of a Swift package, which names this one by its path, is used as it stands; any other page has an empty folder there. In it, in the order of the page,

- a block behind a comment `<!-- file: PATH -->` is written to that file;
- the commands of a block called `console` run one after the other, with the release program (or PATCHBAY) as `patchbay` on the PATH, and a free port in place of 4747;
- one that ends with ` &` is waited for until it has printed what the page shows, or answers where that is nothing, and runs until the next such one, or the end of the page.

A command fails when a terminal shows something else than the page, where … stands for anything, or when it does not end with 0, or with the code that a comment
`<!-- exit code N -->` before its block names. Of one that ends with ` &`, standard output is compared, and the log is left out.
"""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / ".build/examples"
PROGRAM = pathlib.Path(os.environ.get("PATCHBAY", ROOT / ".build/release/patchbay")).absolute()
KEPT = [".venv"]
"""What stays in a folder when it is made anew."""
PATIENCE = 900
"""Seconds that a command may take, or until one that goes on answers."""
PORT = 4747
"""The port that pages name."""
BLOCK = re.compile(r"^(?:<!-- (exit code|file:) (\S+) -->\n\n?)?```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def folder_of(name):
    """An empty folder for a page, or one with the example as it is now."""
    if (ROOT / "Examples" / name / "Package.swift").exists():
        return ROOT / "Examples" / name
    # A page elsewhere would have its folder emptied there.
    folder = WORK / ((ROOT / name).resolve().relative_to(ROOT).with_suffix("") if name.endswith(".md") else name)
    folder.mkdir(parents=True, exist_ok=True)
    for entry in folder.iterdir():
        if entry.name not in KEPT:
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    if not name.endswith(".md"):
        shutil.copytree(ROOT / "Examples" / name, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*KEPT, "__pycache__", ".pytest_cache"))
    return folder


def is_shown(output, shown):
    """Whether a page shows an output; of a command for which it shows nothing, anything will do."""
    pattern = ".*".join(re.escape(part) for part in shown.strip().split("…"))
    return not shown.strip() or re.fullmatch(pattern, output.replace("\r\n", "\n").strip(), re.DOTALL) is not None


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Page:
    """A page that is run."""

    def __init__(self, name):
        self.name = name
        self.folder = folder_of(name)
        self.port = free_port()
        # What packages need in turn is not pinned in an example, but is in a test of the same client.
        pinned = ROOT / "Tests/Clients/cloudflare/requirements.txt"
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("PATCHBAY")} | {
            "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}",
            "PATCHBAY_PORT": str(self.port),
            "PIP_CONSTRAINT": str(pinned),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "COLUMNS": "80",
        }
        self.background = None
        """The command that goes on."""

    def run(self):
        """Whether all went as the page says."""
        text = (ROOT / self.name if self.name.endswith(".md") else self.folder / "README.md").read_text()
        try:
            return all(self.follow(*block) for block in BLOCK.findall(text))
        finally:
            self.stop()

    def follow(self, kind, value, language, block):
        """Writes or runs a block, whichever it asks for."""
        if kind == "file:":
            file = self.folder / value
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block)
        elif language == "console":
            for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, shown = step.partition("\n")
                if not self.carry_out(command, shown, int(value or 0)):
                    return False
        return True

    def carry_out(self, command, shown, expected):
        """Runs a command; whether it prints and ends as shown."""
        print(f"{self.name}$ {command}", flush=True)
        actual = re.sub(rf"\b{PORT}\b", str(self.port), command)
        code, output = self.start(actual.removesuffix(" &"), shown) if command.endswith(" &") else self.finish(actual)
        output = self.as_shown(output)
        if code != expected or not is_shown(output, shown):
            print(f"{output}\nThis ended with {code}. The page has {expected} and shows:\n{shown}")
            return False
        for line in output.splitlines()[-1:]:
            print(line, flush=True)
        return True

    def as_shown(self, output):
        return re.sub(rf"\b{self.port}\b", str(PORT), output)

    def launch(self, command, **options):
        """Starts a command, with all that it starts, in a group of processes of its own."""
        return subprocess.Popen(["bash", "-c", command], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, start_new_session=True, **options)

    def finish(self, command):
        """Runs a command to its end: its code and what a terminal shows."""
        process = self.launch(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            output, _ = process.communicate(timeout=PATIENCE)
            return process.returncode, output
        finally:
            end(process)

    def start(self, command, shown):
        """Starts a command that goes on: 0 as soon as it is there, or the code that it ended with, and what it printed so far."""
        self.stop()
        log = self.folder.with_name(f"{self.folder.name}.log")
        printed = self.folder.with_name(f"{self.folder.name}.out")
        with printed.open("w") as out, log.open("w") as errors:
            self.background = self.launch(command, stdout=out, stderr=errors)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            ended = self.background.poll() is not None
            output = printed.read_text()
            if ended:
                return f"{self.background.returncode}, too early", output + log.read_text()
            if is_shown(self.as_shown(output), shown) if shown.strip() else self.answers():
                return 0, output
            time.sleep(0.02)
        return "nothing yet", output + log.read_text()

    def answers(self):
        """Whether somebody answers at the port, and is ready."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_patchbay/ready", timeout=5):
                return True
        except urllib.error.HTTPError as error:
            return error.code != 503
        except OSError:
            return False

    def stop(self):
        """Ends the command that goes on."""
        if self.background:
            end(self.background)
            self.background = None


def end(process):
    """Ends a process with all that it has started, politely at first."""
    for number in [signal.SIGTERM, signal.SIGKILL]:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)


if __name__ == "__main__":
    sys.exit(not all([Page(name).run() for name in sys.argv[1:]]))
