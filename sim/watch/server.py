"""The local server: the page, the futures that it asks for, and scenario files that it saves.

It listens to this machine alone, answers only requests that name it as their host and that come
from its own page, takes small bodies, and writes nowhere but into the folder that it was given.
"""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import uvicorn
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sim.experiments.workers import WorkerError
from sim.scenario import ScenarioError
from sim.watch.asked import Asked
from sim.watch.assembly import live_page, modules, text_of
from sim.watch.gate import Gate
from sim.watch.studio import Studio

HOST = "127.0.0.1"
LARGEST_BODY = 64_000
_TYPES = {".js": "text/javascript", ".css": "text/css"}


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AskFuture(_Body):
    """One future, to stand at the first or the second place."""

    asked: Asked
    place: Annotated[int, Field(ge=0, le=1)]


class AskPairs(_Body):
    """Two futures whose difference is wanted with its interval."""

    first: Asked
    second: Asked


class AskSave(_Body):
    """A future to be kept as a scenario file."""

    asked: Asked
    name: Annotated[str, Field(min_length=1, max_length=60)]
    title: Annotated[str, Field(max_length=120)] = ""


class AskStop(_Body):
    """The server is asked to stop."""


Wanted = TypeVar("Wanted", bound=_Body)
Endpoint = Callable[[Request], Awaitable[Response]]


def application(studio: Studio, port: int, year: int, stop: Callable[[], None]) -> Gate:
    """The server's application behind its gate; ``stop`` ends it."""
    page, script = live_page()

    async def index(request: Request) -> Response:
        return Response(page, media_type="text/html; charset=utf-8")

    async def part(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in (*modules(), "style.css"):
            return JSONResponse({"error": "there is no such file"}, 404)
        kind = _TYPES[name[name.rindex(".") :]]
        return Response(text_of(name), media_type=f"{kind}; charset=utf-8")

    async def scenery(request: Request) -> Response:
        return _message(await run_in_threadpool(studio.scenery, year))

    async def future(wanted: AskFuture) -> Response:
        return _message(await run_in_threadpool(studio.future, wanted.asked, wanted.place))

    async def begin_pairs(wanted: AskPairs) -> Response:
        await run_in_threadpool(studio.begin_pairs, wanted.first, wanted.second)
        return JSONResponse({"done": 0})

    async def pairs(request: Request) -> Response:
        found = studio.pairs
        if found is None or not found.done:
            error = found.error if found else ""
            return JSONResponse({"error": error} if error else {"done": 0}, 500 if error else 200)
        return _message(await run_in_threadpool(found.message))

    async def save(wanted: AskSave) -> Response:
        path = await run_in_threadpool(studio.save, wanted.asked, wanted.name, wanted.title)
        return JSONResponse({"path": str(path), "presets": studio.shelf.presets()})

    async def end(wanted: AskStop) -> Response:
        stop()
        return JSONResponse({"stopped": True})

    routes = [
        Route("/", index),
        Route("/page/{name}", part),
        Route("/scenery", scenery),
        Route("/future", _posted(AskFuture, future), methods=["POST"]),
        Route("/pairs", _posted(AskPairs, begin_pairs), methods=["POST"]),
        Route("/pairs", pairs),
        Route("/save", _posted(AskSave, save), methods=["POST"]),
        Route("/stop", _posted(AskStop, end), methods=["POST"]),
    ]
    return Gate(Starlette(routes=routes), port, script, LARGEST_BODY)


def _message(message: bytes) -> Response:
    return Response(message, media_type="application/octet-stream")


def _posted(
    kind: type[Wanted], answer: Callable[[Wanted], Awaitable[Response]]
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that reads its body as JSON, and says what is wrong in a sentence."""

    async def endpoint(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return JSONResponse({"error": "expected application/json"}, 415)
        try:
            wanted = kind.model_validate_json(await request.body())
            return await answer(wanted)
        except ValidationError as error:
            return JSONResponse({"error": _told(error)}, 422)
        except ScenarioError as error:
            return JSONResponse({"error": str(error)}, 422)
        except OSError as error:
            return JSONResponse({"error": f"{error.filename}: {error.strerror}"}, 422)
        except WorkerError as error:
            return JSONResponse({"error": str(error)}, 500)

    return endpoint


def _told(error: ValidationError) -> str:
    first: Any = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def listening(port: int | None, usual: int) -> socket.socket:
    """A socket of this machine alone: at ``port``, or at the usual one if free, or at any.

    Raises OSError if ``port`` is taken.
    """
    tries = [port] if port is not None else [usual, 0]
    for number, one in enumerate(tries):
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((HOST, one))
        except OSError:
            made.close()
            if number + 1 == len(tries):
                raise
            continue
        return made
    raise AssertionError


def serve(studio: Studio, at: socket.socket, year: int, opened: Callable[[], None]) -> None:
    """Serve until Ctrl-C or until asked to stop; ``opened`` is called once it listens."""
    port = at.getsockname()[1]

    def stop() -> None:
        server.should_exit = True

    app = application(studio, port, year, stop)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, lifespan="off", server_header=False,
        timeout_graceful_shutdown=2, ws="none",
    )  # fmt: skip
    server = uvicorn.Server(config)
    at.listen()
    opened()
    server.run(sockets=[at])
