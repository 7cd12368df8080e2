"""Loading an experiment: its frame, and every arm as the scenario that it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sim.scenario.checking import check_as
from sim.scenario.crossing import crossed
from sim.scenario.errors import Place, Problem, ScenarioError, shown
from sim.scenario.experiments import Experiment
from sim.scenario.finding import EXPERIMENT, find
from sim.scenario.loading import Files, Loaded, in_order, over, settled
from sim.scenario.reader import Located


@dataclass(frozen=True)
class LoadedExperiment:
    """An experiment with its arms, in the order of the file.

    ``text`` holds the file and all that its arms extend, by path.
    """

    name: str
    path: Path
    experiment: Experiment
    arms: tuple[Loaded, ...]
    text: dict[str, str]


def load_experiment(
    name_or_path: str | Path, overrides: Mapping[str, str] | None = None
) -> LoadedExperiment:
    """The experiment of a name or a path; ``overrides`` set keys of every arm.

    >>> load_experiment("concentration")  # doctest: +SKIP

    Raises ScenarioError with every mistake found, in the frame and in the arms.
    """
    path = find(name_or_path, what=EXPERIMENT)
    text: dict[str, str] = {}
    files = Files(text)
    tree = files.tree(path, shown(path), "keys such as title, question, arms and findings")
    arms = _Arms(tree, path, text, overrides or {})
    experiment, problems = check_as(Experiment, _frame(tree))
    problems = files.problems + problems
    loaded = []
    for name in arms.trees:
        arm, more = arms.loaded(name)
        problems += more
        if arm is not None:
            loaded.append(arm)
    if experiment is None or problems:
        raise ScenarioError(in_order(problems, list(text)))
    return LoadedExperiment(path.stem, path, experiment, tuple(loaded), text)


def _frame(tree: Located) -> Located:
    """The file with its arms emptied: what is in them is checked as a scenario."""
    values = dict(tree.value)
    if "common" in values and isinstance(values["common"].value, dict):
        values["common"] = replace(values["common"], value={})
    if "arms" in values:
        values["arms"] = _emptied(values["arms"])
    if "crossed" in values and isinstance(values["crossed"].value, dict):
        factors = {name: _emptied(one) for name, one in values["crossed"].value.items()}
        values["crossed"] = replace(values["crossed"], value=factors)
    return replace(tree, value=values)


def _emptied(group: Located) -> Located:
    """A group of scenarios, of which no more is left than their titles."""
    if not isinstance(group.value, dict):
        return group
    emptied = {
        name: replace(one, value={key: each for key, each in one.value.items() if key == "title"})
        if isinstance(one.value, dict)
        else one
        for name, one in group.value.items()
    }
    return replace(group, value=emptied)


class _Arms:
    """Arms of one file: each over what it extends, which may be another of them."""

    def __init__(
        self, tree: Located, path: Path, text: dict[str, str], overrides: Mapping[str, str]
    ) -> None:
        def group(key: str) -> dict[str, Located]:
            one = tree.value.get(key)
            return one.value if one is not None and isinstance(one.value, dict) else {}

        self.trees = {name: one for name, one in group("arms").items() if _is_group(one)}
        self.crossed = crossed(tree.value.get("crossed"))
        for name, arm in self.crossed.items():
            self.trees.setdefault(name, arm.tree)
        self.path, self.text, self.overrides = path, text, overrides
        self.common = Located(group("common"), tree.place, tree.place)

    def loaded(self, name: str) -> tuple[Loaded | None, list[Problem]]:
        """The scenario of an arm, and what is wrong in it."""
        files = Files(self.text)
        try:
            tree = self._resolved(name, (), files)
        except ScenarioError as error:
            return None, [self._placed(one, name) for one in error.problems]
        arm, problems = settled(name, self.path, tree, files, self.overrides)
        return arm, [self._placed(one, name) for one in problems]

    def _resolved(self, name: str, chain: tuple[str, ...], files: Files) -> Located:
        own = self.trees[name]
        extends = own.value.get("extends")
        parent = extends.value if extends is not None else None
        # An arm that is called as what it extends means the scenario of that name.
        if not isinstance(parent, str) or parent == name or parent not in self.trees:
            return files.over_parents(over(self.common, own), self.path, ())
        chain = (*chain, name)
        if parent in chain:
            found = f"arms extend one another in a circle: {' → '.join((*chain, parent))}"
            problem = Problem.at(extends.place, "extends", found, "", "take one of them out")
            raise ScenarioError([problem])
        return files.merged(self._resolved(parent, chain, files), own)

    def _placed(self, one: Problem, name: str) -> Problem:
        """The problem with its key as this file has it."""
        if one.file != shown(self.path):
            return one
        location = tuple(int(part) if part.isdigit() else part for part in one.key.split("."))
        at = Place(one.file, one.line, one.column)
        here = self.common.at(location)
        is_common = here is not None and at in (here.place, here.key_place)
        prefix = "common" if is_common else f"arms.{name}"
        for part, tree in self.crossed[name].parts if name in self.crossed else ():
            there = tree.at(location)
            if there is not None and at in (there.place, there.key_place):
                prefix = part
        return replace(one, key=f"{prefix}.{one.key}" if one.key else prefix)


def _is_group(one: Located) -> bool:
    return isinstance(one.value, dict)
