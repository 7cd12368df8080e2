"""The page put together: as the server gives it, or with everything inside for a file."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

PAGE = Path(__file__).parent / "page"
ENTRY = "main.js"
#: What needs a server.
LIVE = ("levers.js", "live.js")


def modules() -> list[str]:
    """Names of the page's modules."""
    return sorted(path.name for path in PAGE.glob("*.js"))


def text_of(name: str) -> str:
    """The text of one of the page's files."""
    return (PAGE / name).read_text(encoding="utf-8")


def live_page() -> tuple[str, str]:
    """The page that loads its parts from the server, and the hash of its one inline script."""
    names = {f"watch/{name}": f"/page/{name}" for name in modules()}
    script = json.dumps({"imports": names})
    parts = {
        "style": '<link rel="stylesheet" href="/page/style.css">',
        "modules": f'<script type="importmap">{script}</script>\n'
        f'<script type="module" src="/page/{ENTRY}"></script>',
        "data": "",
    }
    return _filled(parts), _hash(script)


def offline_page(messages: Mapping[str, bytes]) -> str:
    """One file with everything inside: style, modules, and ``messages`` by name.

    Modules are known by bare names in an import map whose addresses are their own text, so that a
    browser needs nothing but the file. A policy inside the file forbids every request.
    """
    urls = {f"watch/{name}": _data_url(text_of(name)) for name in modules() if name not in LIVE}
    script = json.dumps({"imports": urls})
    data = "\n".join(
        f'<script type="text/plain" id="data-{name}">{base64.b64encode(message).decode()}</script>'
        for name, message in messages.items()
    )
    start = 'import "watch/main.js";'
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        f"script-src data: {_hash(script)} {_hash(start)}"
    )
    parts = {
        "style": f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<style>\n{text_of('style.css')}</style>",
        "modules": f'<script type="importmap">{script}</script>\n'
        f'<script type="module">{start}</script>',
        "data": data,
    }
    return _filled(parts)


def _filled(parts: Mapping[str, str]) -> str:
    page = text_of("index.html")
    for name, text in parts.items():
        page = page.replace(f"<!-- {name} -->", text)
    return page


def _data_url(text: str) -> str:
    return "data:text/javascript;base64," + base64.b64encode(text.encode()).decode()


def _hash(script: str) -> str:
    """A script by its content, as a content security policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
