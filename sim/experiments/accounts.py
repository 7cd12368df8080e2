"""What became of the public money: budget = payments + overhead + unspent, for every scenario.

*Spent* is payments and overhead; *delivered* is payments less what bidders spent on bids, which
is what reaches the work. Both are told apart from the budget, because two futures with the same
budget may spend and deliver different parts of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.experiments.ensemble import Ensemble
from sim.experiments.statistics import present_value

if TYPE_CHECKING:
    import pandas as pd

#: Budgets that are further apart in any year, as a share of the larger, are said loudly.
TOLERANCE = 0.001
COLUMNS = {
    "budget": "budgeted, £m",
    "payments": "paid to holders, net of what they gave back, £m",
    "overhead": "spent on running the programmes, £m",
    "spent": "payments and overhead, £m",
    "spent_present_value": "spent, discounted at 3.5 % a year from the second year on, £m",
    "unspent": "budget less spent: still in the pots at the end, £m",
    "bid_cost": "what bidders spent on bids, £m",
    "delivered": "payments less the cost of bids, £m",
    "broken": "promised and not paid, £m",
}

Vector = NDArray[np.float64]


def yearly(ensemble: Ensemble, scenario: int, column: str) -> Vector:
    """£m of each year (runs, years, programmes), from the cumulative accounts."""
    c = ensemble.money_columns.index(column)
    flows: Vector = np.diff(ensemble.money[scenario][:, :, :, c], axis=1)
    return flows


def flows(ensemble: Ensemble, scenario: int) -> dict[str, Vector]:
    """Each money flow of ``COLUMNS`` by year (runs, years, programmes); not the present value."""
    found = {
        name: yearly(ensemble, scenario, name)
        for name in ("budget", "payments", "overhead", "bid_cost", "broken")
    }
    found["spent"] = found["payments"] + found["overhead"]
    found["unspent"] = found["budget"] - found["spent"]
    found["delivered"] = found["payments"] - found["bid_cost"]
    return found


def accounts(ensemble: Ensemble) -> pd.DataFrame:
    """Means over runs of the money of all years, by scenario and programme, and for ``all``."""
    import pandas as pd

    rows = []
    for s, name in enumerate(ensemble.names):
        money = flows(ensemble, s)
        present = present_value(money["spent"], axis=1).mean(axis=0)
        sums = {key: value.sum(axis=1).mean(axis=0) for key, value in money.items()}
        sums["spent_present_value"] = present
        for p, programme in enumerate(ensemble.programmes[s]):
            one = {key: float(sums[key][p]) for key in COLUMNS}
            rows.append({"scenario": name, "programme": programme, **one})
        total = {key: float(sums[key].sum()) for key in COLUMNS}
        rows.append({"scenario": name, "programme": "all", **total})
    return pd.DataFrame(rows)


def accounts_by_year(ensemble: Ensemble) -> pd.DataFrame:
    """Means over runs of the money of each year, by scenario, over all programmes."""
    import pandas as pd

    pages = []
    for s, name in enumerate(ensemble.names):
        table = {key: one.sum(axis=2).mean(axis=0) for key, one in flows(ensemble, s).items()}
        page = pd.DataFrame({key: table[key] for key in COLUMNS if key in table})
        page.insert(0, "year", np.arange(1, ensemble.years + 1))
        page.insert(0, "scenario", name)
        pages.append(page)
    return pd.concat(pages, ignore_index=True)


def budget_warnings(ensemble: Ensemble) -> list[str]:
    """What must be said where scenarios do not have the same budget in every year."""
    budgets = [yearly(ensemble, s, "budget").sum(axis=2) for s in range(len(ensemble.names))]
    found = []
    for s in range(1, len(budgets)):
        larger = np.maximum(np.maximum(np.abs(budgets[0]), np.abs(budgets[s])), 1e-9)
        gap = np.abs(budgets[s] - budgets[0]) / larger
        run, year = np.unravel_index(int(np.argmax(gap)), gap.shape)
        if gap[run, year] > TOLERANCE:
            total = float(np.mean(np.sum(budgets[s] - budgets[0], axis=1)))
            if abs(total) <= TOLERANCE * float(np.mean(np.sum(budgets[0], axis=1))):
                found.append(
                    f"The same money over all years, at other times: {ensemble.names[s]} has "
                    f"£{budgets[s][run, year]:,.4g}m in year {year + 1}, {ensemble.names[0]} "
                    f"£{budgets[0][run, year]:,.4g}m. Their difference is one of timing as well as "
                    "of kind."
                )
                continue
            found.append(
                f"NOT THE SAME MONEY: {ensemble.names[s]} and {ensemble.names[0]} differ in budget "
                f"by {100 * gap[run, year]:.3g} % in year {year + 1} "
                f"(£{budgets[s][run, year]:,.4g}m against £{budgets[0][run, year]:,.4g}m) and by "
                f"£{abs(total):,.4g}m over all years. Their difference is one of amount as well as "
                "of kind."
            )
    return found
