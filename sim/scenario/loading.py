"""Loading: a file, the parents that it extends, what the caller sets, and one sound scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sim.quarter.fund.programmes import Programme
from sim.scenario.checking import check
from sim.scenario.errors import COMMAND_LINE, Place, Problem, ScenarioError, did_you_mean, shown
from sim.scenario.finding import find
from sim.scenario.models import BurnIn, Scenario
from sim.scenario.reader import Located, read, text_of

#: Several parents, each with several parents, can make a few small files stand for millions.
MOST_FILES = 100


@dataclass(frozen=True)
class Loaded:
    """A scenario, and everything needed to read it again.

    ``text`` holds the file and its parents as they were read, by path; ``burn_in`` is the
    scenario whose regime pays before the policies part.
    """

    name: str
    path: Path
    scenario: Scenario
    burn_in: Scenario
    text: dict[str, str]

    @property
    def burn_in_programmes(self) -> dict[str, Programme]:
        """The programmes that pay during the burn-in."""
        return self.burn_in.programmes


def load(name_or_path: str | Path, overrides: Mapping[str, str] | None = None) -> Loaded:
    """The scenario of a name or a path, with dotted keys set to a YAML text by ``overrides``.

    >>> load("long_term", {"programmes.places.award_length": "5"})  # doctest: +SKIP

    Raises ScenarioError with every mistake found, in the files and in the overrides.
    """
    path = find(name_or_path)
    text: dict[str, str] = {}
    files = Files(text)
    loaded, problems = settled(path.stem, path, files.resolved(path, ()), files, overrides or {})
    if loaded is None:
        raise ScenarioError(in_order(problems, list(text)))
    return loaded


def settled(
    name: str, path: Path, tree: Located, files: Files, overrides: Mapping[str, str]
) -> tuple[Loaded | None, list[Problem]]:
    """The scenario ``name`` that ``tree`` says, which ``files`` have read, or what is wrong.

    ``path`` is the file that it stands in.
    """
    text = files.text
    tree = _overridden(tree, overrides, files)
    scenario, problems = check(tree, is_whole=files.is_whole)
    problems = files.problems + problems
    if not problems:
        problems = _reformed(tree, files)
    regime = tree.at(("burn_in", "regime"))
    past = regime.value if regime else BurnIn().regime
    burn_in: Scenario | None = None
    if isinstance(past, str):  # anything else is a problem already
        burn_in, more = _burn_in(past, regime.place if regime else tree.place, path, text)
        problems += more
    if scenario is None or burn_in is None or problems:
        return None, problems
    return Loaded(name, path, scenario, burn_in, text), []


def _reformed(tree: Located, files: Files) -> list[Problem]:
    """What is wrong with the scenario after its reforms, at the lines that say so."""
    reforms = tree.at(("reforms",))
    if reforms is None:
        return []
    stage = replace(tree, value={k: one for k, one in tree.value.items() if k != "reforms"})
    problems: list[Problem] = []
    for reform in reforms.value:
        for key, one in reform.value["set"].value.items():
            for part in reversed(key.split(".")):
                one = Located({part: one}, one.place, one.key_place)
            stage = replace(files.merged(stage, one), place=tree.place)
        _, found = check(stage, is_whole=files.is_whole)
        problems += [one for one in (*files.problems, *found) if one not in problems]
    return problems


def in_order(problems: list[Problem], files: list[str]) -> list[Problem]:
    """The caller's own settings first, then file by file from the top."""
    order = {file: number for number, file in enumerate(files)}
    return sorted(problems, key=lambda one: (order.get(one.file, -1), one.line, one.column))


def _burn_in(
    name: str, place: Place, path: Path, text: dict[str, str]
) -> tuple[Scenario | None, list[Problem]]:
    """The scenario that pays before the policies part; its own burn-in plays no part."""
    written = Path(place.file) if place.file in text else path
    try:
        file = path if name == path.stem else find(name, near=written, at=place)
    except ScenarioError as error:
        return None, [replace(one, key="burn_in.regime") for one in error.problems]
    files = Files(text)
    try:
        tree = files.resolved(file, ())
    except ScenarioError as error:
        return None, list(error.problems)
    scenario, problems = check(tree, is_whole=files.is_whole)
    return scenario, files.problems + problems


class Files:
    """Reads a file and its parents; gathers their mistakes, and keeps their text."""

    def __init__(self, text: dict[str, str]) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.is_whole = True
        self._n_read = 0

    def resolved(self, path: Path, chain: tuple[Path, ...]) -> Located:
        """The tree of a file merged over those of its parents."""
        self._n_read += 1
        if self._n_read > MOST_FILES:
            found = f"extends more than {MOST_FILES} files, all told"
            raise ScenarioError([Problem(shown(path), 0, 0, "extends", found)])
        tree = self.tree(path, shown(path), "keys such as title, extends and programmes")
        return self.over_parents(tree, path, chain)

    def over_parents(self, tree: Located, path: Path, chain: tuple[Path, ...]) -> Located:
        """A tree that stands in the file ``path``, merged over what it extends."""
        parent: Located | None = None
        for extends in _extended(tree):
            try:
                one = self.resolved(_parent(extends, path, chain), (*chain, path))
            except ScenarioError as error:
                self.problems += error.problems
                self.is_whole = False
                continue
            parent = over(parent, one) if parent else one
        return self.merged(parent, tree)

    def tree(self, path: Path, file: str, expected: str) -> Located:
        """What a file says, which must be a group of keys."""
        try:
            self.text[file] = text_of(path, file)
        except OSError as error:
            found = f"cannot be read: {error.strerror or error}"
            raise ScenarioError([Problem(file, 0, 0, "", found)]) from None
        tree, problems = read(self.text[file], file)
        self.problems += problems
        if not isinstance(tree.value, dict):
            found = "the file is empty" if tree.value is None else "the file is not a group of keys"
            raise ScenarioError([Problem.at(tree.place, "", found, expected)])
        return tree

    def merged(self, parent: Located | None, child: Located) -> Located:
        """``child`` over ``parent``: groups key by key, all else whole; null drops a programme."""
        tree = over(parent, child) if parent else child
        values = {key: one for key, one in tree.value.items() if key != "extends"}
        programmes = values.get("programmes")
        if programmes is not None and isinstance(programmes.value, dict):
            inherited = parent.at(("programmes",)) if parent else None
            known = inherited.value if inherited and isinstance(inherited.value, dict) else {}
            for name, one in programmes.value.items():
                if one.value is None and name not in known and self.is_whole:
                    found = "null drops a programme of the parent, which has none of this name"
                    key, hint = f"programmes.{name}", did_you_mean(name, known)
                    self.problems.append(Problem.at(one.key_place, key, found, "", hint))
            kept = {name: one for name, one in programmes.value.items() if one.value is not None}
            values["programmes"] = replace(programmes, value=kept)
        return replace(tree, value=values)


def _extended(tree: Located) -> list[Located]:
    """What a file extends: nothing, one, or several, of which the later go over the earlier."""
    extends = tree.value.get("extends")
    if extends is None:
        return []
    is_list = isinstance(extends.value, list) and extends.value
    return list(extends.value) if is_list else [extends]


def _parent(extends: Located, path: Path, chain: tuple[Path, ...]) -> Path:
    if not isinstance(extends.value, str) or not extends.value:
        found = "what it extends is not a name"
        problem = Problem.at(extends.place, "extends", found, "the name or path of one scenario")
        raise ScenarioError([problem])
    try:
        parent = find(extends.value, near=path, at=extends.place)
    except ScenarioError as error:
        raise ScenarioError([replace(one, key="extends") for one in error.problems]) from None
    chain = (*chain, path)
    if parent.resolve() in [one.resolve() for one in chain]:
        loop = " → ".join(one.stem for one in (*chain, parent))
        found = f"scenarios extend one another in a circle: {loop}"
        problem = Problem.at(extends.place, "extends", found, "", "take one of them out")
        raise ScenarioError([problem])
    return parent


def over(parent: Located, child: Located) -> Located:
    """``child`` over ``parent``: groups key by key, all else whole."""
    if not (isinstance(parent.value, dict) and isinstance(child.value, dict)):
        return child
    values = dict(parent.value)
    for key, one in child.value.items():
        values[key] = over(values[key], one) if key in values else one
    return replace(child, value=values)


def _overridden(tree: Located, overrides: Mapping[str, str], files: Files) -> Located:
    for key, yaml_text in overrides.items():
        place = Place(f"{COMMAND_LINE} {key}={yaml_text}")
        try:
            parts = _parts(tree, key, place)
            value, problems = read(yaml_text, place.file)
            if problems:
                raise ScenarioError(problems)
        except ScenarioError as error:
            files.problems += [replace(one, line=0, column=0) for one in error.problems]
            continue
        one = _moved(value, place)
        for part in reversed(parts):
            one = Located({part: one}, place, place)
        tree = replace(files.merged(tree, one), place=tree.place)
    return tree


def _parts(tree: Located, key: str, place: Place) -> list[str]:
    parts = key.split(".")
    if not all(parts):
        raise ScenarioError([Problem.at(place, key, "a key with an empty part", "a dotted key")])
    if parts[0] == "extends":
        raise ScenarioError([Problem.at(place, key, "extends is read from files only")])
    programmes = tree.at(("programmes",))
    if parts[0] == "programmes" and len(parts) > 2:
        known = programmes.value if programmes and isinstance(programmes.value, dict) else {}
        if parts[1] not in known:
            found = f"there is no programme '{parts[1]}'"
            expected = f"one of {', '.join(known)}" if known else ""
            raise ScenarioError(
                [Problem.at(place, key, found, expected, did_you_mean(parts[1], known))]
            )
    if parts[0] == "shocks" and len(parts) > 1:
        hint = "for example shocks=[{year: 5, kind: demand}]"
        raise ScenarioError([Problem.at(place, key, "shocks are a list, set as a whole", "", hint)])
    return parts


def _moved(tree: Located, place: Place) -> Located:
    value = tree.value
    if isinstance(value, dict):
        value = {key: _moved(one, place) for key, one in value.items()}
    elif isinstance(value, list):
        value = [_moved(one, place) for one in value]
    return Located(value, place, place)
