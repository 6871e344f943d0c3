"""Outlines of districts out of GeoJSON, flattened so that a map looks as a reader knows it."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, radians
from typing import Any, Final

from ipvi_cli.model.errors import InputError
from ipvi_cli.report.content import Boundaries

_AREAS: Final = ("Polygon", "MultiPolygon")


def boundaries(document: Any, key: str, *, where: str) -> Boundaries:
    """Take the outlines of districts from a GeoJSON document.

    Args:
        document: A ``FeatureCollection`` of areas, in degrees or in any plane coordinates.
        key: Property that holds the name of the district, as the figures have it.
        where: Name of the file, for messages.

    Returns:
        The outlines, degrees stretched to look right at their latitude.

    Raises:
        InputError: It is no collection of areas, or none of them has the property.
    """
    features = document.get("features") if isinstance(document, Mapping) else None
    if not isinstance(features, list):
        raise InputError(
            "is not a GeoJSON FeatureCollection.",
            where=where,
            mend="Export the districts as GeoJSON.",
        )
    shapes: dict[str, Mapping[str, Any]] = {}
    names: set[str] = set()
    for feature in features:
        geometry, properties = _parts(feature)
        names |= set(properties)
        if geometry.get("type") in _AREAS and properties.get(key) is not None:
            shapes.setdefault(_name(properties[key]), geometry)
    if not shapes:
        near = f" Properties: {', '.join(sorted(names))}." if names else ""
        raise InputError(
            f"no area has the property {key}.",
            where=where,
            mend=f"Name another with --boundary-key.{near}",
        )
    try:
        return Boundaries(_stretched(shapes))
    except (TypeError, ValueError, KeyError, IndexError):
        raise InputError(
            "an area has no usable coordinates.", where=where, mend="Export the districts anew."
        ) from None


def _parts(feature: Any) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    if not isinstance(feature, Mapping):
        return {}, {}
    found = (feature.get("geometry"), feature.get("properties"))
    geometry, properties = (one if isinstance(one, Mapping) else {} for one in found)
    return geometry, properties


def _name(value: Any) -> str:
    return (
        str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    )


def _stretched(shapes: dict[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    polygons = {name: _polygons(shape) for name, shape in shapes.items()}
    points = [p for many in polygons.values() for rings in many for ring in rings for p in ring]
    lows = [point[1] for point in points]
    degrees = all(abs(x) <= 180 and abs(y) <= 90 for x, y in points)
    factor = cos(radians((min(lows) + max(lows)) / 2)) if degrees else 1.0
    return {
        name: {
            "type": "MultiPolygon",
            "coordinates": [
                [[[x * factor, y] for x, y in ring] for ring in rings] for rings in many
            ],
        }
        for name, many in polygons.items()
    }


def _polygons(shape: Mapping[str, Any]) -> list[list[list[tuple[float, float]]]]:
    many = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    return [[[(float(p[0]), float(p[1])) for p in ring] for ring in rings] for rings in many]
