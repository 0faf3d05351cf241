"""Replaces what is generated in docs/performance.md, and leaves what is written by hand."""

import pathlib

PAGE = pathlib.Path(__file__).parent.parent / "docs/performance.md"


def replace(section, lines):
    begin, end = f"<!-- Written by `make {section}`. -->\n", f"<!-- End of `make {section}`. -->\n"
    text = PAGE.read_text()
    before, _, rest = text.partition(begin)
    PAGE.write_text(before + begin + "\n".join(["", *lines, "", ""]) + end + rest.partition(end)[2])
