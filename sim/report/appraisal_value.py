"""Value for money on the page of an appraisal: every case, what was paid, what turns it."""

from __future__ import annotations

from collections.abc import Container, Iterator

from sim.experiments.accounts import COLUMNS
from sim.experiments.appraisal_cases import CASES, cases_of
from sim.experiments.appraisal_lines import Table, pair_name
from sim.experiments.appraisal_table import ACCOUNTS
from sim.experiments.appraised import Appraisal
from sim.report import appraisal_words as words
from sim.report.markdown import markdown_table
from sim.report.wording import percent

Rows = list[tuple[str, ...]]


def value_rows(
    appraisal: Appraisal, table: Table, names: Container[str] = CASES
) -> tuple[tuple[str, ...], Rows]:
    """Head and rows of value for money: each option, and their differences, by named cases."""
    called = words.titles(appraisal)
    head = ("How it is counted", "Option", "Benefits", "Net present value", "Ratio")
    rows: Rows = []
    for case, kind in cases_of(appraisal).items():
        if case not in names:
            continue
        for number, option in enumerate(all_of(appraisal)):
            value = table.of("value", option)
            ratio = value.get(("benefit-cost ratio", case))
            rows.append(
                (
                    kind.title if number == 0 else "",
                    called[option],
                    words.money(value["benefits", case]),
                    words.money(value["net present value", case]),
                    "" if ratio is None else words.ratio_words(ratio),
                )
            )
    return head, rows


def value(a: Appraisal, table: Table) -> Iterator[str]:
    yield (
        "## 3. Value for money\n\nBenefits are the change in the clusters' value added in every "
        "year, costs the change in public outlay (payments and overhead); both against the same "
        f"runs under {words.titles(a)[a.ensemble.names[-1]]}, at 3.5 % a year (3.0 % after year "
        "30) [108], £m at constant prices. The first case is the central one. The local case holds "
        "the benefits of the area alone against the whole outlay.\n"
    )
    yield from tabled(*value_rows(a, table))
    for case, kind in cases_of(a).items():
        yield f"- *{kind.title}* ({case}): {kind.reason}."
    yield (
        "\nCategories by the national ratio: below 1 poor, 1 to 1.5 low, 1.5 to 2 medium, from 2 "
        "high [109], from 4 very high (from memory, not checked). A category follows from "
        "arithmetic on value added; it is no judgement of all that matters.\n"
    )
    yield f"Optimism bias in the cases above: {_optimism(a)}\n\nWhat was paid, present value:\n"
    rows = [
        (
            COLUMNS[column].removesuffix(", £m"),
            *(words.paid(table.of("money", one)[column, "all"]) for one in all_of(a)),
        )
        for column in ACCOUNTS
    ]
    yield from tabled(heads(a, "£m"), rows)


def switching(a: Appraisal, table: Table) -> Iterator[str]:
    called = words.titles(a)
    yield (
        "## 5. What would turn the verdict\n\nBy how much benefits alone, or costs alone, would "
        "have to differ for the ratio to be 1, and for the two options to have the same net "
        "present value (benefits or costs of the first changed). Where the interval of a base "
        "includes zero no share of it has a value.\n"
    )
    rows: Rows = []
    for one in all_of(a):
        found = table.of("switching", one)
        is_option = one in a.ensemble.names
        target = "ratio of 1" if is_option else "a tie"
        for case in ("national", "local"):
            cells = [words.turn(found[what, case], what) for what in ("benefits", "costs")]
            rows.append((called[one], f"{case}: {target}", *cells))
    yield from tabled(("Option", "To reach", "by benefits alone", "by costs alone"), rows)


def heads(appraisal: Appraisal, first: str) -> tuple[str, ...]:
    called = words.titles(appraisal)
    return (first, *(called[one] for one in all_of(appraisal)))


def all_of(appraisal: Appraisal) -> list[str]:
    """Options and pairs of them, in the order of columns."""
    options = [appraisal.ensemble.names[s] for s in appraisal.options]
    return options + [pair_name(appraisal, s) for s in appraisal.options[1:]]


def tabled(head: tuple[str, ...], rows: Rows) -> Iterator[str]:
    yield from markdown_table(head, rows)
    yield ""


def _optimism(a: Appraisal) -> str:
    costs, cut = percent(a.optimism_bias), percent(a.benefit_cut)
    if a.optimism_bias == 0.0 and a.benefit_cut == 0.0:
        return (
            "none (the default). The money is a fixed sum that cannot be overspent, so that what "
            "can be too hopeful is the benefit; no rate for either has a checked source here. "
            "`--optimism-bias` and `--benefit-cut` set them; the two uplifts above show how much "
            "it could matter."
        )
    return (
        f"costs raised by {costs}, gains in value added cut by {cut}, as asked for; the two "
        "uplifts above are in place of that rise. Sections 1, 2 and 4 are before any cut."
    )
