"""What is the same in every future: places, names, the coast, the words of the series."""

from __future__ import annotations

import json
from typing import Any

from sim.report.places import ASPECT, LABEL_SIDES
from sim.report.wording import region_name
from sim.watch.futures import series_words
from sim.watch.packing import FLOOR, SCALE, pack
from sim.watch.spells import STILL
from sim.world import sources
from sim.world.state import KIND_NAMES, PURPOSE_NAMES

OUTCOMES = ("live", "ended on its date", "cancelled", "stopped at a gate", "holder gone")
#: Degrees west, east, south and north: where the North's organisations are.
BOX = (-3.8, 0.35, 53.05, 55.25)
#: Of the sectors in their order, on a light ground; told apart by most eyes, in steps of lightness.
SECTOR_COLOURS = (
    "#882255", "#332288", "#009e73", "#8c6d1f", "#cc79a7", "#0072b2", "#56b4e9", "#d98c00",
    "#7a8b1f", "#9a4fb5", "#d55e00",
)  # fmt: skip
ATTRIBUTION = "Coastline: made with Natural Earth, public domain."


def scenery() -> dict[str, Any]:
    """Regions, sectors and institutions by code, as plain values for JSON."""
    coast = json.loads((sources.DATA / "coastline.geojson").read_text(encoding="utf-8"))
    rings = [ring for polygon in coast["geometry"]["coordinates"] for ring in polygon]
    return {
        "regions": [
            {
                "id": one.id,
                "name": region_name(one.id),
                "cluster": one.cluster,
                "at": [one.longitude, one.latitude],
                "side": LABEL_SIDES.get(one.id, (0, 1)),
            }
            for one in sources.regions()
            if one.is_north
        ],
        "sectors": [{"id": s.id, "name": s.name, "home": s.home} for s in sources.sectors()],
        "institutions": [
            {"name": one.name, "kind": one.kind, "at": [one.longitude, one.latitude]}
            for one in sources.institutions()
        ],
        "kinds": KIND_NAMES,
        "purposes": PURPOSE_NAMES,
        "outcomes": OUTCOMES,
        "series": series_words(),
        "coast": [[coordinate for point in ring for coordinate in point] for ring in rings],
        "box": BOX,
        "aspect": ASPECT,
        "colours": SECTOR_COLOURS,
        "attribution": ATTRIBUTION,
        "codes": {"floor": FLOOR, "scale": SCALE, "still": STILL},
    }


def scenery_message(**more: Any) -> bytes:
    """The scenery, and ``more`` of what the page must know, as a message."""
    return pack(scenery() | more, {})
