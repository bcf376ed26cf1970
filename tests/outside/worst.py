"""The worst that a partner may send to each parser, and what it costs, as JSON: `python -m tests.outside.worst`.

A process of its own, whose highest memory the system is told to forget before each input: so an input costs what it
costs, though one as large came before it, and libraries written in C are counted too.
"""

from __future__ import annotations

import ctypes
import gc
import json
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from gokei.terms.problems import OurBug, Problem
from tests.fuzz.holding import corpus, outcome
from tests.fuzz.targets import TARGETS, Target, is_taken, shape
from tests.nightly import TIMES

MEGABYTE = 1024 * 1024
SIZES = (100_000, MEGABYTE - 1024, (10 if TIMES > 1 else 3) * MEGABYTE)

SPACED = "seed-and-spaces"
SHAPES: Mapping[str, Callable[[int], bytes]] = {
    "nested-lists": lambda size: b"[" * size,
    "nested-objects": lambda size: b'{"a":' * (size // 5),
    "nested-and-closed": lambda size: b"[" * (size // 2) + b"]" * (size // 2),
    "shallow-lists": lambda size: b"[" + b"[]," * (size // 3 - 1) + b"[]]",
    "long-text": lambda size: b'{"a":"' + b"x" * size + b'"}',
    "long-text-of-escapes": lambda size: b'{"a":"' + rb"\u0041" * (size // 6) + b'"}',
    "half-characters": lambda size: b'{"a":["' + rb"\ud800" * (size // 6) + b'"]}',
    "many-fields": lambda size: b"{" + b",".join(b'"%x":0' % number for number in range(size // 9)) + b"}",
    "one-name-again": lambda size: b"{" + b'"a":0,' * (size // 6) + b'"a":0}',
    "last-name-again": lambda size: b"{" + b",".join(b'"%x":0' % one for one in range(size // 9)) + b',"0":1}',
    "many-numbers": lambda size: b"[" + b"1," * (size // 2) + b"1]",
    "huge-number": lambda size: b'{"a":' + b"9" * size + b"}",
    "huge-fraction": lambda size: b'{"a":0.' + b"9" * size + b"}",
    "huge-exponent": lambda size: b'{"a":1e' + b"9" * size + b"}",
    "many-fractions-then-none": lambda size: b"[" + b"1.5," * (size // 4) + b"1e999999]",
    "many-texts-then-none": lambda size: b"[" + b'"aaaaaaaa",' * (size // 11) + b"NaN]",
    "spaces": lambda size: b" " * size,
    "zeros": bytes,
    "no-utf-8": lambda size: b'{"a":"' + b"\xff" * size,
    "backslashes": lambda size: b'"' + b"\\" * size,
    "open-text": lambda size: b'"' + b'\\"' * (size // 2),
    "lines": lambda size: b"\n" * size,
    "digits": lambda size: b"9" * size,
    "wide-digits": lambda size: "９".encode() * (size // 3),
    "many-signatures": lambda size: (
        b'{"payload":"","payloadType":"application/vnd.gokei.document+json","signatures":['
        + b",".join([b'{"keyid":"","sig":""}'] * (size // 22)) + b"]}"
    ),
    "long-payload": lambda size: (
        b'{"payload":"' + b"A" * (size // 4 * 4)
        + b'","payloadType":"application/vnd.gokei.document+json","signatures":[{"keyid":"","sig":""}]}'
    ),
    "signature-lines": lambda size: b"a\n\n" + "\u2014 a AAAAAAA=\n".encode() * (size // 16),
    "blank-lines": lambda size: b"a" + b"\n\n" * (size // 2),
    "many-documents": lambda size: (
        b'{"gokei":1,"from":"AU","to":"JP","head":"","offer":"{}","documents":[' + b'"AAAA",' * (size // 7) + b'""]}'
    ),
    "many-envelopes": lambda size: b"0" + b'{"payload":""}\n' * (size // 15),
}  # fmt: skip


class Cost(NamedTuple):
    """What an input cost: seconds of processor time, bytes of memory at the most; what was said, and whether it was
    taken."""

    seconds: float
    bytes: int
    said: str
    taken: bool


def cost(target: Target, data: bytes) -> Cost:
    """What one input costs. Raises where something else than a problem of ours comes out."""
    before = forget_peak()
    began = time.process_time()
    taken = False
    try:
        found = target.run(data)
        said = shape(found)
        taken = target.taken(found)
    except OurBug:
        raise
    except Problem as problem:
        said = f"{type(problem).__name__} {problem.check}"
    return Cost(time.process_time() - began, status("VmHWM") - before, said[:80], taken)


def forget_peak() -> int:
    """What the process holds now, in bytes; from here on the system counts its highest memory anew.

    What was freed goes back to the system first: else the next input would be given it again, and count as nothing.
    """
    gc.collect()
    with suppress(AttributeError):
        # Only the library of GNU has it.
        ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")
    return status("VmRSS")


def status(name: str) -> int:
    """A size in bytes, as Linux tells it of this process."""
    text = Path("/proc/self/status").read_text()
    return int(text.partition(f"{name}:")[2].split()[0]) * 1024


def padded(name: str) -> Callable[[int], bytes]:
    """A seed that the target takes, but for the spaces in it."""
    target = TARGETS[name]
    seed = next(data for data in corpus(name) if is_taken(target, data))
    head, brace, rest = seed.partition(b"{")
    return lambda size: head + brace + b" " * size + rest


def main() -> None:
    names = sys.argv[1:] or [*TARGETS]
    spaced = {name: padded(name) for name in names}
    for name in names:
        for data in corpus(name)[:3]:
            outcome(TARGETS[name], data)
    # What is there already is not looked through again for what can be freed.
    gc.freeze()
    for spelt in (*SHAPES, SPACED):
        for size in SIZES:
            common = SHAPES[spelt](size) if spelt in SHAPES else None
            for name in names:
                found = cost(TARGETS[name], spaced[name](size) if common is None else common)
                print(json.dumps([name, spelt, size, *found]), flush=True)


if __name__ == "__main__":
    main()
