"""Where scenario files are looked for, and which there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.scenario.errors import Place, Problem, ScenarioError, did_you_mean, shown
from sim.scenario.reader import read, text_of

ENDINGS = (".yaml", ".yml")
#: What a file may be.
SCENARIO, EXPERIMENT, CLUSTER, SWEEP = "scenario", "experiment", "case study", "sweep"
#: Folders inside scenarios/ that hold something else than scenarios.
_APART = {"experiments": EXPERIMENT, "clusters": CLUSTER, "sweeps": SWEEP}


@dataclass(frozen=True)
class ScenarioFile:
    """A scenario that can be named; ``title`` and ``description`` as the file itself gives them."""

    name: str
    path: Path
    title: str
    description: str


def folders() -> tuple[Path, ...]:
    """Folders that are searched for a bare name, in order: the reader's own, then the shipped."""
    packaged = Path(__file__).parents[1] / "scenarios"
    shipped = packaged if packaged.is_dir() else Path(__file__).parents[2] / "scenarios"
    candidates = (Path.cwd() / "scenarios", shipped)
    seen = {path.resolve(): path for path in reversed(candidates) if path.is_dir()}
    return tuple(path for path in candidates if seen.get(path.resolve()) is path)


def find(
    name_or_path: str | Path,
    *,
    near: Path | None = None,
    at: Place | None = None,
    what: str = SCENARIO,
) -> Path:
    """The file of a scenario, or of ``what`` else, given its path or its bare name.

    ``near`` is the file that names it (in ``extends``): its folder comes first, and a file never
    means itself, so that ``long_term.yaml`` of one's own may extend the shipped ``long_term``.
    ``at`` is where the name is written. Raises ScenarioError.
    """
    text = str(name_or_path)
    place = at or Place(text or "''")
    if not text.strip():
        raise ScenarioError([Problem.at(place, "", "no name", f"the name or path of {_one(what)}")])
    try:
        if _is_path(text):
            path = (near.parent if near else Path()) / Path(text).expanduser()
            return _decent(_by_path(text, path, place, what), near, place, what)
        is_folder = Path(text).is_dir() and not _named(text, what)
        if near is None and (Path(text).is_file() or is_folder):
            return _by_path(text, Path(text), place, what)
        return _decent(_by_name(text, near, place, what), near, place, what)
    except (OSError, RuntimeError, ValueError) as error:  # no home, a name too long, a null byte
        found = f"not the name or path of {_one(what)}: {getattr(error, 'strerror', None) or error}"
        raise ScenarioError([Problem.at(place, "", found)]) from None


def _decent(path: Path, near: Path | None, place: Place, what: str) -> Path:
    """The path, unless a file names as its parent what is none: that is not read, so that no
    stranger's scenario has a message quote it."""
    if near is not None and path.resolve().suffix.lower() not in ENDINGS:
        ending = f"a file that ends in {' or '.join(ENDINGS)}"
        raise ScenarioError([Problem.at(place, "", f"{path.name} is no {what}", ending)])
    return path


def _is_path(text: str) -> bool:
    return "/" in text or "\\" in text or text.lower().endswith(ENDINGS)


def _one(what: str) -> str:
    return f"an {what}" if what == EXPERIMENT else f"a {what}"


def _named(name: str, what: str) -> list[Path]:
    return [path for folder in folders() for path in _files(folder, what) if path.stem == name]


def _files(folder: Path, what: str) -> Iterator[Path]:
    """Files below ``folder`` that are of the kind ``what``, in a fixed order."""
    for path in _yaml(folder):
        kinds = [_APART[part] for part in path.relative_to(folder).parts[:-1] if part in _APART]
        if (kinds or [SCENARIO])[0] == what:
            yield path


def _yaml(folder: Path) -> list[Path]:
    found = (path for ending in ENDINGS for path in folder.rglob(f"*{ending}"))
    return sorted(path for path in found if path.is_file())


def _by_name(name: str, near: Path | None, place: Place, what: str) -> Path:
    own = near.resolve() if near else None
    if near is not None:
        for ending in ENDINGS:
            beside = near.parent / f"{name}{ending}"
            if beside.is_file() and beside.resolve() != own:
                return beside
    for folder in folders():
        matches = [p for p in _files(folder, what) if p.stem == name and p.resolve() != own]
        if len(matches) > 1:
            listed = ", ".join(shown(path) for path in matches)
            found = f"'{name}' could mean {listed}"
            raise ScenarioError([Problem.at(place, "", found, "one of these paths")])
        if matches:
            return matches[0]
    known = sorted({path.stem for path in _all(what) if path.resolve() != own})
    looked = " and ".join(shown(folder) for folder in folders()) or "no folder: there is none"
    hint = did_you_mean(name, known) or (f"there are {', '.join(known)}" if known else "")
    found = f"there is no {what} '{name}'"
    if near is not None and near.stem == name:
        found = f"there is no '{name}' but this file itself"
    raise ScenarioError([Problem.at(place, "", found, "", _joined(f"looked in {looked}", hint))])


def _by_path(text: str, path: Path, place: Place, what: str) -> Path:
    if path.is_file():
        return path
    if path.is_dir():
        inside = ", ".join(_beside(path)) or f"no {what}"
        found = f"{text} is a folder" if place.line else "this is a folder"
        raise ScenarioError(
            [Problem.at(place, "", found, f"the file of {_one(what)}", f"it holds {inside}")]
        )
    parent = path.parent
    beside = _beside(parent) if parent.is_dir() else []
    where = shown(parent) if parent.is_dir() else f"{shown(parent)} (there is no such folder)"
    hint = did_you_mean(path.name, beside) or did_you_mean(path.stem, [p.stem for p in _all(what)])
    found = f"there is no file {path.name}"
    raise ScenarioError([Problem.at(place, "", found, "", _joined(f"looked in {where}", hint))])


def _beside(folder: Path) -> list[str]:
    """Names of the YAML files in a folder; what lies deeper may be a whole disk."""
    return sorted(child.name for child in folder.iterdir() if child.suffix in ENDINGS)


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _all(what: str) -> list[Path]:
    return [path for folder in folders() for path in _files(folder, what)]


def available(what: str = SCENARIO) -> list[ScenarioFile]:
    """Every file of the kind ``what`` that a bare name can mean; a broken one says so."""
    found: dict[str, ScenarioFile] = {}
    for path in _all(what):
        if path.stem not in found:
            title, description = _heading(path)
            found[path.stem] = ScenarioFile(path.stem, path, title, description)
    return [found[name] for name in sorted(found)]


def _heading(path: Path) -> tuple[str, str]:
    try:
        located, _ = read(text_of(path, shown(path)), shown(path))
    except ScenarioError as error:
        return "", f"cannot be read: {str(error).splitlines()[0]}"
    except OSError as error:
        return "", f"cannot be read: {error.strerror}"
    tree = located.plain()
    if not isinstance(tree, dict):
        return "", "not a scenario"
    return str(tree.get("title") or ""), str(tree.get("description") or "").strip()
