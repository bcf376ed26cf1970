"""What the check of packs warns of: each fault in a small pack that has no other, at its place; and nothing else."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gokei.faces.cli.main import main
from gokei.law.conditions import ALWAYS, Condition, truth_of
from gokei.law.lint import INFORMATION, WARNING, Finding, lint
from gokei.law.lint.regions import Regions
from gokei.law.loader import compose, load, shapes
from gokei.law.roles import resolve
from gokei.node.packs import agreements_folder, read_files
from gokei.terms.truth import Truth
from tests.law.worlds import ASKED, completions, conditions
from tests.nightly import examples

SAID = "says: {en: a, ja: b, ko: c}"
SOURCE = "source: {url: 'https://example.org/text', quality: verified}"
EVENT = (
    "- {date: '2010-01-01', event: in_force, by: [JP, AU], source: {url: 'https://example.org/text', quality: derived}}"
)
TREATY = "instrument: acsa-jp-au\nkind: support\ntitles: {en: a, ja: b, ko: c}\nparties: [JP, AU]\n"
LAW = "instrument: law-{code}\nkind: law\ntitles: {{en: a, ja: b, ko: c}}\nparties: [{nation}]\nprovisions:\n"


def rule(text: str, says: str = SAID, source: str = SOURCE) -> str:
    return f"- {{{text}, {says}, {source}}}\n"


GRANT = rule("id: '1', effect: permit, when: {supply: [food, water, fuel]}")


def packs(*rules: str, events: str = EVENT, head: str = TREATY, law: str = "") -> list[tuple[str, bytes]]:
    """A treaty with those provisions, and two laws that allow everything."""
    allows = rule("id: '1', effect: permit")
    treaty = f"{head}events:\n{events}\nprovisions:\n{''.join(rules)}"
    laws = [LAW.format(code=code, nation=code.upper()) for code in ("jp", "au")]
    return [("treaty.yaml", treaty.encode()), ("jp.yaml", (laws[0] + (law or allows)).encode()),
            ("au.yaml", (laws[1] + allows).encode())]  # fmt: skip


def found(*rules: str, **more: str) -> list[Finding]:
    files = compose(packs(*rules, **more))
    return [one for one in lint(files, load(files)) if one.severity == WARNING]


def told(*rules: str, **more: str) -> list[tuple[str, str | None]]:
    return [(one.check, one.provision) for one in found(*rules, **more)]


def test_a_pack_without_a_fault_is_all_right() -> None:
    assert told(GRANT, rule("id: '2', effect: prohibit, when: {supply: [weapons, fuel], place: [high_seas]}")) == []


def test_a_prohibition_that_swallows_a_permit_whole() -> None:
    swallows = rule("id: '2', effect: prohibit, when: {supply: {not: [weapons]}}")
    assert told(GRANT, swallows) == [("contradiction", "1")]
    together = [rule(f"id: '{supply}', effect: prohibit, when: {{supply: [{supply}]}}") for supply in ("food", "water")]
    assert told(GRANT, *together) == []
    third = rule("id: fuel, effect: prohibit, when: {any: [{supply: [fuel], requested: true}, {requested: false}]}")
    (one,) = found(GRANT, *together, third)
    assert (one.check, one.params["others"]) == ("contradiction", "food (L9), water (L10), fuel (L11)")


def test_a_prohibition_that_swallows_it_from_some_day_on() -> None:
    later = rule("id: '2', effect: prohibit, when: {supply: [food, water, fuel]}, in_force: {from: '2015-01-01'}")
    (one,) = found(GRANT, later)
    assert (one.check, one.params["day"]) == ("contradiction", "2015-01-01")
    assert "until: '2015-01-01'" in one.as_json()["next"]  # type: ignore[operator]
    ended = GRANT.replace("id: '1',", "id: '1', in_force: {until: '2015-01-01'},")
    assert told(ended, later) == []


def test_a_requirement_that_nothing_can_meet_or_nothing_can_break() -> None:
    never = rule("id: '2', effect: require, when: {supply: [food]}, that: {supply: [water]}")
    assert told(GRANT, never) == [("contradiction", "2")]
    always = rule("id: '2', effect: require, when: {supply: [food]}, that: {supply: [food, water]}")
    assert told(GRANT, always) == [("unreachable", "2")]


def test_a_condition_that_no_question_meets() -> None:
    nothing = rule("id: '2', effect: permit, when: {all: [{supply: [parts]}, {supply: [fuel]}]}")
    assert told(GRANT, nothing) == [("unreachable", "2")]
    nobody = rule("id: '2', effect: permit, when: {supply: [parts], recipient: [GB]}")
    assert told(GRANT, nobody) == [("unreachable", "2")]
    too_late = rule("id: '2', effect: permit, when: {supply: [parts]}, in_force: {until: '2009-01-01'}")
    (one,) = found(GRANT, too_late)
    assert (one.check, one.provision, one.line, one.column) == ("unreachable", "2", 9, too_late.index("{until") + 1)


def test_what_those_before_it_cover_whole() -> None:
    within = rule("id: '2', effect: permit, when: {supply: [fuel], activity: [joint_exercise]}")
    assert told(GRANT, within) == [("unreachable", "2")]
    assert told(within, GRANT) == []
    parts = [
        rule(f"id: '{n}', effect: permit, when: {{supply: [{supply}]}}")
        for n, supply in enumerate(("food", "water"), 3)
    ]
    whole = rule("id: '5', effect: permit, when: {supply: [food, water]}")
    (one,) = found(*parts, whole)
    assert (one.provision, one.params["others"]) == ("5", "3 (L8), 4 (L9)")
    other_days = within.replace("id: '2',", "id: '2', in_force: {until: '2015-01-01'},")
    ended = GRANT.replace("id: '1',", "id: '1', in_force: {until: '2014-01-01'},")
    assert told(ended, other_days) == [("gap", None)]


def test_a_law_speaks_for_each_side_apart() -> None:
    gives = rule("id: '1', effect: permit, side: provider, when: {supply: [food]}")
    takes = rule("id: '2', effect: permit, side: recipient, when: {supply: [food]}")
    assert told(GRANT, law=gives + takes) == []
    both = rule("id: '3', effect: permit, when: {supply: [food]}")
    (one,) = found(GRANT, law=gives + takes + both)
    assert (one.check, one.instrument, one.provision) == ("unreachable", "law-jp", "3")
    to_one = rule("id: '3', effect: permit, side: provider, when: {supply: [food, water], recipient: [AU]}")
    assert told(GRANT, law=to_one + takes) == []
    assert told(GRANT, law=rule("id: '4', effect: permit, when: {supply: [food, water]}") + to_one) == [
        ("unreachable", "3")
    ]


def test_the_same_number_twice_for_the_same_questions() -> None:
    again = rule("id: '1', effect: permit, when: {supply: [fuel, parts]}")
    (one,) = found(GRANT, again)
    assert (one.check, one.provision, one.line, one.column) == ("overlap", "1", 9, 8)
    assert told(GRANT, again.replace("[fuel, parts]", "[parts]")) == []
    asks = rule("id: '2', effect: require, that: {requested: true}")
    assert told(GRANT, asks, rule("id: '2', effect: require, that: {co_located: true}")) == []
    assert told(GRANT, asks, rule("id: '2', effect: require, that: {requested: true, co_located: true}")) == [
        ("overlap", "2")
    ]


def test_obligations_of_one_kind_that_differ_for_one_question() -> None:
    def owed(name: str, obligation: str, when: str = "supply: [fuel]") -> str:
        return rule(f"id: '{name}', effect: oblige, when: {{{when}}}, obligation: {{kind: settle, {obligation}}}")

    first = owed("4", "methods: [payment], due: P12M")
    (one,) = found(GRANT, first, owed("5", "methods: [payment, return], due: P6M"))
    assert (one.check, one.provision, one.params["terms"]) == ("obligations-differ", "5", "due")
    assert told(GRANT, first, owed("5", "methods: [return], due: P6M")) == []
    assert told(GRANT, first, owed("5", "methods: [payment], due: P6M", "supply: [food]")) == []
    some = owed("5", "methods: [payment, return]")
    assert told(GRANT, some, owed("6", "methods: [payment, equal_value]")) == [("obligations-differ", "6")]


def test_sources_that_are_none() -> None:
    def sourced(url: str, quality: str = "verified", name: str = "2", place: str = "JP") -> str:
        when = f"{{supply: [weapons], place: [{place}]}}"
        source = f"source: {{url: '{url}', quality: {quality}}}"
        return rule(f"id: '{name}', effect: prohibit, when: {when}", source=source)

    assert told(GRANT, sourced("the printed text")) == [("source-missing", "2")]
    assert told(GRANT, sourced("https://example.org/")) == [("source-host-only", "2")]
    assert told(GRANT, sourced("https://example.org/?law=1")) == []
    assert told(GRANT, sourced("https://example.org/text#4", "secondary")) == [
        ("source-quality", "1"), ("source-quality", "1"), ("source-quality", "1")
    ]  # fmt: skip
    assert told(GRANT, sourced("https://example.org/b"), sourced("https://example.org/b", "derived", "3", "AU")) == []
    event = EVENT.replace("https://example.org/text", "https://example.org")
    (one,) = found(GRANT, events=event)
    assert (one.check, one.line, one.column) == ("source-host-only", 6, event.index("'https://") + 1)


def test_days_without_a_provision() -> None:
    late = GRANT.replace("id: '1',", "id: '1', in_force: {from: '2012-01-01', until: '2015-01-01'},")
    again = GRANT.replace("id: '1',", "id: '2', in_force: {from: '2016-01-01'},")
    gaps = [one.params["days"] for one in found(late, again)]
    assert gaps == ["2010-01-01 – 2012-01-01", "2015-01-01 – 2016-01-01"]
    ended = EVENT + "\n" + EVENT.replace("2010", "2015").replace("event: in_force", "event: terminated")
    assert told(late.replace("2012", "2010"), events=ended) == []


def test_versions_with_a_hole_between_them() -> None:
    one = rule("id: '2', effect: require, that: {requested: true}, in_force: {until: '2015-01-01'}")
    two = rule("id: '2', effect: require, that: {co_located: true}, in_force: {from: '2015-02-01'}")
    (hole,) = found(GRANT, one, two)
    assert (hole.check, hole.provision, hole.params["days"]) == ("version-gap", "2", "2015-01-01 – 2015-02-01")
    assert "from: '2015-01-01'" in hole.as_json()["next"]  # type: ignore[operator]
    assert told(GRANT, one, two.replace("2015-02-01", "2015-01-01")) == []


def test_a_text_that_is_not_in_all_languages_is_shown_in_english() -> None:
    english = rule("id: '2', effect: require, that: {requested: true}", says="says: {en: On request., ko: c}")
    files = compose(packs(GRANT, english))
    instruments = load(files)
    assert instruments[0].provisions[1].says == {"en": "On request.", "ja": "On request.", "ko": "c"}
    assert told(GRANT, english) == [("translation-missing", "2")]
    assert told(GRANT, head=TREATY.replace(", ko: c", "")) == [("translation-missing", None)]


def test_a_draft_that_its_events_put_in_force() -> None:
    (one,) = found(GRANT, head=TREATY + "draft: true\n")
    assert (one.check, one.line) == ("draft-in-force", 7)
    proposed = EVENT.replace("event: in_force", "event: proposed")
    assert told(GRANT, head=TREATY + "draft: true\n", events=proposed) == []


def test_a_warning_that_is_known_is_not_told_and_one_that_is_not_there_cannot_be_known() -> None:
    nothing = "id: '2', effect: permit, when: {supply: [fuel]}"
    known = "lint: {allow: [unreachable], because: The text says it twice.}"
    assert told(GRANT, rule(f"{nothing}, {known}")) == []
    assert told(GRANT, rule(nothing), head=f"{TREATY}{known}\n") == []
    assert told(GRANT, rule(f"{nothing}, {known}".replace("fuel", "parts"))) == [("allow-unused", "2")]
    assert told(GRANT, head=f"{TREATY}{known}\n") == [("allow-unused", None)]


def test_facts_that_no_pack_or_one_alone_asks() -> None:
    files = compose(packs(GRANT, rule("id: '2', effect: require, that: {requested: true}")))
    facts = {one.params["fact"]: one for one in lint(files, load(files)) if one.severity == INFORMATION}
    assert {*facts} >= {"co_located", "purpose"}
    assert not {*facts} & {"provider", "holder", "on"}
    assert (facts["co_located"].check, facts["co_located"].path) == ("fact-never-asked", None)
    laws = compose(packs(GRANT, law=rule("id: '1', effect: permit, when: {any: [{place: JP}, {not: {place: AU}}]}")))
    once = next(one for one in lint(laws, load(laws)) if one.params.get("fact") == "place")
    assert (once.check, once.path, once.line, once.instrument) == ("fact-asked-once", "jp.yaml", 6, "law-jp")


def test_every_warning_that_a_pack_may_know_is_one_that_can_be_told() -> None:
    folder = Path(shapes.__file__).parents[1] / "lint"
    source = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    assert [check for check in shapes.LINTS if f'check="{check}"' not in source] == []


def test_the_shipped_packs_contradict_nothing_and_leave_no_day_out() -> None:
    """Poor sources are for those who read them; what is told here would be a fault of the packs themselves."""
    files = compose(read_files(agreements_folder()))
    faults = {"contradiction", "unreachable", "overlap", "gap", "version-gap", "translation-missing", "draft-in-force"}
    assert [one.as_json() for one in lint(files, load(files)) if one.check in faults | {"allow-unused"}] == []


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(conditions(), min_size=1, max_size=3), st.lists(conditions(), max_size=3))
def test_regions_are_exact(inside: list[Condition], outside: list[Condition]) -> None:
    """Held against every question, one by one."""

    def clean(condition: Condition) -> Condition:
        return resolve(condition, {"provider": "JP", "recipient": "AU"}, ())

    inner, outer = [clean(one) for one in inside], [clean(one) for one in outside]
    some = any(
        all(truth_of(one, values) is Truth.TRUE for one in inner)
        and all(truth_of(one, values) is Truth.FALSE for one in outer)
        for values in completions({}, ())
    )
    assert ASKED
    assert Regions().any_question(ALWAYS, inner, outer, datetime.date(2020, 1, 1)) is some


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    code = main(["law", "check", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_command_tells_warnings_and_ends_well_unless_they_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, data in packs(GRANT, rule("id: '2', effect: permit, when: {supply: [fuel]}")):
        (tmp_path / name).write_bytes(data)
    code, answer = run(capsys, str(tmp_path))
    assert (code, answer["instruments"], answer["provisions"], answer["problems"]) == (0, 3, 4, [])
    one = next(one for one in answer["findings"] if one["severity"] == "warning")
    assert {*one} == {
        "severity", "check", "path", "line", "column", "instrument", "provision", "detail", "next"
    }  # fmt: skip
    assert (one["check"], one["line"], one["column"]) == ("unreachable", 9, 3)
    assert {one["severity"] for one in answer["findings"]} == {"warning", "information"}
    code, answer = run(capsys, str(tmp_path), "--strict")
    assert (code, answer["check"], [one["severity"] for one in answer["findings"]]) == (4, "unreachable", ["error"])
    assert main(["law", "check", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("[unreachable]")
    assert lines[0].startswith(f"{tmp_path / 'treaty.yaml'}:9:3: ")
    assert "warnings: 1" in lines[-1]
    assert main(["law", "check", str(tmp_path), "--strict"]) == 4
    assert main(["law", "check", str(tmp_path), "--all"]) == 0
    assert "for information" in capsys.readouterr().out


def test_errors_are_told_as_before_with_their_severity(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "broken.yaml").write_text("instrument: x\nkind: nonsense\nprovisions: []\n")
    code, answer = run(capsys, str(tmp_path))
    assert code == 4
    assert len(answer["findings"]) == len(answer["problems"]) >= 2
    assert {one["severity"] for one in answer["findings"]} == {"error"}
