"""A folder of results that is whole or not there: written beside its place, then moved at once."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import pandas as pd

#: Every folder of results has it; only a folder that has it is ever replaced.
MANIFEST = "manifest.json"
_NUMBER = re.compile(r"[+-][0-9.,]+(e[+-]?[0-9]+)?%?")


class FolderError(Exception):
    """Results cannot be written; the message says where and why."""


class FolderTaken(FolderError):
    """The folder exists already."""


class Folder:
    """A folder in the making.

    Open it before any long work, so that a place that cannot be written is known at once.
    ``finish`` moves it to its place; leaving the ``with`` block without that removes all traces.
    Raises FolderError.
    """

    def __init__(self, folder: Path, *, is_replaced: bool = False) -> None:
        self.folder = folder
        self._place = folder.absolute()
        self._is_replaced = is_replaced
        self._made: list[Path] = []
        self._is_finished = False
        self._check()
        with told(folder):
            for parent in reversed(self._place.parents):
                if not parent.exists():
                    parent.mkdir()
                    self._made.append(parent)
            self.path = Path(tempfile.mkdtemp(prefix=f".{self._place.name}-", dir=self._parent))
            self.path.chmod(0o755)

    @property
    def _parent(self) -> Path:
        return self._place.parent

    def _check(self) -> None:
        with told(self.folder):
            if not self._place.exists() or _is_empty(self._place):
                return
            is_ours = (self._place / MANIFEST).is_file()
        if not self._is_replaced:
            remedy = "use --force to replace it, or choose" if is_ours else "choose"
            raise FolderTaken(f"{self.folder} exists already: {remedy} another folder")
        if not is_ours:
            raise FolderTaken(
                f"{self.folder} is not a folder of results, and is left alone: choose another"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.abandon()

    def write(self, name: str, writer: Callable[[Path], object]) -> None:
        """Let ``writer`` write the file ``name`` of the folder."""
        path = self.path / name
        with told(self.folder):
            path.parent.mkdir(parents=True, exist_ok=True)
            writer(path)

    def write_text(self, name: str, text: str) -> None:
        """Write a text file; in Markdown no word is a tag of HTML."""
        if name.endswith(".md"):
            text = text.replace("<", "&lt;")
        self.write(name, lambda path: path.write_text(text, encoding="utf-8", newline="\n"))

    def write_manifest(self, made: Mapping[str, Any]) -> None:
        """Write what is needed to make the folder's results again."""
        text = json.dumps(made, indent=2, ensure_ascii=False)
        self.write_text(MANIFEST, text + "\n")

    def write_csv(self, name: str, table: pd.DataFrame) -> None:
        """Write a table that Excel opens with its £ and – intact: UTF-8 with its mark.

        Text that a spreadsheet would take for a formula, such as the name of a stranger's scenario,
        gets an apostrophe before it.
        """
        text = table.select_dtypes(["object", "string", "category"]).columns
        plain = table.assign(**{column: table[column].map(no_formula) for column in text})
        self.write(
            name,
            lambda path: plain.to_csv(
                path, index=False, encoding="utf-8-sig", float_format="%.8g", lineterminator="\n"
            ),
        )

    def finish(self) -> Path:
        """Put the folder in its place; until here nothing of it is seen."""
        with told(self.folder):
            for path in sorted(self.path.rglob("*")):
                if path.is_file():
                    _sync(path)
            aside = self.path.with_name(f"{self.path.name}.old")
            if self._place.exists():
                self._place.rename(aside)
            self.path.rename(self._place)
            shutil.rmtree(aside, ignore_errors=True)
        self._is_finished = True
        return self.folder

    def abandon(self) -> None:
        """Remove what is half-written; nothing happens after ``finish``."""
        if self._is_finished:
            return
        shutil.rmtree(self.path, ignore_errors=True)
        for parent in reversed(self._made):
            with contextlib.suppress(OSError):
                parent.rmdir()


def _is_formula(value: Any) -> bool:
    begins = isinstance(value, str) and value.startswith(("=", "+", "-", "@"))
    return begins and not _NUMBER.fullmatch(value)


def no_formula(value: Any) -> Any:
    """The value; text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{value}" if _is_formula(value) else value


def as_written(value: Any) -> Any:
    """What ``write_csv`` was given, from what it wrote."""
    is_marked = isinstance(value, str) and value.startswith("'") and _is_formula(value[1:])
    return value[1:] if is_marked else value


def write_whole(path: Path, text: str) -> None:
    """Write a file that is whole or not there."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def default_folder(names: Sequence[str], root: Path = Path("results")) -> Path:
    """``results/<a>-vs-<b>-<date>``, with a number where that exists."""
    today = datetime.now(UTC).date().isoformat()
    plain = "-vs-".join(names) if len(names) < 4 else f"{names[0]}-vs-{len(names) - 1}-others"
    base = root / f"{plain.replace('/', '-')}-{today}"
    folder, number = base, 1
    while folder.exists():
        number += 1
        folder = base.with_name(f"{base.name}-{number}")
    return folder


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some systems will not sync what is open for reading
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def told(folder: Path) -> Iterator[None]:
    """Turn what the system says into a sentence."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error):
            reason = "the disk is full"
        raise FolderError(f"cannot write the results to {folder}: {reason}") from error
