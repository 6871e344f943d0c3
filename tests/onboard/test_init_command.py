from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

import pytest
from helpers_onboard import Column, days, drafted, numbers, write_csv
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli.cli.exits import run
from ipvi_cli.cli.prompt import asker
from ipvi_cli.model.errors import InputError, OutputError
from ipvi_cli.model.profile import parse_profile
from ipvi_cli.onboard import Question
from ipvi_cli.onboard.toml_text import comment, value
from ipvi_cli.pipeline import onboarding

ROOT = Path(__file__).parents[2] / "sample_data"


def _cases(folder: Path, *more: Column) -> Path:
    write_csv(
        folder / "cases.csv",
        Column("Case Number", numbers()),
        Column("Occurred", days("2021-{m:02}-{d:02}")),
        Column("Victim Sex", ["F", "M"]),
        *more,
    )
    return folder


def test_the_draft_and_the_letter_lie_beside_the_files_and_the_audit_takes_them(
    tmp_path: Path,
) -> None:
    done = onboarding.init(_cases(tmp_path / "city"))

    assert done.usable
    assert done.profile == tmp_path / "city" / "jurisdiction.toml"
    assert done.letter == tmp_path / "city" / "data_request.md"
    assert parse_profile(done.profile.read_text(), where="draft").jurisdiction.name == "city"


def test_an_earlier_profile_is_never_replaced_unasked(tmp_path: Path) -> None:
    folder = _cases(tmp_path / "city")
    (folder / "jurisdiction.toml").write_text("mine")

    with pytest.raises(OutputError):
        onboarding.init(folder)

    assert (folder / "jurisdiction.toml").read_text() == "mine"
    assert onboarding.init(folder, out=tmp_path / "other.toml").profile.is_file()
    assert "[jurisdiction]" in onboarding.init(folder, force=True).profile.read_text()


def test_answers_are_taken_over_and_their_questions_closed(tmp_path: Path) -> None:
    folder = _cases(tmp_path / "city", Column("Relationship", ["SPOUSE", "CHILD", "FRIEND"]))
    answers = {
        "name": "Lake City",
        "population": "domestic",
        "period": "2021-01-01..2021-12-31",
        "agency": "ZZ0010000",
        "direction": "victim_to_offender",
    }

    done = onboarding.init(folder, ask=lambda question: answers.get(question.key))

    text = done.profile.read_text()
    profile = parse_profile(text, where="draft")
    assert "ASK: " not in text.split("\n\n", 1)[1]
    assert profile.jurisdiction.name == "Lake City"
    assert profile.jurisdiction.population == "domestic"
    assert profile.jurisdiction.period is not None
    assert profile.agencies[0].id == "ZZ0010000"
    tables = {one.table: one for one in profile.sources[0].tables}
    assert tables["relationship"].columns["relationship_raw"].direction == "victim_to_offender"


def test_the_letter_says_what_is_missing_for_which_figures(tmp_path: Path) -> None:
    letter = onboarding.init(_cases(tmp_path / "city")).letter.read_text()

    assert "| cases.csv | 60 | 0 | incident, victim |" in letter
    missing = next(line for line in letter.splitlines() if "`offense.weapon_raw`" in line)
    assert "C07 Weapon other than personal" in missing
    assert "**Pairs** (one row for each victim and suspect of an incident)" in letter
    assert "the first and last day that the extract covers" in letter


def test_what_may_name_somebody_is_written_nowhere(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    name = "ZZQUILLON"
    folder = _cases(
        tmp_path / "city",
        Column("Victim Name", [f"{name}, A", "DOE, TEST"]),
        Column("Relationship", ["SPOUSE"] * 9 + [f"{name}S WIFE"]),
        Column("Narrative", [f"{name} said so and so, and a good deal more of that kind"]),
        Column("Agency", ["LAKE CITY PD"]),
        Column("Oddity", [name, "X", "Y"]),
    )

    code = run(["init", str(folder), "--format", "json"])

    out, err = capfdbinary.readouterr()
    written = [(folder / one).read_bytes() for one in ("jurisdiction.toml", "data_request.md")]
    assert code == 0
    assert not [text for text in (out, err, *written) if name.encode() in text]


def test_a_file_without_a_header_is_not_read_for_its_first_record_would_be_its_names(
    tmp_path: Path,
) -> None:
    write_csv(
        tmp_path / "bare.csv",
        Column("21-00000", numbers()),
        Column("03/04/2021", days()),
        Column("ZZQUILLON", ["DOE"]),
    )

    with pytest.raises(InputError) as caught:
        onboarding.init(tmp_path)

    assert "no header" in caught.value.line()
    assert "ZZQUILLON" not in caught.value.line()


def test_a_file_without_a_header_is_noticed_by_words_that_recur(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "bare.csv",
        Column("A-1", ["A-2", "A-3"]),
        Column("ZZQUILLON", ["DOE", "ROE"]),
        Column("WIFE", ["WIFE", "HUSBAND"]),
        Column("F", ["F", "M"]),
    )

    with pytest.raises(InputError) as caught:
        onboarding.init(tmp_path)

    assert "ZZQUILLON" not in caught.value.line()


def test_json_gives_every_column_with_score_and_evidence(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    folder = _cases(tmp_path / "city")

    code = run(["init", str(folder), "--format", "json"])

    told = json.loads(capfdbinary.readouterr().out)
    assert code == 0
    assert told["usable"] is True
    assert told["based_on"] is None
    assert [(one["file"], one["rows"], one["header_row"]) for one in told["files"]] == [
        ("cases.csv", 60, 1)
    ]
    first = told["columns"][0]
    assert (first["column"], first["canonical"], first["key"]) == (
        "Case Number",
        "incident_number",
        "unique",
    )
    assert first["score"] == 1.0
    assert first["evidence"]


def test_a_workbook_alone_is_shown_and_drafted(
    tmp_path: Path,
) -> None:
    (tmp_path / "arrests.xlsx").write_bytes(
        (ROOT / "two_agencies_rms" / "arrests.xlsx").read_bytes()
    )

    code = run(["init", str(tmp_path)])

    assert code == 0
    assert 'sheet = "Arrests"' in (tmp_path / "jurisdiction.toml").read_text()


def test_nothing_is_asked_where_nobody_sits_at_the_terminal() -> None:
    assert asker() is None


def test_a_delivery_that_cannot_be_mapped_is_no_failure(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    write_csv(tmp_path / "words.csv", Column("a", ["x", "y"]), Column("b", ["p", "q"]))

    code = run(["init", str(tmp_path)])

    assert code == 0
    out = capfdbinary.readouterr().out
    assert b"no audit can be made yet" in out
    assert b"which files hold the incidents" in out
    assert (
        "# ASK: no file of this delivery could be mapped"
        in (tmp_path / "jurisdiction.toml").read_text()
    )


def test_a_profile_that_fits_in_part_is_adapted_and_the_rest_marked(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    shutil.copytree(ROOT / "poughkeepsie_2019", folder)
    export = folder / "dir_2019.csv"
    export.write_bytes(
        export.read_bytes()
        .replace(b"Suspect Race", b"Perpetrator Descent")
        .replace(b",Post,", b",Sektor,")
    )

    looked = onboarding.look(folder, like=folder / "jurisdiction.toml", out=tmp_path / "new.toml")
    text = drafted(looked)

    profile = parse_profile(text, where="draft")
    tables = {one.table: one for one in profile.sources[0].tables}
    assert looked.study.known is not None
    assert set(looked.study.known.lost) == {"reports: Post", "reports: Suspect Race"}
    assert "# ASK: dir_2019.csv has no column 'Post'; which one is it?" in text
    assert '# district = "Post"' in text
    assert "district" not in tables["incident"].columns
    assert "# ASK: dir_2019.csv has no column 'Suspect Race'; is it 'Perpetrator Descent'" in text
    assert tables["offender"].columns["race"].column == "Perpetrator Descent"
    assert tables["relationship"].columns["relationship_raw"].direction == "offender_to_victim"
    assert profile.site_words["weapon"]["KNIFE - KITCHEN"] == "20"


def test_a_person_is_asked_again_until_the_answer_can_be_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from io import StringIO

    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    told = Terminal()
    monkeypatch.setattr(
        "sys.stdin", Terminal("2021\n2021-12-31..2021-01-01\n2021-01-01..2021-12-31\n\n")
    )
    monkeypatch.setattr("sys.stderr", told)
    question = Question("period", "which days?", "[jurisdiction] period", asked_here=True)

    ask = asker()

    assert ask is not None
    assert ask(question) == "2021-01-01..2021-12-31"
    assert ask(question) is None
    assert "the first" in told.getvalue()


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(_TEXT, _TEXT)
def test_any_text_survives_the_writing_of_toml(name: str, text: str) -> None:
    written = f"a = {value({name: [text, True, 3]})}\n" + "\n".join(comment(text))

    assert tomllib.loads(written) == {"a": {name: [text, True, 3]}}


@settings(derandomize=True, deadline=None, max_examples=15)
@given(
    st.lists(
        st.sampled_from(
            [
                "Case Number",
                "Victim Age",
                "Sex",
                "Relationship",
                "Offense",
                "Role",
                "Date",
                'X"]\n',
                "V1 Sex",
            ]
        ),
        min_size=2,
        max_size=6,
        unique=True,
    ),
    st.lists(
        st.sampled_from(["", "F", "22", "WIFE", "01/02/2021", "VICTIM", "21-00001"]),
        min_size=1,
        max_size=7,
    ),
)
def test_every_draft_that_maps_anything_is_a_profile(
    tmp_path_factory: pytest.TempPathFactory, headers: list[str], cells: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    write_csv(
        folder / "a.csv",
        *(Column(one, cells[place:] + cells) for place, one in enumerate(headers)),
        rows=12,
    )

    try:
        done = onboarding.init(folder)
    except InputError:
        return

    assert done.usable == bool(done.study.sources)
