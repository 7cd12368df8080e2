"""Loading: a file, the parents that it extends, what the caller sets, and one sound scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sim.quarter.fund.programmes import Programme
from sim.scenario.checking import check
from sim.scenario.errors import COMMAND_LINE, Place, Problem, ScenarioError, did_you_mean, shown
from sim.scenario.finding import find
from sim.scenario.models import Scenario
from sim.scenario.reader import Located, decode, read


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
    tree = _resolved(path, text, ())
    tree = _overridden(tree, overrides or {})
    scenario, problems = check(tree)
    burn_in: Scenario | None = None
    regime = tree.at(("burn_in", "regime"))
    name = (
        regime.value
        if regime
        else Scenario.model_fields["burn_in"].get_default(call_default_factory=True).regime
    )
    if isinstance(name, str):  # anything else is a problem already
        burn_in, more = _burn_in(name, regime, tree, path, text)
        problems += more
    if scenario is None or burn_in is None or problems:
        raise ScenarioError(problems)
    return Loaded(path.stem, path, scenario, burn_in, text)


def _burn_in(
    name: str, regime: Located | None, tree: Located, path: Path, text: dict[str, str]
) -> tuple[Scenario | None, list[Problem]]:
    place = regime.place if regime else tree.place
    written = Path(place.file) if regime and place.file in text else path
    try:
        file = path if name == path.stem else find(name, near=written, at=place)
        own = _resolved(file, text, ())
    except ScenarioError as error:
        key = "burn_in.regime"
        return None, [
            replace(one, key=key) if one.line == place.line and not one.key else one
            for one in error.problems
        ]
    return check(own)


def _resolved(path: Path, text: dict[str, str], chain: tuple[Path, ...]) -> Located:
    """The tree of a file merged over those of its parents."""
    file = shown(path)
    tree = _tree(path, file, text)
    extends = tree.value.get("extends")
    if extends is None:
        return _merged(None, tree)
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
    return _merged(_resolved(parent, text, chain), tree)


def _tree(path: Path, file: str, text: dict[str, str]) -> Located:
    try:
        text[file] = decode(path.read_bytes(), file)
    except OSError as error:
        found = f"cannot be read: {error.strerror or error}"
        raise ScenarioError([Problem(file, 0, 0, "", found)]) from None
    tree = read(text[file], file)
    if not isinstance(tree.value, dict):
        found = "the file is empty" if tree.value is None else "the file is not a group of keys"
        problem = Problem.at(tree.place, "", found, "keys such as title, extends and programmes")
        raise ScenarioError([problem])
    return tree


def _merged(parent: Located | None, child: Located) -> Located:
    """``child`` over ``parent``: groups key by key, anything else whole; null drops a programme."""
    problems: list[Problem] = []
    tree = _over(parent, child) if parent else child
    values = {key: one for key, one in tree.value.items() if key != "extends"}
    programmes = values.get("programmes")
    if programmes is not None and isinstance(programmes.value, dict):
        inherited = parent.at(("programmes",)) if parent else None
        known = inherited.value if inherited and isinstance(inherited.value, dict) else {}
        kept = {}
        for name, one in programmes.value.items():
            if one.value is not None:
                kept[name] = one
            elif name not in known:
                hint = did_you_mean(name, known)
                found = "null drops a programme that the parent gives, and it gives none so named"
                problems.append(Problem.at(one.key_place, f"programmes.{name}", found, "", hint))
        values["programmes"] = replace(programmes, value=kept)
    if problems:
        raise ScenarioError(problems)
    return replace(tree, value=values)


def _over(parent: Located, child: Located) -> Located:
    if not (isinstance(parent.value, dict) and isinstance(child.value, dict)):
        return child
    values = dict(parent.value)
    for key, one in child.value.items():
        values[key] = _over(values[key], one) if key in values else one
    return replace(child, value=values)


def _overridden(tree: Located, overrides: Mapping[str, str]) -> Located:
    problems: list[Problem] = []
    for key, yaml_text in overrides.items():
        place = Place(f"{COMMAND_LINE} {key}={yaml_text}")
        try:
            parts = _parts(tree, key, place)
            one = _moved(read(yaml_text, place.file), place)
            for part in reversed(parts):
                one = Located({part: one}, place, place)
            merged = _merged(tree, one)
            tree = replace(merged, place=tree.place)
        except ScenarioError as error:
            problems += [replace(p, file=place.file, line=0, column=0) for p in error.problems]
    if problems:
        raise ScenarioError(problems)
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
