"""A profile confirms statutes with a name and a day, or not at all."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from ipvi_cli.model.profile_sections import Statutes


def test_nothing_is_confirmed_unless_said() -> None:
    assert Statutes().confirmed == []


def test_confirmed_statutes_are_vouched_for() -> None:
    statutes = Statutes(confirmed=["CA PC 273.5"], by="County counsel", on=date(2024, 3, 1))

    assert statutes.confirmed == ["CA PC 273.5"]


@pytest.mark.parametrize(
    "vouched", [{}, {"by": "County counsel"}, {"on": "2024-03-01"}, {"by": " ", "on": "2024-03-01"}]
)
def test_statutes_that_nobody_vouches_for_are_refused(vouched: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="by whom and on which day"):
        Statutes.model_validate({"confirmed": ["CA PC 273.5"], **vouched})
