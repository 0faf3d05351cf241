#!/usr/bin/env python3
"""Runs the commands that an example's README shows, as somebody would who copies the example, for `make examples`.

Each folder that is named is copied below `.build/examples`, where what its commands install stays for the next time. The commands of the blocks
called `console` run there one after the other, with the release program (or PATCHBAY) on the PATH. One fails when it prints something else than the
page shows, where … stands for anything, or does not end with 0, or with the code that a comment before its block names.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / ".build/examples"
PROGRAM = pathlib.Path(os.environ.get("PATCHBAY", ROOT / ".build/release/patchbay")).absolute()
KEPT = [".venv"]
"""What stays in a copy when it is made anew."""
PATIENCE = 300
"""Seconds that a command may take."""
BLOCK = re.compile(r"(?:<!-- exit code (\d+) -->\n\n)?```console\n(.*?)```", re.DOTALL)


def copy(name):
    """The example, as it is now, below `.build`."""
    folder = WORK / name
    folder.mkdir(parents=True, exist_ok=True)
    for entry in folder.iterdir():
        if entry.name not in KEPT:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    shutil.copytree(ROOT / "Examples" / name, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*KEPT, "__pycache__", ".pytest_cache"))
    return folder


def commands(page):
    """The commands of a page: the code that each ends with, itself, and what it prints."""
    for code, block in BLOCK.findall(page):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = step.partition("\n")
            yield int(code or 0), command, shown


def is_shown(output, shown):
    """Whether a page shows an output; of a command for which it shows nothing, anything will do."""
    pattern = ".*".join(re.escape(part) for part in shown.strip().split("…"))
    return not shown.strip() or re.fullmatch(pattern, output.strip(), re.DOTALL) is not None


def run(name):
    """Runs one example; whether all went as its page says."""
    folder = copy(name)
    # What packages need in turn is not pinned in an example, but is in a test of the same client.
    pinned = ROOT / "Tests/Clients/cloudflare/requirements.txt"
    environment = os.environ | {"PATH": f"{PROGRAM.parent}:{os.environ['PATH']}", "PIP_CONSTRAINT": str(pinned)}
    environment |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "COLUMNS": "80"}
    for variable in ["PATCHBAY", "PATCHBAY_URL"]:
        environment.pop(variable, None)
    for code, command, shown in commands((folder / "README.md").read_text()):
        print(f"{name}$ {command}", flush=True)
        # Errors are printed as they come; what a page shows is standard output.
        done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, timeout=PATIENCE)
        if done.returncode != code or not is_shown(done.stdout, shown):
            print(f"{done.stdout}\nThis ended with {done.returncode}. The page has {code} and shows:\n{shown}")
            return False
        if code == 0:
            print("".join(done.stdout.splitlines(keepends=True)[-1:]), end="", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(not all([run(name) for name in sys.argv[1:]]))
