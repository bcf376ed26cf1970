"""Each parser of a partner's bytes bears the inputs that are kept, and new ones for half a second in every `./test`.

`python -m tests.fuzz --seconds 3600` tries longer; `./test --nightly` a minute each. The seed is another one every day;
a failure tells it, and GOKEI_FUZZ_SEED=N tries the same again.
"""

from __future__ import annotations

import importlib.util
import itertools
from collections.abc import Iterator

import pytest

from tests.fuzz import mutation
from tests.fuzz import world as fuzz_world
from tests.fuzz.__main__ import executions, run, seed_of_today
from tests.fuzz.engine import tried
from tests.fuzz.holding import Finding, corpus, hold, keep
from tests.fuzz.targets import TARGETS, Target, is_taken
from tests.nightly import TIMES

MINUTE = 60.0
SECONDS = 5.0 if TIMES > 1 else 0.4
SEED = seed_of_today()
NAMES = [*TARGETS]
# By day two targets, every day two others: each is a process of its own that first loads everything.
OF_TODAY = NAMES if TIMES > 1 else [NAMES[(2 * SEED + one) % len(NAMES)] for one in range(2)]
CHANGES = 300
CORPUS_BYTES = 300_000
COUNT = itertools.count()


@pytest.fixture(scope="module", autouse=True)
def world() -> Iterator[None]:
    yield
    if fuzz_world.world.cache_info().currsize:
        fuzz_world.world().close()
        fuzz_world.world.cache_clear()


@pytest.mark.parametrize("name", TARGETS)
def test_every_input_that_is_kept_is_borne(name: str) -> None:
    kept = corpus(name)
    assert kept, "a target without a seed: python -m tests.fuzz --make-corpus"
    for data in kept:
        hold(name, data, measured=True)


@pytest.mark.parametrize("name", TARGETS)
def test_a_seed_goes_all_the_way_and_a_change_of_it_is_refused(name: str) -> None:
    """Where all seeds end at the first check, nothing behind it is tried: a corpus that grew old shows here."""
    target = TARGETS[name]
    good = [data for data in corpus(name) if is_taken(target, data)]
    assert good, "no seed is taken any more: python -m tests.fuzz --make-corpus"
    changed = itertools.islice(mutation.inputs(good, seed=1), CHANGES)
    assert not all(is_taken(target, data) for data in changed), "whatever is changed, it is taken"


@pytest.mark.parametrize("name", TARGETS)
def test_new_inputs_are_borne(name: str) -> None:
    """Changed by chance, in this process; which input it was is told by the finding."""

    def held(name: str, data: bytes) -> None:
        try:
            hold(name, data)
        except Finding as finding:
            raise AssertionError(f"seed {SEED}, kept as {keep(name, data)}") from finding

    assert tried(name, SECONDS, SEED, held) > 5


@pytest.mark.parametrize("name", OF_TODAY)
def test_inputs_that_take_new_branches_are_borne(name: str) -> None:
    """Guided by the branches taken, where atheris is installed: all by night, two by day, for each is a process."""
    _, code, said = run(name, MINUTE if TIMES > 1 else SECONDS, SEED)
    assert code == 0, f"seed {SEED}\n{said[-3000:]}"
    assert int(executions(said).split(" ")[0]) > 5, said[-3000:]


def test_what_fuzzes_here_is_told() -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("NOT TESTED: atheris has no wheel for this Python; a seeded loop of ours tried the inputs instead")


def test_the_corpus_stays_small() -> None:
    assert sum(len(data) for name in TARGETS for data in corpus(name)) < CORPUS_BYTES


def fails(data: bytes) -> object:
    if b"boom" in data:
        raise KeyError("boom")
    if b"slow" in data:
        return sum(range(20_000_000))
    if b"large" in data:
        return len(bytearray(80_000_000))
    return next(COUNT) if b"other" in data else len(data)


@pytest.mark.parametrize("word", [b"boom", b"slow", b"large", b"other"])
def test_the_properties_can_fail(word: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.holding.TARGETS", {"toy": Target(fails)})
    assert hold("toy", b"fine", measured=True)
    with pytest.raises(Finding):
        hold("toy", word, measured=True)


def test_the_loop_of_chance_finds_and_repeats() -> None:
    made = mutation.inputs([b'{"a":"b"}'], seed=5)
    first = [next(made) for _ in range(300)]
    again = mutation.inputs([b'{"a":"b"}'], seed=5)
    assert first == [next(again) for _ in range(300)]
    assert any(b"NaN" in one for one in first)
    assert len(set(first)) > 200
