"""What is seen of the program from outside, and what came of the parts, in words and figures."""

import dataclasses
import os
import statistics
import time

from wire import Tally

INTERVAL = 5
"""Seconds between two looks at the program."""
SHOWN = 6
"""After how many looks one is printed."""


@dataclasses.dataclass(frozen=True)
class Sample:
    """What the kernel knows of the program at some moment."""

    seconds: float
    memory: int
    descriptors: int
    processor: float

    @classmethod
    def of(cls, server, seconds=0.0):
        descriptors = len(os.listdir(f"/proc/{server.process.pid}/fd"))
        return cls(seconds, server.memory("VmRSS"), descriptors, server.processor_seconds())

    def __str__(self):
        return (
            f"{int(self.seconds) // 60:3}:{int(self.seconds) % 60:02}  {self.memory / 1e6:7.1f} MB  "
            f"{self.descriptors:6} descriptors  {self.processor:7.1f} s of a core"
        )


def watch(run, path):
    """Looks at the program until the time is over, or it has ended; writes down what it sees."""
    samples = []
    with path.open("w") as file:
        print(*(field.name for field in dataclasses.fields(Sample)), sep=",", file=file)
        while (now := time.monotonic()) < run.end and run.server.process.poll() is None:
            samples.append(Sample.of(run.server, now - run.began))
            print(*dataclasses.astuple(samples[-1]), sep=",", file=file, flush=True)
            if len(samples) % SHOWN == 1:
                print(samples[-1], flush=True)
            time.sleep(max(0, min(run.began + len(samples) * INTERVAL, run.end) - now))
    return samples


def growth(samples, seconds):
    """When memory was looked at first, what it was then, and at the end.

    Each is the median of half a minute, because a large body takes a lot for a moment: the one after minute 2, and the last one. Where there are
    no four minutes, it is the one after half of the time, and both are shorter.
    """
    start, length = min(120, seconds / 2), min(30, seconds / 8)

    def typical(first):
        near = [sample.memory for sample in samples if first <= sample.seconds <= first + length]
        return statistics.median(near or [min(samples, key=lambda sample: abs(sample.seconds - first)).memory])

    return start, typical(start), typical(seconds - length)


def whole(name, tallies):
    """What some parts did together."""
    tally = Tally(name)
    for part in tallies:
        tally.add(part)
    return tally


def table(tallies):
    lines = [f"{'part':28} {'requests':>9} {'errors':>6} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8}"]
    for tally in tallies:
        times = " ".join(f"{milliseconds(tally.seconds, share):>8}" for share in (0.5, 0.99, 1))
        notes = "".join(f"  {what}: {value:,}" for what, value in tally.notes.items())
        lines.append(f"{tally.name:28} {tally.requests:9,} {tally.errors:6,} {times}{notes}".rstrip())
    return "\n".join(lines)


def milliseconds(seconds, share):
    """The time within which a share of the answers came."""
    ordered = sorted(seconds)
    return f"{ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1e3:.1f}" if ordered else ""
