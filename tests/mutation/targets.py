"""What is mutated, and which tests are to notice: the cheapest first, the exhaustive ones last."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
LAW: Final = ROOT / "src" / "gokei" / "law"
EVALUATOR: Final = (
    "conditions", "masks", "matters", "bodies", "roles", "walks", "forgetting", "determinations", "diagram", "domains",
    "library", "status",
)  # fmt: skip
COMPARISON: Final = ("comparing", "describing", "differing", "folding", "sides", "variables")
# Each a group of tests in one run of pytest; a mutant that a group notices never meets the next.
Stages = tuple[tuple[str, ...], ...]


def _of(module: str, *tests: str) -> tuple[str, ...]:
    return tuple(f"tests/law/{module}.py::test_{test}" for test in tests) or (f"tests/law/{module}.py",)


def _rest(module: str, *seen: str) -> tuple[str, ...]:
    """All tests of a file but those that an earlier group holds."""
    return (*_of(module), *(f"--deselect={one}" for one in _of(module, *seen)))


_CONDITIONS: Final = "a_condition_and_its_cases_have_the_same_truth"
_BOUND: Final = "a_condition_has_as_many_alternatives_as_the_bound_and_not_one_more"
_EXACT: Final = "the_verdict_and_what_is_missing_are_those_of_brute_force"
_ASKED: Final = "the_fact_asked_next_settles_it_soonest_on_average"
ANSWERS: Final[Stages] = (
    (
        *_of("test_citing"), *_of("test_library"), *_of("test_cases"), *_of("test_assuming"), *_of("test_visits"),
        *_of("test_national_law"), *_of("test_reference"),
    ),
    (*_of("test_exact", _CONDITIONS, _BOUND, _EXACT), *_of("test_walks", "what_is_forgotten_shows_in_no_answer")),
    (
        *_of("test_exact", _ASKED),
        *_rest("test_walks", "what_is_forgotten_shows_in_no_answer"),
        *_of("test_columns", "what_nobody_stated_is_neither_false_nor_true"),
        *_of("test_index"),
        *_of("test_sentences"),
        *_of("test_lint", "regions_are_exact"),
        *_of("test_interview", "the_frame_is_asked_first", "an_interview_ends_as_the_whole_question_does"),
        *_of("test_interview", "the_choices_are_classes_that_lead_apart"),
        *(f"{one}[{seed}]" for one in _of("test_interview", "interviews_over_the_real_packs")
          for seed in ("information-1", "support-1")),
    ),
)  # fmt: skip
STATUS: Final[Stages] = ((*_of("test_status"), *_of("test_timeline")), *ANSWERS)
_QUICK: Final = (
    "what_names_no_side_is_refused",
    "an_unknown_instrument_is_told_the_nearest",
    "a_notice_that_was_suspended_changes_no_answer",
    "the_sentence_on_ammunition_says_what_changed",
    "what_is_undecided_stays_open_in_the_cubes",
    "agreements_with_different_partners_share_a_nation",
    "what_is_the_same_in_both_directions_is_said_once",
    "an_example_of_a_cube_is_answered_as_the_cube_says",
    "each_question_is_counted_once_and_each_example_is_of_its_cube",
    "an_agreement_on_information_against_the_answers_themselves",
    "tables_days_and_purposes_that_differ_against_the_answers_themselves",
)
_SLOW: Final = (
    "grounds_are_told_apart_where_the_verdict_is_the_same",
    "the_cubes_hold_exactly_the_questions_that_differ",
)
# What takes seconds and noticed nothing that the others had not.
_PAIRS: Final = "pairs_of_nations_against_the_answers_themselves"
_SAID: Final = "every_cube_and_sentence_is_said_in_three_languages"
_SLOWEST: Final = (
    *(f"{_PAIRS}[{one}-JP>AU@2024-01-01-{other}@2024-01-01]" for one in (True, False) for other in ("JP>US", "AU>JP")),
    *(f"{_SAID}[JP>AU@2024-01-01-{other}@2024-01-01]" for other in ("JP>US", "AU>JP")),
)
COMPARED: Final[Stages] = (
    (*_of("test_folding"), *_of("test_sentences"), *_of("test_sentences_information"), *_of("test_sides")),
    _of("test_compare", *_QUICK),
    _of("test_compare", *_SLOW),
    _rest("test_compare", *_QUICK, *_SLOW, *_SLOWEST),
)


class Target(NamedTuple):
    """A module: its name below gokei.law, its file, and the tests that are to notice its mutants."""

    name: str
    path: Path
    module: str
    stages: Stages


def _target(name: str, stages: Stages) -> Target:
    return Target(f"{name}.py", LAW / f"{name}.py", "gokei.law." + name.replace("/", "."), stages)


TARGETS: Final = (
    *(_target(name, STATUS if name == "status" else ANSWERS) for name in EVALUATOR),
    *(_target(f"comparison/{name}", COMPARED) for name in COMPARISON),
)
