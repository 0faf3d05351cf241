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


def row(sentence, cases):
    """A sentence with what became of its tests: most have one, some one for each value."""
    works = sum(outcome == "works" for outcome in cases.values())
    others = [f"{case}: {outcome}".removeprefix(": ") for case, outcome in cases.items() if outcome != "works"]
    texts = [("works" if len(cases) == 1 else f"works, {works} cases")] if works else []
    return f"| {sentence} | {'; '.join(texts + others)} |"


def page():
    text = [INTRODUCTION]
    summary = ["| client | APIs | tests that work | that do not |", "|---|---|---|---|"]
    sections = []
    total = 0
    for name, description, number, results in clients():
        title = description["title"]
        title = title.format(version=number) if "{version}" in title else f"{title} {number}".strip()
        outcomes = [outcome for cases in results.values() for outcome in cases.values()]
        works = outcomes.count("works")
        total += works
        anchor = "".join(c for c in title.lower().replace(" ", "-") if c.isalnum() or c in "-_")
        apis = ", ".join(description["apis"])
        summary.append(f"| [{title}](#{anchor}) | {apis} | {works} | {len(outcomes) - works} |")
        lines = ["| what | |", "|---|---|"] + [row(sentence, cases) for sentence, cases in results.items()]
        sections += section(title, description, lines + [""])
    summary.append(f"| all | | {total} | |")
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
