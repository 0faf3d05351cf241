"""Writes `docs/clients.md` from what the clients' tests found, for `make docs-clients` and `make test-clients`."""

import json
import pathlib
import sys
import tomllib

HERE = pathlib.Path(__file__).parent
RESULTS = pathlib.Path(".build/clients/results")

INTRODUCTION = """\
# Clients

How to point the vendors' own clients at Patchbay, and what works. Every line under "works" is a test in `Tests/Clients` that runs the client against the
release program with the bundled seeds (`make test-clients`), and the lines shown are those that the tests run. This page is written from the
results by `make docs-clients`; `make test-clients` fails when it is stale.

That a client works here shows that Patchbay speaks as the client wants to be spoken to. It does not show that the real service would answer the
same: for that, see [conformance.md](conformance.md), which is documentation-derived.
"""


def clients():
    """Each client's folder, description, version and results."""
    for file in sorted(HERE.glob("*/client.toml")):
        name = file.parent.name
        results = RESULTS / f"{name}.json"
        if not results.exists():
            sys.exit(f"{name} was not run: Tests/Clients/run.sh {name}")
        yield name, tomllib.loads(file.read_text()), version(file.parent), json.loads(results.read_text())


def version(folder):
    """The version of what stands first in `requirements.txt`."""
    for line in (folder / "requirements.txt").read_text().splitlines():
        if "==" in line and not line.startswith("#"):
            return line.split("==")[1].split(";")[0].strip()
    return ""


def section(title, description, lines):
    text = [f"## {title}", ""]
    if "notes" in description:
        text += [description["notes"].strip(), ""]
    text += [f"```{description.get('language', 'sh')}", *description["setup"].strip().split("\n"), "```", ""]
    return text + lines


def page():
    text = [INTRODUCTION]
    summary = ["| client | APIs | works | does not |", "|---|---|---|---|"]
    sections = []
    for name, description, number, results in clients():
        title = f"{description['title']} {number}".strip()
        works = [sentence for sentence, outcome in results.items() if outcome == "works"]
        others = {sentence: outcome for sentence, outcome in results.items() if outcome != "works"}
        anchor = "".join(c for c in title.lower().replace(" ", "-") if c.isalnum() or c in "-_")
        apis = ", ".join(description["apis"])
        summary.append(f"| [{title}](#{anchor}) | {apis} | {len(works)} | {len(others)} |")
        lines = ["| what | |", "|---|---|"]
        lines += [f"| {sentence} | works |" for sentence in works]
        lines += [f"| {sentence} | {outcome} |" for sentence, outcome in others.items()]
        sections += section(title, description, lines + [""])
    text += summary + [""] + sections
    text += ["# Not run here", "", "Clients that the machines of this project cannot have. The lines are from their documentation and sources.", ""]
    for description in tomllib.loads((HERE / "not-run.toml").read_text())["client"]:
        text += section(description["title"], description, [])
    return "\n".join(text).rstrip("\n") + "\n"


if __name__ == "__main__":
    path = pathlib.Path("docs/clients.md")
    if "--check" in sys.argv:
        if not path.exists() or path.read_text() != page():
            sys.exit("docs/clients.md is stale: make docs-clients")
    else:
        path.write_text(page())
