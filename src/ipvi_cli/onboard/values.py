"""What the values of a column look like: their type, their filling, and how far they fit a kind of column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

import polars as pl

from ipvi_cli.model.codelists import CODE_LISTS
from ipvi_cli.onboard.delivered import Vocabulary
from ipvi_cli.onboard.headers import word_list

NULLS: Final = ("", "NULL", "null", "(null)", "NaN", "nan", "\\N", "#N/A", "N/A")
_MOST_WORDS: Final = 3000
"""Distinct values of a column that are looked at."""

_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
DATE: Final = (
    rf"(?i)^(?:\d{{1,4}}[/.\-]\d{{1,2}}[/.\-]\d{{1,4}}|\d{{1,2}}[- ]?{_MONTH}[- ,]*\d{{2,4}}|"
    rf"{_MONTH}\.? \d{{1,2}},? \d{{4}}|\d{{4}} {_MONTH}\.? \d{{1,2}}|(?:19|20)\d{{2}}[01]\d[0-3]\d)"
    r"(?:[T ,]+.*)?$"
)
_SERIAL: Final = r"^[34]\d{4}(?:\.\d+)?$"
_CLOCK: Final = r"\d{1,2}:\d{2}"
_TIME: Final = r"(?i)^(?:\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?|\d{1,4})$"
_SHORTEST_NUMBER: Final = 3.5
_MIDNIGHT: Final = r"(?i)(?:T| )(?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)? ?am)$"
_WHOLE: Final = r"^-?\d{1,18}(?:\.0+)?$"
_AGE: Final = r"(?i)^(?:\d{1,3}(?:\.0+)?(?: ?(?:y|yr|yrs|years|yo))?|NN|NB|BB|UNK|UNKNOWN|U)$"
_NAME: Final = r"(?i)^[\p{L}'.\- ]{2,},? *[\p{L}'.\- ]{2,}(?:,? *[\p{L}'.\- ]*)$"
_PHONE: Final = r"^[()\d\-+. x]{7,20}$"
_AGENCY: Final = r"(?i)^[A-Z]{2}[A-Z0-9]\d{2}[A-Z0-9]{4}$|\b(?:PD|SO|police|sheriff|dept|department|marshal)\b|PD$"
_STATUTE: Final = r"\d"
_NUMBERED: Final = r"\d"
_YEAR: Final = r"^(?:19|20)\d{2}$"
_CODE: Final = r"^[A-Za-z0-9./\-]{1,12}$"
_FREE: Final = 40
_FORMS: Final = (
    ("%Y-%m-%d", None), ("%m/%d/%Y", "month"), ("%d/%m/%Y", "day"), ("%m/%d/%y", "month"), ("%d/%m/%y", "day"),
    ("%d-%b-%y", None), ("%d-%b-%Y", None), ("%b %d, %Y", None),
)  # fmt: skip
"""Formats of dates, and the order of day and month that they need."""
_PATTERNS: Final = {
    "%Y-%m-%d": r"^(\d{4}-\d{2}-\d{2})",
    "%m/%d/%Y": r"^(\d{1,2}/\d{1,2}/\d{4})\b",
    "%d/%m/%Y": r"^(\d{1,2}/\d{1,2}/\d{4})\b",
    "%m/%d/%y": r"^(\d{1,2}/\d{1,2}/\d{2})\b",
    "%d/%m/%y": r"^(\d{1,2}/\d{1,2}/\d{2})\b",
    "%d-%b-%y": r"^(\d{1,2}-[A-Za-z]{3}-\d{2})$",
    "%d-%b-%Y": r"^(\d{1,2}-[A-Za-z]{3}-\d{4})$",
    "%b %d, %Y": r"^([A-Za-z]{3} \d{1,2}, \d{4})",
}
_YES_NO: Final = frozenset(
    {"Y", "YES", "TRUE", "T", "1", "N", "NO", "FALSE", "F", "0", "SI", "U", "UNK", "UNKNOWN"}
)
_PLAIN_YES_NO: Final = frozenset({"Y", "YES", "TRUE", "T", "1", "N", "NO", "FALSE", "F", "0"})
_ATTEMPT: Final = frozenset({"A", "C", "ATTEMPTED", "COMPLETED", "ATTEMPT", "COMPLETE"})
_KNOWN: Final = 0.5
"""Share of known words from which they say themselves what they are."""
COMMON: Final = 11
"""A word seen less often may name somebody and is not written down (the contract's limit for site words)."""


@dataclass(frozen=True)
class Fit:
    """How far values fit a kind of column.

    Attributes:
        share: Share of the filled cells that fit, from 0 to 1; ``None`` for an empty column.
        told: The evidence in words, without any value.
        strange: Common words that no list has, most frequent first.
        code_system: Code system of the words.
        foreign: Whether hardly any of the words is known.
        serial: Whether days are written as the numbers of a spreadsheet.
    """

    share: float | None
    told: str
    strange: tuple[str, ...] = ()
    code_system: str = "text"
    foreign: bool = False
    serial: bool = False


class Values:
    """The values of one column.

    Args:
        cells: The column, as text.
    """

    def __init__(self, cells: pl.Series) -> None:
        text = cells.cast(pl.String).str.strip_chars().alias("value")
        filled = text.filter(text.is_not_null() & ~text.is_in(list(NULLS)))
        counts = filled.value_counts(name="count").sort(
            ["count", "value"], descending=[True, False]
        )
        self.rows = cells.len()
        self.filled = filled.len()
        self.distinct = counts.height
        self.counts = counts.head(_MOST_WORDS)

    @property
    def empty(self) -> bool:
        """Whether nothing is filled in."""
        return self.filled == 0

    @property
    def filled_share(self) -> float:
        """Share of the rows that are filled in."""
        return self.filled / self.rows if self.rows else 0.0

    @property
    def unique(self) -> bool:
        """Whether no value occurs twice."""
        return 0 < self.filled == self.distinct

    @property
    def near_unique(self) -> bool:
        """Whether hardly any value occurs twice, or is missing."""
        return self.filled > 0 and self.distinct >= 0.95 * self.filled and self.filled_share > 0.95

    @cached_property
    def looked_at(self) -> int:
        """Cells whose values are looked at."""
        return int(self.counts["count"].sum())

    def share(self, expression: pl.Expr) -> float:
        """Give the share of filled cells for which an expression over ``value`` is true."""
        if not self.looked_at:
            return 0.0
        hits = self.counts.filter(expression.fill_null(False))["count"].sum()
        return float(hits) / self.looked_at

    def matching(self, pattern: str) -> float:
        """Give the share of filled cells that a regular expression fits."""
        return self.share(pl.col("value").str.contains(pattern))

    def words(self) -> list[str]:
        """Give the distinct values that are looked at, the most frequent first."""
        return self.counts["value"].to_list()

    @cached_property
    def mean_length(self) -> float:
        """Mean length of the distinct values."""
        mean = self.counts["value"].str.len_chars().mean()
        return float(mean) if isinstance(mean, int | float) else 0.0

    @cached_property
    def date_order(self) -> str:
        """Say which of day and month stands first: ``month``, ``day``, ``both``, ``unknown`` or ``none``.

        ``unknown``: dates are written with numbers, and not one of them tells.
        """
        parts = self.counts["value"].str.extract_groups(
            r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](?:\d{4}|\d{2})\b"
        )
        first = parts.struct.field("1").cast(pl.Int64, strict=False)
        second = parts.struct.field("2").cast(pl.Int64, strict=False)
        if first.drop_nulls().is_empty():
            return "none"
        day, month = bool((first > 12).any()), bool((second > 12).any())
        if day and month:
            return "both"
        return "day" if day else "month" if month else "unknown"

    @cached_property
    def times_of_day(self) -> float:
        """Share of the filled cells that state a time of day other than midnight."""
        clock = pl.col("value").str.contains(_CLOCK)
        return self.share(clock & ~pl.col("value").str.contains(_MIDNIGHT))

    @cached_property
    def type(self) -> str:
        """Name the type that the values look like."""
        if self.empty:
            return "empty"
        told: tuple[tuple[str, Callable[[], float]], ...] = (
            ("date", lambda: self.matching(DATE)),
            ("time", lambda: self.matching(r"(?i)^\d{1,2}:\d{2}(:\d{2})?( ?[ap]m)?$")),
            ("yes/no", lambda: self.share(_upper().is_in(sorted(_PLAIN_YES_NO)))),
            ("year", lambda: self.matching(_YEAR)),
            ("age", lambda: self._ages() if self.distinct > 15 else 0.0),
            ("whole number", lambda: self.matching(_WHOLE)),
            ("number", lambda: self.matching(r"^-?\d*\.\d+$|^-?\d+$")),
        )
        for name, share in told:
            if share() >= 0.95:
                return name
        if self.mean_length > _FREE:
            return "free text"
        if self.distinct > 50 and self.matching(r",") > 0.7 and self.matching(_NAME) > 0.7:
            return "name-like"
        if self.matching(_CODE) > 0.95:
            return "code"
        return "words"

    def _ages(self) -> float:
        whole = (
            pl.col("value").str.extract(r"^(\d{1,3})(?:\.0+)?\b", 1).cast(pl.Int64, strict=False)
        )
        return self.share(pl.col("value").str.contains(_AGE) & (whole.is_null() | (whole <= 120)))

    def fit(self, kind: str, vocabulary: Vocabulary) -> Fit:
        """Say how far the values fit a kind of column.

        Args:
            kind: Kind of the word list's columns.
            vocabulary: What words mean.

        Returns:
            The share that fits, and the evidence.
        """
        if self.empty:
            return Fit(None, "the column is empty")
        if kind in CODE_LISTS:
            return self._listed(kind)
        if kind in ("relationship", "offense", "weapon", "injury", "disposition", "call"):
            return self._words(kind, vocabulary)
        return self._shaped(kind)

    def _shaped(self, kind: str) -> Fit:
        if kind in ("date", "birth"):
            dates = self.matching(DATE)
            serial = self.matching(_SERIAL)
            if serial > 0.5 > dates and self.distinct > 1:
                return Fit(serial, f"{serial:.0%} spreadsheet day numbers", serial=True)
            return Fit(dates, f"{dates:.0%} dates")
        if kind == "time":
            whole = pl.col("value").str.extract(r"^(\d{1,4})$", 1).cast(pl.Int64, strict=False)
            legible = whole.is_null() | ((whole % 100 < 60) & (whole < 2400))
            share = self.share(pl.col("value").str.contains(_TIME) & legible)
            return Fit(share, f"{share:.0%} times of day")
        if kind == "age":
            return Fit(self._ages(), f"{self._ages():.0%} ages")
        if kind == "flag":
            share = self.share(_upper().is_in(sorted(_YES_NO)))
            if (
                share < 0.5
                and self.distinct <= 3
                and self.mean_length <= 12
                and self.type == "code"
            ):
                return Fit(0.6, "two or three words", self.common_words())
            return Fit(share, f"{share:.0%} yes or no words")
        if kind == "attempt":
            share = self.share(_upper().is_in(sorted(_ATTEMPT)))
            if share < 0.5:
                share = self.share(_upper().is_in(sorted(_PLAIN_YES_NO)))
            return Fit(share, f"{share:.0%} attempted or completed")
        if kind == "role":
            return self._roles()
        share, told = self._loose(kind)
        return Fit(share, told)

    def _loose(self, kind: str) -> tuple[float, str]:
        upper_share = self.distinct / self.filled
        if kind in ("identifier", "person_id"):
            dated = self.type in ("date", "time", "free text", "yes/no")
            share = (
                0.0
                if dated or (self.distinct == 1 and self.filled > 1)
                else self.matching(_NUMBERED)
            )
            if kind == "identifier" and self.mean_length < _SHORTEST_NUMBER:
                share = min(share, 0.3)
            told = "all different" if self.unique else f"{self.distinct} different values"
            return share, f"{told} in {self.filled} cells"
        if kind == "agency":
            few = self.distinct <= max(25, 0.02 * self.filled)
            few = few and self.type not in ("date", "free text", "yes/no")
            named = self.matching(_AGENCY) >= 0.5
            return few * (1.0 if named else 0.9), f"{self.distinct} different words"
        if kind == "place":
            few = self.distinct <= max(60, 0.3 * self.filled) and self.type not in (
                "date",
                "free text",
                "yes/no",
                "time",
            )
            return float(few) * (
                0.5 if self.distinct == 1 else 1.0
            ), f"{self.distinct} different values"
        if kind == "name":
            share = self.matching(_NAME)
            return share, f"{share:.0%} shaped as names"
        if kind == "name_part":
            share = self.matching(r"^[\p{L}'.\- ]+$")
            return share, f"{share:.0%} letters only"
        if kind == "phone":
            share = self.matching(_PHONE)
            return share, f"{share:.0%} shaped as telephone numbers"
        if kind == "statute":
            share = self.matching(_STATUTE)
            return share, f"{share:.0%} with a number"
        if kind == "sequence":
            small = self.share(pl.col("value").str.contains(r"^0{0,2}\d{1,2}$"))
            first = self.share(pl.col("value").str.contains(r"^0{0,2}[01]$"))
            return small * (first >= 0.4), f"{first:.0%} are 0 or 1"
        if kind == "count":
            share = self.share(
                pl.col("value").str.contains(r"^-?\d{1,3}(?:,\d{3})+$|^-?\d{1,18}(?:\.0+)?$")
            )
            return share, f"{share:.0%} whole numbers"
        if kind == "year":
            share = self.matching(r"^(?:19|20)\d{2}$|^\d,\d{3}$")
            return share, f"{share:.0%} years"
        if kind == "free_text":
            return (1.0 if self.mean_length > 12 else 0.4), f"mean length {self.mean_length:.0f}"
        # Addresses have house numbers, or are hardly ever the same; kinds of places are neither.
        placed = self.matching(r"\d") >= 0.3 or upper_share >= 0.3
        text = self.type not in ("date", "time", "yes/no", "number", "whole number")
        return (0.9 if text and placed and self.matching(r"^[{(\[]") <= 0.5 else 0.3), "text"

    def _listed(self, kind: str) -> Fit:
        known = sorted(CODE_LISTS[kind])
        share = self.share(_upper().is_in(known))
        told = f"{share:.0%} known {kind.replace('_', ' ')} words"
        strange = self.common_words(~_upper().is_in(known))
        if (
            kind in ("clearance", "arrest_type", "victim_type")
            and share < 0.6
            and self._few_words()
        ):
            return Fit(0.6, f"{self.distinct} words", strange)
        if kind == "race" and share >= 0.3 and self._few_words():
            return Fit(max(share, 0.8), told, strange)
        return Fit(share, told, strange)

    def _few_words(self) -> bool:
        return self.distinct <= 25 and self.type in ("code", "words") and self.mean_length <= _FREE

    def _words(self, kind: str, vocabulary: Vocabulary) -> Fit:
        words = self.words()
        best: Fit | None = None
        systems = (
            ("text", "nibrs")
            if kind in ("relationship", "offense", "weapon", "injury")
            else ("text",)
        )
        for system in systems:
            if system == "nibrs" and self.mean_length > 3.5:
                continue
            if system == "text" and kind == "relationship" and self.mean_length <= 2:
                continue
            found = self._looked_up(kind, words, system, vocabulary)
            if best is None or (found.share or 0.0) > (best.share or 0.0):
                best = found
        found = best or Fit(0.0, "no words")
        if (
            (found.share or 0.0) < _KNOWN
            and self.type == "words"
            and self.distinct <= max(60, 0.3 * self.filled)
        ):
            # Words of the site's own: the header decides, and the words are asked about.
            return replace(found, share=_KNOWN, foreign=True)
        return found

    def _looked_up(self, kind: str, words: list[str], system: str, vocabulary: Vocabulary) -> Fit:
        mapped = vocabulary(kind, words, system)
        rows = self.counts.with_columns(
            pl.col("value")
            .replace_strict(dict(mapped), default=None, return_dtype=pl.String)
            .alias("code")
        )
        silent = rows["code"].is_in(["?unknown", "?missing"]).fill_null(False)
        told = rows.filter(~silent)
        total = int(told["count"].sum())
        if total == 0:
            return Fit(0.0, "only words for unknown", code_system=system)
        open_ = pl.col("code").str.starts_with("?").fill_null(False)
        known = told.filter(
            pl.col("code").is_not_null() & (~open_ | (pl.col("code") == "?otherwise_known_dv"))
        )
        doubtful = told.filter(open_)
        share = float(known["count"].sum()) / total
        partly = float(doubtful["count"].sum()) / total
        strange = told.filter(pl.col("code").is_null() | open_)
        # Rows may repeat, and may be of few incidents: what no list knows could name someone.
        often = COMMON * (1 + pl.col("code").is_null().cast(pl.Int64))
        common = strange.filter(pl.col("count") >= often)["value"].to_list()[:20]
        name = {"nibrs": "NIBRS codes", "text": f"{kind} words"}[system]
        said = f"{share:.0%} known {name}" + (
            f", {partly:.0%} ambiguous ones" if partly > 0.01 else ""
        )
        return Fit(min(1.0, share + 0.5 * partly), said, tuple(common), system)

    def _roles(self) -> Fit:
        words = word_list()["role_words"]
        share = self.share(
            _upper().is_in(sorted({word for said in words.values() for word in said}))
        )
        victim = self.role_values("victim")
        offender = self.role_values("offender")
        if not victim and not offender:
            return Fit(0.0, "no word for a victim or a suspect")
        return Fit(max(share, 0.8), f"{share:.0%} known words for roles")

    def role_values(self, role: str) -> list[str]:
        """Give the values that name a role, as they stand, one for each wording."""
        words = set(word_list()["role_words"][role])
        found: dict[str, str] = {}
        for value in self.words():
            if value.upper() in words:
                found.setdefault(value.upper(), value)
        return sorted(found.values())

    def common_words(self, which: pl.Expr | None = None) -> tuple[str, ...]:
        """Give the words that are frequent enough to be written down, the most frequent first."""
        rows = self.counts.filter(pl.col("count") >= COMMON)
        if which is not None:
            rows = rows.filter(which)
        return tuple(rows["value"].to_list()[:20])

    def observed_dates(self) -> tuple[date, date] | None:
        """Give the first and the last day among the dates that can be read without doubt of their order."""
        text = self.counts["value"]
        forms = [form for form, needs in _FORMS if needs is None or needs == self.date_order]
        days = pl.select(
            pl.coalesce(
                text.str.extract(pattern, 1).str.to_titlecase().str.to_date(form, strict=False)
                for form, pattern in ((form, _PATTERNS[form]) for form in forms)
            )
        ).to_series()
        first, last = days.min(), days.max()
        return (first, last) if isinstance(first, date) and isinstance(last, date) else None


def _upper() -> pl.Expr:
    return pl.col("value").str.to_uppercase()
