"""The worst that a partner may send to each parser, and what it costs, as JSON: `python -m tests.outside.worst`.

A process of its own, so that the memory that it ever held is the measure, that of libraries written in C included.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping

from gokei.terms.problems import OurBug, Problem
from tests.fuzz.holding import corpus, outcome, resident
from tests.fuzz.targets import TARGETS
from tests.nightly import TIMES

MEGABYTE = 1024 * 1024
SIZES = (100_000, MEGABYTE - 1024, (10 if TIMES > 1 else 3) * MEGABYTE)

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


def cost(name: str, data: bytes) -> tuple[float, int, str]:
    """Seconds of processor time, by how many bytes the process grew beyond all before, and what was said."""
    before, began = resident(), time.process_time()
    try:
        said = outcome(TARGETS[name], data)
    except OurBug as bug:
        raise AssertionError(name) from bug
    except Problem as problem:
        said = problem.check
    return time.process_time() - began, resident() - before, said[:80]


def main() -> None:
    names = sys.argv[1:] or [*TARGETS]
    for name in names:
        for data in corpus(name)[:3]:
            outcome(TARGETS[name], data)
    for shape, make in SHAPES.items():
        for size in SIZES:
            data = make(size)
            for name in names:
                taken, grown, said = cost(name, data)
                print(json.dumps([name, shape, size, round(taken, 4), grown, said]), flush=True)


if __name__ == "__main__":
    main()
