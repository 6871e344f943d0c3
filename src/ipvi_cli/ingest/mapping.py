"""Source rows to the rows of one canonical table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from ipvi_cli.ingest.distinct import Distinct, distinct, of_all, repeated
from ipvi_cli.ingest.feeds import Feed, choose, unpack_faults
from ipvi_cli.ingest.plan import SourcePlan
from ipvi_cli.ingest.stamp_plan import SERIAL, StampPlan
from ipvi_cli.ingest.stamps import read_stamps, read_times
from ipvi_cli.ingest.values import Coder, cells, read_age, read_whole, read_yes_no, replace
from ipvi_cli.model.codelists import CODE_LISTS
from ipvi_cli.model.finding import PROBLEM_SCHEMA
from ipvi_cli.model.profile import Profile
from ipvi_cli.model.profile_sources import MAPPED_KEYS, ColumnMap, Source
from ipvi_cli.model.tables import metadata, polars_schema

CODED: Final = {
    "offense_raw": ("offense_code", "offense", "IPVI-302"),
    "weapon_raw": ("weapon_codes", "weapon", "IPVI-303"),
    "injury_raw": ("injury_codes", "injury", "IPVI-304"),
    "disposition_raw": ("disposition", "disposition", "IPVI-305"),
    "call_type_raw": ("call_type", "call", "IPVI-306"),
}
"""Column of words to the column of codes, the kind of crosswalk, and the rule that an unmapped word breaks."""

TABLE_KEYS: Final = (
    "incident_id",
    "agency",
    "incident_number",
    "source_file",
    "source_row",
    "row_fate",
)
_DAY_NUMBER: Final = r"^\d{5}(?:\.\d+)?$"


@dataclass
class Tongue:
    """What a source's words mean, learnt once per distinct word, and the words that mean nothing known.

    Attributes:
        coder: The packaged crosswalks with the site's words over them.
        known: Words looked up already, by kind and code system.
        unmapped: Rows of each unmapped word, by kind.
    """

    coder: Coder
    known: dict[tuple[str, str], dict[str, str | None]] = field(default_factory=dict)
    unmapped: Counter[tuple[str, str]] = field(default_factory=Counter)

    def codes(self, kind: str, words: pl.Series, system: str, rows: pl.Series) -> pl.Series:
        """Map words to codes; unmapped ones become null, and the rows of each are counted."""
        known = self.known.setdefault((kind, system), {})
        fresh = [
            word for word in words.drop_nulls().unique(maintain_order=True) if word not in known
        ]
        if fresh:
            known.update(self.coder(kind, fresh, system))
        mapped = replace(words, known, pl.String())
        lost = words.is_not_null() & mapped.is_null()
        if lost.any():
            told = pl.DataFrame({"word": words, "rows": rows}).filter(lost)
            for word, count in told.group_by("word").sum().iter_rows():
                self.unmapped[kind, word] += count
        return mapped


@dataclass(frozen=True)
class Mapped:
    """Rows of one canonical table.

    Attributes:
        rows: Key columns, the mapped and derived columns, ``_row`` (position in the batch), ``_item`` (number of the
            packed item) and ``_stated`` (whether the row says that there is such a record: by a filled cell, by its
            role, or because the profile says so of every row).
        problems: What could not be read, by row.
    """

    rows: pl.DataFrame
    problems: list[pl.DataFrame]


def map_rows(
    frame: pl.DataFrame,
    keys: pl.DataFrame,
    feed: Feed,
    position: int,
    *,
    source: Source,
    plan: SourcePlan,
    profile: Profile,
    tongue: Tongue,
) -> Mapped:
    """Map chosen source rows to the columns of their canonical table.

    Args:
        frame: Source rows, with ``_row``.
        keys: Key columns of the batch (``TABLE_KEYS``), a row for each of its rows.
        feed: How the source feeds the table.
        position: Position of the feed in its source.
        source: The source.
        plan: What was decided about the source.
        profile: The whole profile.
        tongue: The crosswalks of coded columns.

    Returns:
        The rows, and what could not be read.
    """
    frame = choose(frame, feed)
    own = keys.select(TABLE_KEYS)
    if feed.packed is not None or frame.height < keys.height:
        own = own[frame["_row"]]
    reader = _Reader(frame, own, feed, position, source, plan, profile, tongue)
    for name in polars_schema(feed.table):
        mapped = feed.columns.get(name)
        if mapped is not None and name not in MAPPED_KEYS:
            reader.read(name, mapped)
    if feed.table in ("relationship", "order"):
        reader.stated_ties(feed.columns.get("relationship_raw"))
    # Whoever stands in a list of persons, or has the role of one, is there even if nothing else is said.
    by_role = feed.packed is not None or (bool(feed.where) and feed.total == 1)
    of_every_row = all(one.constant is not None for one in feed.columns.values())
    rows = pl.concat([frame.select("_row", "_item"), own], how="horizontal").with_columns(
        *reader.out,
        (reader.told | by_role | of_every_row).alias("_stated"),
    )
    return Mapped(rows, reader.problems)


def lost_items(
    frame: pl.DataFrame, keys: pl.DataFrame, feeds: Iterable[Feed]
) -> list[pl.DataFrame]:
    """Name the packed cells of a batch with items that belong to nobody.

    Args:
        frame: Source rows, with ``_row``.
        keys: Key columns of the batch, a row for each of its rows.
        feeds: How the source feeds its tables.

    Returns:
        Problems, by row.
    """
    first = {tuple(feed.packed.columns): feed for feed in feeds if feed.packed is not None}
    found = []
    for feed in first.values():
        for column, places in unpack_faults(frame, feed).items():
            said = f"column '{column}' holds list items without a number of their own; they are not read"
            found.append(_problems(keys[places], "IPVI-203", feed.table, None, said))
    return found


def _problems(
    rows: pl.DataFrame, code: str, table: str, column: str | None, message: str
) -> pl.DataFrame:
    said = {"code": code, "table": table, "column": column, "message": message}
    return rows.select(
        *(pl.lit(value, pl.String).alias(key) for key, value in said.items()),
        *(pl.col(key) for key in ("agency", "incident_id", "source_file", "source_row")),
    ).select(pl.col(name).cast(dtype) for name, dtype in PROBLEM_SCHEMA.items())


@dataclass
class _Reader:
    frame: pl.DataFrame
    keys: pl.DataFrame
    feed: Feed
    position: int
    source: Source
    plan: SourcePlan
    profile: Profile
    tongue: Tongue
    out: list[pl.Series] = field(default_factory=list)
    problems: list[pl.DataFrame] = field(default_factory=list)
    told: pl.Series = field(init=False)
    apart: dict[str, Distinct] = field(default_factory=dict)
    at_hand: Distinct = field(init=False)

    def __post_init__(self) -> None:
        self.told = pl.repeat(False, self.frame.height, dtype=pl.Boolean, eager=True)

    def read(self, name: str, mapped: ColumnMap) -> None:
        """Read one canonical column; where cells repeat, each different one once."""
        nulls = frozenset(self.source.null_words)
        if mapped.constant is not None:
            self.at_hand = of_all(str(mapped.constant), self.frame.height)
            text = self.at_hand.cells
        elif mapped.column is None:
            text = cells(self.frame, mapped, nulls)
            self.at_hand = Distinct(text, None)
        else:
            self.at_hand = self._apart(mapped.column)
            text = cells(self.at_hand.cells.to_frame(), mapped, nulls)
        if mapped.constant is None:
            self.told = self.told | self.at_hand.spread(text.is_not_null())
        if name in CODED:
            self._coded(name, text, mapped)
            return
        text = self._listed(text, mapped)
        meta = metadata(self.feed.table, name)
        if meta.get("vocabulary"):
            codes = replace(text.str.to_uppercase(), CODE_LISTS[meta["vocabulary"]], pl.String())
            self._keep(name, codes, text, "IPVI-301", "a code that is not on the list")
        elif meta.get("site_word") and self.feed.table != "tally":
            self._shown(name, text)
        elif name == "age_years":
            age, bad = read_age(text, nibrs=mapped.code_system == "nibrs")
            self._problem("IPVI-203", name, "an age that cannot be read", bad)
            self._add(name, age)
        else:
            self._typed(name, text, mapped)

    def _typed(self, name: str, text: pl.Series, mapped: ColumnMap) -> None:
        dtype = polars_schema(self.feed.table)[name]
        if dtype == pl.Int64():
            self._whole(name, text)
        elif dtype == pl.Boolean():
            words = "a word that is neither among the yes nor the no words"
            told = text if mapped.otherwise is None else pl.repeat(None, text.len(), eager=True)
            self._keep(name, read_yes_no(text, mapped), told, "IPVI-204", words)
        elif dtype == pl.Date():
            self._date(name, text)
        elif dtype == pl.Time():
            self._time(name, text)
        else:
            self._add(name, text)

    def stated_ties(self, mapped: ColumnMap | None) -> None:
        """Say of which code system and direction the relationship words are."""
        system, direction = ("text", "undeclared")
        if mapped is not None:
            system, direction = mapped.code_system, mapped.direction
        for name, value in (("code_system", system), ("direction", direction)):
            self.out.append(repeated(value, self.frame.height).alias(name))

    def _listed(self, text: pl.Series, mapped: ColumnMap) -> pl.Series:
        if mapped.codes is None:
            return text
        codes = (
            mapped.codes
            if isinstance(mapped.codes, dict)
            else self.profile.code_lists[mapped.codes]
        )
        folded = {word.upper(): meaning for word, meaning in codes.items()}
        meanings = replace(text.str.to_uppercase(), folded, pl.String())
        # A word that the list does not hold stays as it is, to be judged as any other word.
        return pl.DataFrame({"m": meanings, "t": text}).select(pl.coalesce("m", "t")).to_series()

    def _coded(self, name: str, text: pl.Series, mapped: ColumnMap) -> None:
        codes_name, kind, rule = CODED[name]
        self._add(name, text)
        if polars_schema(self.feed.table)[codes_name] == pl.List(pl.String()):
            codes, bad = self._code_lists(kind, text, mapped)
        else:
            words, rows = self._listed(text, mapped), self.at_hand.rows()
            codes = self.tongue.codes(kind, words, mapped.code_system, rows)
            bad = text.is_not_null() & codes.is_null()
        self._add(codes_name, codes)
        self._problem(rule, name, f"the crosswalk does not hold the {kind} words", bad)

    def _code_lists(
        self, kind: str, text: pl.Series, mapped: ColumnMap
    ) -> tuple[pl.Series, pl.Series]:
        separate = mapped.split if mapped.part is None else None
        one = pl.DataFrame({"cell": text, "rows": self.at_hand.rows()}).with_row_index("i")
        one = one.drop_nulls("cell")
        if separate is not None:
            one = one.with_columns(pl.col("cell").str.split(separate)).explode("cell")
            one = one.with_columns(pl.col("cell").str.strip_chars()).filter(pl.col("cell") != "")
        words = self._listed(one["cell"], mapped)
        codes = self.tongue.codes(kind, words, mapped.code_system, one["rows"])
        one = one.with_columns(codes.alias("code"))
        lists = one.group_by("i", maintain_order=True).agg(
            pl.col("code").drop_nulls().unique(maintain_order=True),
            pl.col("code").is_null().any().alias("bad"),
        )
        whole = (
            text.to_frame("cell")
            .with_row_index("i")
            .join(lists, on="i", how="left", maintain_order="left")
        )
        filled = whole.select(
            pl.when(pl.col("code").list.len() > 0).then("code").alias("code"),
            pl.col("bad").fill_null(False),
        )
        return filled["code"], filled["bad"]

    def _shown(self, name: str, text: pl.Series) -> None:
        shown = replace(text.str.to_uppercase(), self.plan.shown, pl.String())
        self._add(name, shown)
        pair = pl.DataFrame({"t": text, "s": shown})
        rare = pair.select(pl.when(pl.col("s").is_null()).then("t")).to_series()
        self._add(f"{name}_raw", rare)
        self._problem("IPVI-307", name, "a name too rare to be shown", rare.is_not_null())

    def _whole(self, name: str, text: pl.Series) -> None:
        number = read_whole(text)
        self._problem(
            "IPVI-203", name, "a number that cannot be read", text.is_not_null() & number.is_null()
        )
        floor = metadata(self.feed.table, name).get("minimum")
        if floor is not None:
            below = (number < floor).fill_null(False)
            rule = "IPVI-906" if self.feed.table == "tally" else "IPVI-203"
            self._problem(rule, name, f"a number below {floor}", below)
            number = number.set(below, None)
        self._add(name, number)

    def _date(self, name: str, text: pl.Series) -> None:
        plan = self._stamps(name)
        dates = read_stamps(text, plan)["date"]
        self._add(name, dates)
        bad = text.is_not_null() & dates.is_null()
        serial = bad & text.str.contains(_DAY_NUMBER).fill_null(False)
        if SERIAL not in plan.formats:
            what = "what may be a spreadsheet's day number; declare date_formats = ['excel'] if so"
            self._problem("IPVI-201", name, what, serial)
            bad = bad & ~serial
        self._problem("IPVI-201", name, "a date that cannot be read", bad)

    def _time(self, name: str, text: pl.Series) -> None:
        times = read_times(text, self._stamps(name))
        self._add(name, times)
        lost = times.is_null() & text.is_not_null()
        if lost.any():
            # A cell that states only a date states no time; that is no fault.
            read = read_stamps(text.filter(lost), self._stamps(name))
            lost = lost.scatter(lost.arg_true(), read["date"].is_null() | read["clock"])
        self._problem("IPVI-205", name, "a time that cannot be read", lost)

    def _stamps(self, name: str) -> StampPlan:
        return self.plan.stamps[self.position, name]

    def _keep(self, name: str, values: pl.Series, text: pl.Series, rule: str, what: str) -> None:
        self._add(name, values)
        self._problem(rule, name, what, text.is_not_null() & values.is_null())

    def _apart(self, column: str) -> Distinct:
        if column not in self.apart:
            self.apart[column] = distinct(self.frame[column])
        return self.apart[column]

    def _add(self, name: str, read: pl.Series) -> None:
        self.out.append(self.at_hand.spread(read).alias(name))

    def _problem(self, rule: str, column: str, what: str, bad: pl.Series) -> None:
        if not bad.any():
            return
        where = " + ".join(self.feed.columns[column].source_columns())
        message = (
            f"column '{where}' holds {what}"
            if not what.startswith("the ")
            else f"{what} of column '{where}'"
        )
        rows = self.keys.filter(self.at_hand.spread(bad))
        self.problems.append(_problems(rows, rule, self.feed.table, column, message))
