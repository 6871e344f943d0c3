"""Monthly counts before and after the start: what changed against the earlier course and season."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from ipvi_cli.evaluate.months import LEAST_MEAN, LEAST_MONTHS, Terms, terms
from ipvi_cli.model.evaluation import measured

DISPERSED: Final = 1.2
"""Pearson chi-squared per degree of freedom up to which counts are taken for Poisson."""

_ROUNDS: Final = 50
_CLOSE: Final = 1e-6
"""Means and dispersion are found in turn until the latter moves no more than this share of itself."""

_LAGS: Final = 6
_AUTOCORRELATED: Final = 0.05


@dataclass(frozen=True)
class Fitted:
    """A fitted series.

    Attributes:
        months: ``month``, ``count``, ``expected`` under the model and ``without``, what the earlier course and season
            would have led to; the comparison series is not in it.
        estimates: ``step``, ``slope_change`` and ``change`` over all months after, each as ratio with its interval.
        dispersion: Pearson chi-squared per degree of freedom of the Poisson model.
        alpha: Negative binomial dispersion; 0 for Poisson.
        ljung_box: p of the residuals' autocorrelation, by the Ljung-Box test.
        robust: Whether errors are Newey and West's.
        compared: Whether a comparison series is in the model.
        names: Names of the terms.
    """

    months: pl.DataFrame
    estimates: Mapping[str, tuple[float, float, float]]
    dispersion: float
    alpha: float
    ljung_box: float
    robust: bool
    compared: bool
    names: tuple[str, ...]


def too_little(series: pl.DataFrame, start: date) -> str | None:
    """Say why a series cannot be modelled, and how much is needed; ``None`` where it can.

    Args:
        series: ``month`` and ``count``, whole months without that of the start.
        start: When the intervention began.
    """
    before = series.filter(pl.col("month") < start).height
    after = series.height - before
    if min(before, after) < LEAST_MONTHS:
        return (
            f"{before} whole months before the start and {after} after it:"
            f" at least {LEAST_MONTHS} are needed on each side"
        )
    mean = series["count"].sum() / series.height
    if mean < LEAST_MEAN:
        return f"{mean:.1f} a month on average: at least {LEAST_MEAN} are needed"
    return None


def fit(
    series: pl.DataFrame,
    start: date,
    *,
    changes: Sequence[date] = (),
    people: Mapping[int, int] | None = None,
    comparison: pl.DataFrame | None = None,
) -> Fitted:
    """Fit a segmented regression of monthly counts (Wagner et al. 2002, J Clin Pharm Ther 27:299).

    Poisson where counts vary no more than that, else negative binomial with the dispersion at which Pearson's
    chi-squared equals its degrees of freedom (Breslow 1984, Applied Statistics 33:38). Days of the month, and residents
    where they are known for every year, are the offset. Where residuals are autocorrelated (Ljung and Box 1978) errors
    are those of Newey and West (1987).

    Args:
        series: ``month`` and ``count``, whole months.
        start: When the intervention began.
        changes: Days of known changes of recording.
        people: Residents by year.
        comparison: The same months of a series that the intervention does not reach; terms of both are apart, and what
            is estimated is how much more or less the first changed.

    Returns:
        The fit.
    """
    import numpy as np

    months = series["month"].to_list()
    own = terms(months, start, changes)
    counts = series["count"].to_numpy().astype(float)
    offset = _offset(months, people)
    design, names = own.values, own.names
    count_of_series = 1
    if comparison is not None:
        beside = comparison["count"].to_numpy().astype(float)
        counts, offset = np.concatenate([counts, beside]), np.concatenate([offset, offset])
        # The second half of the columns is how the first series differs from the comparison.
        first = np.repeat([1.0, 0.0], len(months))[:, None]
        both = np.vstack([design, design])
        design = np.hstack([both, both * first])
        names = (*names, *(f"difference of {name}" for name in names))
        count_of_series = 2
    model, dispersion, alpha = _best(counts, design, offset)
    blocks = np.split(_pearson(counts, np.asarray(model.fittedvalues), alpha), count_of_series)
    p = min(1.0, min(_ljung_box(block, len(own.names)) for block in blocks) * count_of_series)
    robust = p < _AUTOCORRELATED
    covariance = _covariance(model, counts, design, offset, alpha, blocks) if robust else None
    estimates = _estimates(model, own, design, offset, covariance)
    shown = _months(series, model, own, design, offset)
    return Fitted(shown, estimates, dispersion, alpha, p, robust, comparison is not None, names)


@dataclass(frozen=True)
class Course:
    """The course and season of the months before the start.

    Attributes:
        model: The fit.
        alpha: Negative binomial dispersion; 0 for Poisson.
        origin: Month from which the slope is counted.
    """

    model: Any
    alpha: float
    origin: tuple[date, ...]

    def expected(self, months: Sequence[date]) -> Any:
        """Carry the season on at the level of the last year before the start, without its slope."""
        import numpy as np

        fitted = dict(zip(self.origin, np.asarray(self.model.fittedvalues), strict=True))
        yearly = {m.month: fitted[m] for m in self.origin[-12:]}
        return np.array([fitted.get(m, yearly[m.month]) for m in months])


def fit_course(before: pl.DataFrame, start: date) -> Course:
    """Fit level, slope and season of the months before a start.

    Args:
        before: ``month`` and ``count``, at least a year.
        start: When the intervention begins.
    """
    months = before["month"].to_list()
    own = terms(months, start)
    kept = [i for i, name in enumerate(own.names) if name not in {"step", "slope_change"}]
    counts = before["count"].to_numpy().astype(float)
    model, _, alpha = _best(counts, own.values[:, kept], _offset(months, None))
    return Course(model, alpha, tuple(months))


def _offset(months: Sequence[date], people: Mapping[int, int] | None) -> Any:
    import calendar

    import numpy as np

    days = np.log([calendar.monthrange(m.year, m.month)[1] for m in months])
    if people and all(people.get(m.year) for m in months):
        days = days + np.log([people[m.year] for m in months])
    return days


def _best(counts: Any, design: Any, offset: Any) -> tuple[Any, float, float]:
    """Fit Poisson, and negative binomial where counts vary more."""
    model = _glm(counts, design, offset, 0.0)
    dispersion = float(model.pearson_chi2 / model.df_resid)
    if dispersion <= DISPERSED:
        return model, dispersion, 0.0
    alpha = 0.0
    for _ in range(_ROUNDS):
        last, alpha = alpha, _alpha(counts, model)
        model = _glm(counts, design, offset, alpha, model.params)
        if abs(alpha - last) <= _CLOSE * alpha:
            break
    return model, dispersion, alpha


def _alpha(counts: Any, model: Any) -> float:
    """Give the dispersion at which Pearson's chi-squared of these means equals its degrees of freedom."""
    import numpy as np
    from scipy.optimize import brentq

    mean = np.asarray(model.fittedvalues)

    def beyond(alpha: float) -> float:
        return float((_pearson(counts, mean, alpha) ** 2).sum()) - float(model.df_resid)

    return float(brentq(beyond, 0.0, 1e3, xtol=1e-9))


def _glm(counts: Any, design: Any, offset: Any, alpha: float, from_: Any | None = None) -> Any:
    from statsmodels.genmod import families
    from statsmodels.genmod.generalized_linear_model import GLM

    family = families.NegativeBinomial(alpha=alpha) if alpha else families.Poisson()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return GLM(counts, design, family=family, offset=offset).fit(start_params=from_)


def _pearson(counts: Any, mean: Any, alpha: float) -> Any:
    return (counts - mean) / (mean + alpha * mean**2) ** 0.5


def _ljung_box(residuals: Any, fitted: int) -> float:
    from statsmodels.stats.diagnostic import acorr_ljungbox

    lags = min(_LAGS, max(1, (len(residuals) - fitted) // 3))
    found = acorr_ljungbox(residuals, lags=[lags], return_df=True)
    return float(found["lb_pvalue"].iloc[0])


def _covariance(
    model: Any, counts: Any, design: Any, offset: Any, alpha: float, blocks: Sequence[Any]
) -> Any:
    """Give Newey and West's covariance, each series apart, for as few degrees of freedom as there are."""
    import numpy as np

    mean = np.asarray(model.fittedvalues)
    scores = design * ((counts - mean) / (1 + alpha * mean))[:, None]
    bread = np.linalg.inv(design.T @ (design * (mean / (1 + alpha * mean))[:, None]))
    lags = max(3, round(len(blocks[0]) ** (1 / 3)))
    middle = np.zeros_like(bread)
    for part in np.split(scores, len(blocks)):
        middle += part.T @ part
        for lag in range(1, lags + 1):
            across = part[lag:].T @ part[:-lag]
            middle += (1 - lag / (lags + 1)) * (across + across.T)
    found = bread @ middle @ bread * len(counts) / model.df_resid
    # Never narrower than without autocorrelation: short series tell little of it.
    plain = np.asarray(model.cov_params())
    scale = np.sqrt(np.maximum(1.0, np.diag(plain) / np.diag(found)))
    return found * np.outer(scale, scale)


def _estimates(
    model: Any, own: Terms, design: Any, offset: Any, covariance: Any | None
) -> dict[str, tuple[float, float, float]]:
    import numpy as np
    from scipy.stats import t

    cov = np.asarray(model.cov_params()) if covariance is None else covariance
    beta, width = np.asarray(model.params), len(own.names)
    shift = design.shape[1] - width
    quantile = float(t.ppf(0.975, model.df_resid))

    def ratio(log: float, gradient: Any) -> tuple[float, float, float]:
        spread = quantile * math.sqrt(max(0.0, float(gradient @ cov @ gradient)))
        return math.exp(log), math.exp(log - spread), math.exp(log + spread)

    found = {}
    for name in ("step", "slope_change"):
        unit = np.zeros(len(beta))
        unit[shift + own.names.index(name)] = 1
        found[name] = ratio(float(unit @ beta), unit)
    rows, bare = _with_and_without(own, design, shift)
    with_, without = (
        np.exp(rows @ beta + offset[: len(own.months)][own.after]),
        np.exp(bare @ beta + offset[: len(own.months)][own.after]),
    )
    gradient = with_ @ rows / with_.sum() - without @ bare / without.sum()
    found["change"] = ratio(math.log(with_.sum() / without.sum()), gradient)
    return found


def _with_and_without(own: Terms, design: Any, shift: int) -> tuple[Any, Any]:
    """Give the months after the start of the first series, and the same without step and slope change."""
    rows = design[: len(own.months)][own.after]
    bare = rows.copy()
    for name in ("step", "slope_change"):
        bare[:, shift + own.names.index(name)] = 0
    return rows, bare


def _months(series: pl.DataFrame, model: Any, own: Terms, design: Any, offset: Any) -> pl.DataFrame:
    import numpy as np

    here = slice(0, len(own.months))
    shift = design.shape[1] - len(own.names)
    bare = design[here].copy()
    for name in ("step", "slope_change"):
        bare[:, shift + own.names.index(name)] = 0
    return series.with_columns(
        pl.Series("expected", np.asarray(model.fittedvalues)[here]),
        pl.Series("without", np.exp(bare @ np.asarray(model.params) + offset[here])),
    )


def series_rows(fitted: Fitted, measure: str) -> pl.DataFrame:
    """Lay out a fit as ``EVALUATION_SCHEMA``: ratios less one, with their intervals.

    Args:
        fitted: The fit.
        measure: What is counted.
    """
    after = fitted.months.filter(pl.col("expected") != pl.col("without"))
    kind = "difference in change" if fitted.compared else "change"
    family = "Poisson" if fitted.alpha == 0 else f"negative binomial, dispersion {fitted.alpha:.3f}"
    errors = "Newey-West errors" if fitted.robust else "model errors"
    model = f"{family}; Ljung-Box p = {fitted.ljung_box:.3f}, {errors}"
    words = {
        "change": f"{kind} over all {after.height} months after the start",
        "step": f"{kind} at the start",
        "slope_change": f"{kind} of the slope, per month",
    }
    rows: list[dict[str, object]] = [
        {
            "part": "series", "measure": measure, "group": "all", "window": name,
            "numerator": int(after["count"].sum()) if name == "change" else None,
            "denominator": round(after["without"].sum()) if name == "change" else None,
            "value": value - 1, "ci_lower": lower - 1, "ci_upper": upper - 1,
            "ci_method": "newey_west_t" if fitted.robust else "glm_t",
            "note": f"{words[name]}; {model}",
        }
        for name, (value, lower, upper) in (
            (name, fitted.estimates[name]) for name in ("change", "step", "slope_change")
        )
    ]  # fmt: skip
    return measured(rows)


def sentence(fitted: Fitted, what: str, start: date, comparison: str | None = None) -> str:
    """Say in one plain sentence what the series shows.

    Args:
        fitted: The fit.
        what: What is counted, in the plural.
        start: When the intervention began.
        comparison: Name of the comparison series.
    """
    value, lower, upper = (one - 1 for one in fitted.estimates["change"])
    after = fitted.months.filter(pl.col("month") >= start)
    total, expected = int(after["count"].sum()), after["without"].sum()
    sure = "" if lower > 0 or upper < 0 else " The interval includes no change."
    interval = f"95 % interval {_signed(lower)} to {_signed(upper)}"
    if comparison is not None:
        return (
            f"In the {after.height} months after {start} there were {total:,} {what}; had they moved as {comparison}"
            f" did, about {expected:,.0f} would have been expected: a difference in change of {_signed(value)}"
            f" ({interval}).{sure}"
        )
    return (
        f"In the {after.height} months after {start} there were {total:,} {what}; the earlier course and season would"
        f" have led to about {expected:,.0f}: a change of {_signed(value)} ({interval}).{sure} What else changed at the"
        " same time cannot be told apart from it."
    )


def _signed(share: float) -> str:
    shown = round(share, 3)
    return f"{'+' if shown > 0 else '−' if shown < 0 else ''}{abs(shown) * 100:.1f} %"
