"""Archives are unpacked within limits, and never under a name of their own choice."""

from __future__ import annotations

import errno
import gzip
import io
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers_readers import assert_tells, make_xlsx, make_zip

from ipvi_cli.ingest import containers
from ipvi_cli.ingest.containers import DEFAULT_LIMITS, Limits, Member, Unopened, expand
from ipvi_cli.model.errors import InputError, OutputError

CSV = b"id,word\n1,a\n"


def opened(path: Path, limits: Limits = DEFAULT_LIMITS) -> dict[str, bytes | InputError]:
    scratch = path.parent / "scratch"
    scratch.mkdir()
    found = {
        one.label: one.path.read_bytes() if isinstance(one, Member) else one.error
        for one in expand(path, path.name, scratch, limits)
    }
    assert {one.parent for one in path.parent.rglob("member*")} <= {scratch}
    return found


def refusals(path: Path, limits: Limits = DEFAULT_LIMITS) -> list[InputError]:
    try:
        found = opened(path, limits)
    except InputError as error:
        return [error]
    return [one for one in found.values() if isinstance(one, InputError)]


def test_plain_file_stays_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(CSV)

    assert list(expand(path, "a.csv", tmp_path)) == [Member("a.csv", path)]


def test_gzip_is_unpacked_under_its_label(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(CSV) + gzip.compress(b"2,b\n"))

    assert opened(tmp_path / "a.csv.gz") == {"a.csv.gz": CSV + b"2,b\n"}


def test_members_in_the_order_of_the_archive(tmp_path: Path) -> None:
    members = {
        "z/b.csv": CSV,
        "a.csv.gz": gzip.compress(CSV),
        "__MACOSX/z/._b.csv": b"x",
        "z/.DS_Store": b"x",
        "z/": b"",
        "empty.csv": b"",
    }

    found = opened(make_zip(tmp_path / "a.zip", members))

    assert list(found.items()) == [
        ("a.zip!z/b.csv", CSV),
        ("a.zip!a.csv.gz", CSV),
        ("a.zip!empty.csv", b""),
    ]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../evil.csv", "evil.csv"),
        ("/etc/evil.csv", "etc/evil.csv"),
        ("C:\\evil.csv", "evil.csv"),
        ("..\\..\\evil.csv", "evil.csv"),
        ("a/../../b.csv", "a/b.csv"),
        ("..", "file"),
        ("a\x1b[2Jb\n.csv", "a_[2Jb_.csv"),
    ],
)
def test_names_that_reach_outside(tmp_path: Path, name: str, label: str) -> None:
    found = opened(make_zip(tmp_path / "a.zip", {name: CSV}))

    assert found == {f"a.zip!{label}": CSV}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", "scratch"]


def test_members_of_one_name_stay_apart(tmp_path: Path) -> None:
    found = opened(make_zip(tmp_path / "a.zip", {"a.csv": CSV, "../a.csv": b"b", "A.CSV": b"c"}))

    assert found == {"a.zip!a.csv": CSV, "a.zip!a.csv~2": b"b", "a.zip!A.CSV~3": b"c"}


def test_links_are_left_out(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.csv", CSV)

    assert opened(tmp_path / "a.zip") == {"a.zip!a.csv": CSV}


def test_workbooks_are_not_unpacked(tmp_path: Path) -> None:
    book = make_xlsx(tmp_path / "b.xlsx", {"One": [["id"]]}).read_bytes()
    make_zip(tmp_path / "a.zip", {"b.xlsx": book})

    assert opened(tmp_path / "a.zip") == {"a.zip!b.xlsx": book}
    assert list(expand(tmp_path / "b.xlsx", "b.xlsx", tmp_path)) == [
        Member("b.xlsx", tmp_path / "b.xlsx")
    ]


def cut_gzip(path: Path) -> None:
    path.write_bytes(gzip.compress(b"SECRET" * 9000)[:-20])


def spoilt_gzip(path: Path) -> None:
    content = bytearray(gzip.compress(bytes(range(256)) * 40))
    content[40:60] = bytes(20)
    path.write_bytes(content)


def cut_zip(path: Path) -> None:
    make_zip(path, {"a.csv": b"SECRET" * 9000})
    path.write_bytes(path.read_bytes()[:-30])


def empty_zip(path: Path) -> None:
    make_zip(path, {"a/": b""})


def nested_zip(path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.csv", CSV)
    make_zip(path, {"good.csv": CSV, "in.zip": inner.getvalue()})


def encrypted_zip(path: Path) -> None:
    make_zip(path, {"good.csv": CSV, "a.csv": b"SECRET"})
    content = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.rindex(signature) + flags] |= 1
    path.write_bytes(content)


def wrong_sum_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("good.csv", CSV)
        archive.writestr("a.csv", b"SECRET")
    path.write_bytes(path.read_bytes().replace(b"SECRET", b"SECRED"))


def strange_zip(path: Path) -> None:
    make_zip(path, {"good.csv": CSV, "a.csv": b"SECRET"})
    content = bytearray(path.read_bytes())
    for signature, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        content[content.rindex(signature) + method] = 97
    path.write_bytes(content)


def spoilt_member(path: Path) -> None:
    make_zip(path, {"good.csv": CSV, "b.xlsx": b"PK\x03\x04 SECRET"})


@pytest.mark.parametrize(
    ("make", "where", "what", "good"),
    [
        (cut_gzip, "x", "archive is damaged or cut short", False),
        (spoilt_gzip, "x", "archive is damaged or cut short", False),
        (cut_zip, "x", "archive is damaged or cut short", False),
        (empty_zip, "x", "holds no file", False),
        (nested_zip, "x!in.zip", "archive inside an archive", True),
        (encrypted_zip, "x!a.csv", "protected by a password", True),
        (wrong_sum_zip, "x!a.csv", "archive is damaged", True),
        (strange_zip, "x!a.csv", "packed in a way that is not read", True),
        (spoilt_member, "x!b.xlsx", "workbook is damaged", True),
    ],
)
def test_archives_that_cannot_be_unpacked(
    tmp_path: Path, make: Callable[[Path], None], where: str, what: str, good: bool
) -> None:
    make(tmp_path / "x")

    (error,) = refusals(tmp_path / "x")

    assert error.where == where
    assert_tells(error, where, what)
    unpacked = [path.read_bytes() for path in (tmp_path / "scratch").iterdir()]
    assert (CSV in unpacked) == good


SMALL = Limits(total_bytes=1 << 20, ratio=20, ratio_from=10_000, members=3)


@pytest.mark.parametrize(
    ("members", "what"),
    [
        ({"a.csv": bytes(1 << 16)}, "out of all proportion"),
        ({f"{n}.csv": bytes(6_000) for n in range(3)}, "out of all proportion"),
        ({"a.csv": bytes(range(256)) * 5000}, "more than 1 MiB"),
        ({"a.csv.gz": gzip.compress(bytes(1 << 16))}, "out of all proportion"),
        ({f"{n}.csv": b"x" for n in range(4)}, "4 files, more than 3"),
    ],
)
def test_bombs(tmp_path: Path, members: dict[str, bytes], what: str) -> None:
    make_zip(tmp_path / "a.zip", members)

    (error,) = refusals(tmp_path / "a.zip", SMALL)

    assert_tells(error, "a.zip", what)
    left = sum(path.stat().st_size for path in (tmp_path / "scratch").iterdir())
    assert left <= SMALL.total_bytes


def test_gzip_bomb(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(bytes(1 << 16)))

    (error,) = refusals(tmp_path / "a.gz", SMALL)

    assert_tells(error, "a.gz", "out of all proportion")
    assert list((tmp_path / "scratch").iterdir()) == []


def test_nothing_is_unpacked_after_a_bomb(tmp_path: Path) -> None:
    make_zip(tmp_path / "a.zip", {"good.csv": CSV, "bomb.csv": bytes(1 << 16), "later.csv": CSV})

    found = opened(tmp_path / "a.zip", SMALL)

    assert list(found) == ["a.zip!good.csv", "a.zip!bomb.csv"]


def test_well_packed_text_is_no_bomb(tmp_path: Path) -> None:
    text = b"19-000123,2019-05-01,SIMPLE ASSAULT,VICTIM WAS SPOUSE\n" * 20_000

    assert opened(make_zip(tmp_path / "a.zip", {"a.csv": text})) == {"a.zip!a.csv": text}


def test_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_zip(tmp_path / "a.zip", {"a.csv": CSV})

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "SECRET")

    monkeypatch.setattr(containers.Guard, "count", full)

    with pytest.raises(
        OutputError, match=r"a\.csv: could not be unpacked: the disk is full"
    ) as caught:
        opened(tmp_path / "a.zip")

    assert "SECRET" not in caught.value.line()
    assert list((tmp_path / "scratch").iterdir()) == []


def test_unopened_tells_its_label(tmp_path: Path) -> None:
    nested_zip(tmp_path / "x")
    (tmp_path / "s").mkdir()

    found = list(expand(tmp_path / "x", "sub/x", tmp_path / "s"))

    assert [one.label for one in found] == ["sub/x!good.csv", "sub/x!in.zip"]
    assert isinstance(found[1], Unopened)
