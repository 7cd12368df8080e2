"""YAML 1.2 with the place of every key and value.

PyYAML reads YAML 1.1, in which ``no`` is false and ``12:30`` is 750. Here plain words follow the
core schema of YAML 1.2 instead, and a file with two meanings (a key written twice) is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner

from sim.scenario.errors import Place, Problem, ScenarioError
from sim.scenario.models import Location

Scalar = str | int | float | bool | None
MOST_VALUES = 20_000  # aliases can make a small file stand for a huge one
DEEPEST = 100
MOST_BYTES = 1_000_000
MOST_DIGITS = 300  # a whole number of more is none that a calculation could take
#: What terminals obey, what turns the order of letters round, and what XML cannot hold.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


@dataclass(frozen=True)
class Located:
    """A value with the place where it begins, and the place of its key."""

    value: Any
    place: Place
    key_place: Place

    def plain(self) -> Any:
        """The value without its places."""
        if isinstance(self.value, dict):
            return {key: one.plain() for key, one in self.value.items()}
        if isinstance(self.value, list):
            return [one.plain() for one in self.value]
        return self.value

    def at(self, location: Location) -> Located | None:
        """What is written at ``location``, or None."""
        here: Located | None = self
        for part in location:
            if here is None:
                return None
            if isinstance(here.value, dict) and isinstance(part, str):
                here = here.value.get(part)
            elif isinstance(here.value, list) and isinstance(part, int):
                here = here.value[part] if part < len(here.value) else None
            else:
                return None
        return here

    def nearest(self, location: Location) -> Located:
        """What is written at ``location``, or the innermost group around it."""
        while (found := self.at(location)) is None:
            location = location[:-1]
        return found


class _Core(Reader, Scanner, Parser, Composer, BaseResolver):  # type: ignore[misc]
    """PyYAML as far as nodes, with the plain words of YAML 1.2's core schema."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        BaseResolver.__init__(self)

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        """A word without quotes or tag has an empty tag; ``_plain_word`` finds its meaning."""
        if kind is yaml.ScalarNode and implicit[0]:
            return _PLAIN
        return super().resolve(kind, value, implicit)  # type: ignore[no-untyped-call]


_PLAIN = ""
_TAG = "tag:yaml.org,2002:"
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
_BOOL = {word: value for value in (True, False) for word in (f"{value}", f"{value}".lower())}
_BOOL |= {word.upper(): value for word, value in _BOOL.items()}
_NULL = {"", "~", "null", "Null", "NULL"}


def _plain_word(text: str) -> Scalar:
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        if len(text) > MOST_DIGITS:
            raise ValueError
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    if _FLOAT.fullmatch(text):
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text


class _Walk:
    """From nodes to located values, gathering every mistake on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.count = 0
        self.open: list[int] = []

    def place(self, mark: Any) -> Place:
        return Place(self.file, mark.line + 1, mark.column + 1)

    def report(self, node: Any, key: str, found: str, expected: str = "", hint: str = "") -> None:
        self.problems.append(Problem.at(self.place(node.start_mark), key, found, expected, hint))

    def located(self, node: Any, key_place: Place | None = None, key: str = "") -> Located:
        place = self.place(node.start_mark)
        self.count += 1
        if self.count > MOST_VALUES or len(self.open) > DEEPEST or id(node) in self.open:
            found = "this alias holds itself" if id(node) in self.open else "too much to read"
            self.report(node, key, found, "a plain scenario")
            raise ScenarioError(self.problems)
        self.open.append(id(node))
        value: Any
        if isinstance(node, yaml.MappingNode):
            self._check_tag(node, key, "map")
            value = self._mapping(node, key)
        elif isinstance(node, yaml.SequenceNode):
            self._check_tag(node, key, "seq")
            value = [
                self.located(one, self.place(one.start_mark), f"{key}.{number}")
                for number, one in enumerate(node.value)
            ]
        else:
            value = self._scalar(node, key)
        self.open.pop()
        return Located(value, place, key_place or place)

    def _check_tag(self, node: Any, key: str, kind: str) -> None:
        if node.tag != _TAG + kind:
            self.report(
                node, key, f"the tag {node.tag.replace(_TAG, '!!')}", "a value without a tag"
            )

    def _mapping(self, node: Any, parent: str) -> dict[str, Located]:
        values: dict[str, Located] = {}
        for key_node, value_node in node.value:
            place = self.place(key_node.start_mark)
            if not isinstance(key_node, yaml.ScalarNode):
                self.report(key_node, parent, "a key made of several values", "a word as key")
                continue
            word = str(key_node.value)
            if _CONTROL.search(word):
                self.report(key_node, parent, "a control character in a key", "a word as key")
                continue
            key = f"{parent}.{word}" if parent else word
            if word == "<<":
                hint = "use extends, or repeat the keys"
                self.report(key_node, key, "'<<' (merge) is not part of YAML 1.2", "", hint)
                continue
            one = self.located(value_node, place, key)
            if word in values:
                first = values[word].key_place.line
                self.report(
                    key_node, key, "written twice", "each key once", f"see also line {first}"
                )
                continue
            values[word] = one
        return values

    def _scalar(self, node: Any, key: str) -> Scalar:
        text = str(node.value)
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            self.report(node, key, "a character that is not text", "ordinary text")
            return ""
        if _CONTROL.search(text):
            self.report(node, key, "a control character", "ordinary text")
            return ""
        if node.tag != _PLAIN:
            self._check_tag(node, key, "str")
            return text
        try:
            return _plain_word(text)
        except ValueError:
            self.report(node, key, "a number with too many digits", "an ordinary number")
            return 0


def text_of(path: Path, file: str) -> str:
    """The text of the file at ``path``, called ``file``, of which no more than is sane is read.

    Raises OSError, ScenarioError.
    """
    with path.open("rb") as opened:
        data = opened.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        found = f"the file has more than {MOST_BYTES:,} bytes"
        raise ScenarioError([Problem(file, 0, 0, "", found, "a scenario")])
    return decode(data, file)


def decode(data: bytes, file: str) -> str:
    """The text of a file, which must be UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", errors="replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        found = f"byte 0x{data[error.start]:02x} is not text"
        problem = Problem(file, line, column, "", found, "UTF-8", "save the file as UTF-8")
        raise ScenarioError([problem]) from None


def _broken(file: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    found = " ".join(f"{error.problem}".split())
    context = " ".join(part for part in (error.context or "").split())
    hint = ""
    if "'\\t'" in found:
        found, hint = "a tab where YAML wants spaces", "indent with spaces"
    elif "mapping values are not allowed" in found:
        hint = "put text that contains ': ' in quotes, and check the indentation"
    elif "could not find expected ':'" in found:
        hint = "write 'key: value', with a space after the colon"
    elif "but found another document" in found:
        found, context, hint = "a second document begins here", "", "keep one scenario a file"
    found = found.replace("could not find expected", "no").replace("did not find expected", "no")
    where = f" ({context})" if context else ""
    return Problem.at(place, "", f"broken YAML: {found}{where}", "", hint)


def read(text: str, file: str) -> tuple[Located, list[Problem]]:
    """The values of a YAML text with their places, and what is wrong in it but can be passed over:
    a key written twice, or what YAML 1.2 does not know.

    Raises ScenarioError for broken YAML. An empty text is None.
    """
    walk = _Walk(file)
    try:
        node = _Core(text).get_single_node()
        if node is None:
            return Located(None, Place(file, 1, 1), Place(file, 1, 1)), []
        return walk.located(node), walk.problems
    except yaml.MarkedYAMLError as error:
        raise ScenarioError([_broken(file, error)]) from None
    except ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        found = f"broken YAML: the character U+{ord(text[error.position]):04X} is not allowed"
        raise ScenarioError([Problem(file, line, column, "", found, "ordinary text")]) from None
    except RecursionError:
        raise ScenarioError([Problem(file, 1, 1, "", "too deep to read", "a scenario")]) from None
    except (ValueError, OverflowError):  # an escape such as "\\UFFFFFFFF"
        found = "broken YAML: an escape that is not a character"
        raise ScenarioError([Problem(file, 1, 1, "", found, "ordinary text")]) from None
