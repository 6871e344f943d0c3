"""What a figure may look at: counts of each level, the tally, the inputs, the profile, and which columns are filled."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Final, Protocol

import polars as pl

from ipvi_cli.model.careers import Careers
from ipvi_cli.model.finding import Frames, Progress
from ipvi_cli.model.profile import Profile
from ipvi_cli.model.tables import COUNTED_FATES
from ipvi_cli.summarize.cells import UNKNOWN, Cells, count
from ipvi_cli.summarize.course import Course
from ipvi_cli.summarize.delivered import DELIVERED
from ipvi_cli.summarize.level import Level
from ipvi_cli.summarize.levels import ROLES, Delivery, each_level, levels
from ipvi_cli.summarize.verdicts import Verdicts, verdicts


class InputLike(Protocol):
    """What figures need to know of an input."""

    @property
    def file(self) -> str:
        """Name of the input."""

    @property
    def rows_read(self) -> int:
        """Rows read from it."""

    @property
    def rows_accepted(self) -> int:
        """Rows of it that were accepted."""

    @property
    def rows_quarantined(self) -> int:
        """Rows of it that were refused."""

    @property
    def row_fates(self) -> dict[str, int]:
        """Accepted rows by what became of them."""


_READ_AS: Final = {
    "victim.injury_raw": "injury_codes",
    "offense.offense_raw": "offense_code",
    "offense.weapon_raw": "weapon_codes",
    "call.call_type_raw": "call_type",
    "charge.disposition_raw": "disposition",
}
"""Columns that a profile maps, and those that they become."""

_OF_MEASURE: Final = "tally.measure = "
"""How a need begins of a partner's totals of one measure."""

_DATES: Final = {
    "incident": ("occurred_on", "reported_on"),
    "call": ("received_on",),
    "order": ("issued_on",),
    "tally": ("month",),
}
"""Columns that say when a row is, the first that is filled; what is not here is when its incident is."""


def _breakdown_needs(breakdown: str, table: str) -> tuple[str, ...]:
    """Name the columns of which one must be filled for a breakdown."""
    match breakdown:
        case "year" | "month":
            return tuple(f"{table}.{column}" for column in _DATES[table])
        case "district":
            return (f"{table}.district",)
        case "victim_sex":
            return ("victim.sex",)
        case "victim_age":
            return ("victim.age_years",)
    return ()


@dataclass(frozen=True, eq=False)
class Scene:
    """A delivery as the figures see it; what several figures need is made once.

    Attributes:
        tables: Canonical tables by name, all rows.
        pairs: Classified pairs, or ``None``.
        incidents: Classified incidents, or ``None``.
        values: Distinct relationship words, or ``None``.
        findings: What validation found.
        inputs: The account of every input.
        profile: What the columns mean.
        plausibility_codes: Codes of the rules on the ages of a pair.
        progress: Told how far it is.
        persons: Who is one person, as in ``persons.parquet``, or ``None``.
        careers: Histories of linked persons, or ``None``.
    """

    tables: Frames
    pairs: pl.LazyFrame | None
    incidents: pl.LazyFrame | None
    values: pl.DataFrame | None
    findings: pl.DataFrame
    inputs: Sequence[InputLike]
    profile: Profile
    plausibility_codes: Collection[str]
    progress: Progress | None = None
    persons: pl.LazyFrame | None = None
    careers: Careers | None = None

    @cached_property
    def levels(self) -> dict[str, Cells]:
        """Counts of incidents, pairs and persons by level; empty without incidents."""
        if "incident" not in self.tables or self.incidents is None:
            return {}
        return levels(self._delivery(), self.progress)

    def cells(self, level: str) -> Cells:
        """Give the counts of a level."""
        if level not in self._counted:
            if level in DELIVERED:
                made = self.delivered(level)
                cells = count(made.frame, made.measures)
                agencies = set(cells.places["agency"].drop_nulls())
                agencies |= {agency.id for agency in self.profile.agencies}
                self._counted[level] = replace(cells, several_agencies=len(agencies) > 1)
            else:
                self._counted[level] = self.levels[level]
        return self._counted[level]

    def delivered(self, level: str) -> Level:
        """Give a level that is not made of incidents in parts, each thing for itself."""
        if level not in self._things:
            self._things.update((made.name, made) for made in DELIVERED[level](self))
        return self._things[level]

    def things(self, level: str) -> Iterable[Level]:
        """Give what a level counts one by one, in one or several pieces."""
        if level in DELIVERED:
            yield self.delivered(level)
        else:
            every = each_level(replace(self._delivery(), traced=True))
            yield from (made for made in every if made.name == level)

    def course(self, link: str) -> Course:
        """Give the histories of persons at a threshold of linking, ``strict`` or ``loose``."""
        if link not in self._courses:
            self._courses[link] = Course(self, link)
        return self._courses[link]

    def _delivery(self) -> Delivery:
        of_ages = self.findings.filter(pl.col("code").is_in(list(self.plausibility_codes)))
        assert self.incidents is not None
        return Delivery(
            tables=self.tables,
            pairs=self.pairs,
            incidents=self.incidents,
            implausible=of_ages["incident_id"].drop_nulls(),
            dated_by=self.dated_by("incident"),
            agencies=frozenset(agency.id for agency in self.profile.agencies),
            aged=[role for role in ROLES if self.has(f"{role}.age_years")],
            has=self.has,
        )

    def dated_by(self, table: str) -> str | None:
        """Name the column that says when a row of a table is; the first that is filled."""
        return next((name for name in _DATES[table] if self.has(f"{table}.{name}")), None)

    @cached_property
    def verdicts(self) -> dict[str, Verdicts]:
        """What each definition of an intimate partner says, by what is counted."""
        assert self.pairs is not None
        assert self.incidents is not None
        return verdicts(self.pairs, self.incidents)

    @cached_property
    def tally(self) -> pl.DataFrame | None:
        """Rows of published counts that feed figures, totals left out."""
        tally = self.tables.get("tally")
        if tally is None:
            return None
        counted = pl.col("row_fate").is_in(COUNTED_FATES) & pl.col("area_kind").ne_missing("total")
        return tally.filter(counted).collect()

    @cached_property
    def window(self) -> tuple[date, date] | None:
        """Declared period, cut at the day on which the extract was drawn."""
        declared = self.profile.jurisdiction
        if declared.period is None:
            return None
        last = declared.period.end
        if declared.extract_date is not None:
            last = min(last, declared.extract_date)
        return declared.period.start, last

    @cached_property
    def partial(self) -> frozenset[str]:
        """Months and years that the declared period holds only in part, as ``2019-12`` and ``2019``."""
        if self.window is None:
            return frozenset()
        first, last = self.window
        after = last + timedelta(days=1)
        cut = (
            (f"{first:%Y-%m}", first.day > 1),
            (f"{last:%Y-%m}", after.day > 1),
            (f"{first:%Y}", (first.month, first.day) > (1, 1)),
            (f"{last:%Y}", (after.month, after.day) > (1, 1)),
        )
        return frozenset(name for name, in_part in cut if in_part)

    def has(self, name: str) -> bool:
        """Say whether a column that a profile maps, such as ``victim.injury_raw``, is filled in any row.

        What is mapped but never understood is not filled.
        """
        if name not in self._filled:
            self._filled[name] = self._look(name)
        return self._filled[name]

    def breaks_down(self, breakdown: str, table: str = "incident") -> bool:
        """Say whether the delivery has what a breakdown needs, by the dates and places of a table."""
        needs = _breakdown_needs(breakdown, table)
        return not needs or any(self.has(name) for name in needs)

    def missing(self, needs: Sequence[str]) -> tuple[str, ...]:
        """Name what is missing of the columns that a figure needs.

        Args:
            needs: Columns; of several joined by ``|`` one is enough.
        """
        return tuple(need for need in needs if not any(self.has(name) for name in need.split("|")))

    def maps(self, name: str) -> bool:
        """Say whether the profile maps a column."""
        table, _, column = name.partition(".")
        feeds = (feed for source in self.profile.sources for feed in source.tables)
        return any(feed.table == table and column in feed.columns for feed in feeds)

    @cached_property
    def _courses(self) -> dict[str, Course]:
        return {}

    @cached_property
    def _filled(self) -> dict[str, bool]:
        return {}

    @cached_property
    def _counted(self) -> dict[str, Cells]:
        return {}

    @cached_property
    def _things(self) -> dict[str, Level]:
        return {}

    def _look(self, name: str) -> bool:
        match name:
            case "jurisdiction.period":
                return self.window is not None
            case "incident.incident_number":
                return "incident" in self.tables and self.incidents is not None
            case "relationship.relationship_raw":
                return self._states_ties()
            case "relationship.child_in_common" if self.pairs is None:
                return False
            case "jurisdiction.population = domestic" | "jurisdiction.population = all":
                return self.profile.jurisdiction.population == name.rsplit(maxsplit=1)[-1]
            case "persons":
                return self.persons is not None
            case "offenders":
                return self.careers is not None and self.incidents is not None
            case "a second year":
                years = self.levels["incident"].by("year") if self.levels else None
                return years is not None and years.filter(pl.col("group") != UNKNOWN).height > 1
            case "a second tally.year":
                return self.tally is not None and self.tally["year"].drop_nulls().n_unique() > 1
            case "offender.offender_number":
                # Without a source of offenders every pair stands for one, and none is known to be unknown.
                fed = any(source.feeds("offender") for source in self.profile.sources)
                return fed and "offender" in self.tables
        if name.startswith(_OF_MEASURE):
            told = self.tally is not None and "measure" in self.tally.columns
            wanted = name.removeprefix(_OF_MEASURE)
            return told and self.tally is not None and wanted in self.tally["measure"]
        table, _, column = name.partition(".")
        frame = self.tables.get(table)
        column = _READ_AS.get(name, column)
        if frame is None or column not in frame.collect_schema():
            return False
        if self.tally is not None and table == "tally":
            return self.tally[column].count() > 0
        filled = frame.select(column).drop_nulls().head(1)
        return filled.collect(engine="streaming").height > 0

    def _states_ties(self) -> bool:
        if self.pairs is None:
            return False
        if self.values is not None:
            return self.values["value"].count() > 0
        words = self.pairs.select("relationship_raw").drop_nulls().head(1)
        return words.collect(engine="streaming").height > 0
