import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli.review import agree
from ipvi_cli.review.agreement import corrected_share, kappa
from ipvi_cli.review.sample import share_out


def test_kappa_is_that_of_the_published_example() -> None:
    # Fleiss, Cohen & Everitt 1969: 200 subjects; kappa 0.429 with variance 0.002885.
    table = np.array([[0.53, 0.05, 0.02], [0.11, 0.14, 0.05], [0.01, 0.06, 0.03]])
    value, spread = kappa(table, 200)
    assert value == pytest.approx(0.429, abs=5e-4)
    assert spread is not None
    assert spread**2 == pytest.approx(0.002885, abs=5e-7)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(st.integers(1, 50), min_size=9, max_size=9))
def test_the_spread_of_kappa_is_the_delta_method_of_multinomial_counts(cells: list[int]) -> None:
    shares = np.array(cells, dtype=float) / sum(cells)

    def of(flat: np.ndarray) -> float:
        table = (flat / flat.sum()).reshape(3, 3)
        chance = table.sum(axis=1) @ table.sum(axis=0)
        return float((np.trace(table) - chance) / (1 - chance))

    step = 1e-6 * np.eye(9)
    slope = np.array([(of(shares + one) - of(shares - one)) / 2e-6 for one in step])
    variance = ((slope**2 * shares).sum() - (slope * shares).sum() ** 2) / sum(cells)
    _, spread = kappa(shares.reshape(3, 3), sum(cells))
    assert spread == pytest.approx(np.sqrt(variance), rel=1e-4)


def test_one_class_alone_has_no_kappa() -> None:
    assert kappa(np.array([[1.0, 0.0], [0.0, 0.0]]), 10) == (None, None)


def test_the_corrected_share_by_hand() -> None:
    # 800 pairs called partners, 40 coded: 36 are, 4 are family. 200 called family, 20 coded: 1 is, 19 are not.
    cells = np.array([[36.0, 4.0, 0.0], [1.0, 19.0, 0.0]])
    found = corrected_share(cells, np.array([800.0, 200.0]), np.array([0, 1]))
    assert found is not None
    share, lower, upper = found
    assert share == pytest.approx(0.8 * 36 / 40 + 0.2 * 1 / 20)
    # The same without pseudo-observations: 0.8² · 0.95 · 0.9 · 0.1 / 40 + 0.2² · 0.9 · 0.05 · 0.95 / 20.
    spread = np.sqrt(0.64 * 0.95 * 0.09 / 40 + 0.04 * 0.9 * 0.0475 / 20)
    assert upper - lower == pytest.approx(2 * 1.96 * spread, rel=0.12)
    assert lower < share < upper


def test_what_the_person_cannot_tell_leaves_the_share() -> None:
    # Half of 100 undetermined pairs are partners, a tenth family, the rest stays open; all are coded.
    cells = np.array([[90.0, 10.0, 0.0], [50.0, 10.0, 40.0]])
    found = corrected_share(cells, np.array([100.0, 100.0]), np.array([0, 5]))
    assert found == pytest.approx((140 / 160,) * 3)


def test_a_person_who_finds_no_tie_gives_no_share() -> None:
    assert corrected_share(np.array([[0.0, 0.0, 5.0]]), np.array([9.0]), np.array([0])) is None


POPULATIONS = {
    "as a records system": (
        [4000, 600, 300, 1500, 900, 500],
        [[97, 2, 1], [90, 5, 5], [85, 10, 5], [3, 95, 2], [2, 96, 2], [30, 40, 30]],
        [0, 0, 0, 1, 2, 5],
    ),
    "nearly right": ([4000, 2000, 900, 500], [[97, 2, 1], [2, 97, 1], [0, 99, 1], [30, 20, 50]], [0, 1, 2, 5]),
    "often wrong": ([3000, 300], [[70, 20, 10], [30, 50, 20]], [0, 1]),
}  # fmt: skip


@pytest.mark.parametrize("name", POPULATIONS)
@pytest.mark.parametrize("size", [100, 300])
def test_the_interval_covers_as_often_as_it_says(name: str, size: int) -> None:
    sizes, percent, groups = POPULATIONS[name]
    truth = np.array([[n * p // 100 for p in row] for n, row in zip(sizes, percent, strict=True)])
    share = truth[:, 0].sum() / truth[:, :2].sum()
    drawn = share_out(np.array(sizes), size)
    random = np.random.default_rng(11)
    covered, estimates = 0, []
    for _ in range(800):
        cells = np.array(
            [
                random.multivariate_hypergeometric(row, count)
                for row, count in zip(truth, drawn, strict=True)
            ],
            dtype=float,
        )
        found = corrected_share(cells, np.array(sizes, dtype=float), np.array(groups))
        assert found is not None
        estimates.append(found[0])
        covered += found[1] <= share <= found[2]
    # 800 rounds tell 95 % to within 1.5 points; small samples may be off by two more.
    assert 0.915 <= covered / 800 <= 0.985
    assert np.mean(estimates) == pytest.approx(share, abs=0.005)


def _sample(strata: dict[str, tuple[str, int, int]]) -> pl.DataFrame:
    rows = [
        (f"{name}{number}", of_class, name, size, drawn, size / drawn)
        for name, (of_class, size, drawn) in strata.items()
        for number in range(drawn)
    ]
    schema = ["pair_id", "relationship_class", "stratum", "size", "drawn", "weight"]
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_agreement_weighs_pairs_by_those_they_stand_for() -> None:
    sample = _sample({"a": ("intimate_partner", 90, 3), "b": ("other_family", 10, 2)})
    given_ = ["intimate_partner", "intimate_partner", "other_family", "other_family", "stranger"]
    found = agree(sample, pl.DataFrame({"pair_id": sample["pair_id"], "given": given_}))
    assert found.observed == pytest.approx(0.9 * 2 / 3 + 0.1 / 2)
    assert found.share == pytest.approx(0.9)
    assert found.corrected == pytest.approx(0.9 * 2 / 3)
    assert found.confusion.rows() == [
        ("intimate_partner", 2, 1, 0, 3),
        ("other_family", 0, 1, 1, 2),
    ]


def test_a_group_that_nobody_coded_goes_with_its_class() -> None:
    sample = _sample(
        {
            "a": ("intimate_partner", 50, 2),
            "b": ("intimate_partner", 40, 2),
            "c": ("other_family", 10, 1),
        }
    )
    codes = {"a0": "intimate_partner", "a1": "other_family", "c0": "other_family"}
    coded = pl.DataFrame({"pair_id": list(codes), "given": list(codes.values())})
    assert agree(sample, coded).corrected == pytest.approx(0.45)
    some = agree(sample, coded.filter(pl.col("pair_id") != "c0"))
    assert (some.corrected, some.uncoded) == (None, ("other_family",))
