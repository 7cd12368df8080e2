"""What every request must meet before it is looked at, and what every answer says of itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.responses import JSONResponse

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Gate:
    """Lets through what this machine's own page asks for.

    A page of another site could otherwise reach the server by a name that it makes resolve to this
    machine (hence the check of the host), or by posting to it blindly (hence that of the origin).
    """

    def __init__(self, inner: Application, port: int, script: str, largest_body: int) -> None:
        self._inner = inner
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._origins = {f"http://{host}" for host in self._hosts}
        self._largest_body = largest_body
        policy = (
            f"default-src 'none'; connect-src 'self'; script-src 'self' {script}; "
            "style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'"
        )
        self._headers = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"cache-control", b"no-store"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return

        async def signed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self._headers]
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            status, words = refusal
            await JSONResponse({"error": words}, status)(scope, receive, signed)
            return
        await self._inner(scope, receive, signed)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        if headers.get("host", "").lower() not in self._hosts:
            return 421, "this server answers only to 127.0.0.1 and localhost"
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in self._origins:
            return 403, "requests from other pages are refused"
        # A link from elsewhere may open the page itself, and nothing more.
        is_own = headers.get("sec-fetch-site", "none") in ("none", "same-origin")
        is_opening = scope["path"] == "/" and headers.get("sec-fetch-mode") == "navigate"
        if not (is_own or is_opening):
            return 403, "requests from other pages are refused"
        if scope["method"] == "POST":
            length = headers.get("content-length", "")
            if not length.isdigit():
                return 411, "the length of the body must be stated"
            if int(length) > self._largest_body:
                return 413, f"the body may have at most {self._largest_body:,} bytes"
        return None
