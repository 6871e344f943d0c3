"""The door for programs: what `from ipvi_cli import` gives."""

from __future__ import annotations

import pytest

import ipvi_cli
from ipvi_cli import pipeline


@pytest.mark.parametrize("name", ipvi_cli.__all__)
def test_a_name_is_the_function_of_the_pipeline_and_never_a_room(name: str) -> None:
    assert getattr(ipvi_cli, name) is getattr(pipeline, name)


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(AttributeError, match="evaluation"):
        _ = ipvi_cli.evaluation
