"""The local server: what it refuses, what it writes, and that a future is the run it says."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from sim.experiments.future import seed_of
from sim.scenario import ScenarioError, load
from sim.watch.asked import Asked, Shelf, asked_of
from sim.watch.futures import record
from sim.watch.levers import levers
from sim.watch.packing import unpack
from sim.watch.saving import save_scenario
from sim.watch.worker import LEVEL
from tests.watch.conftest import FIRMS, Served, serving


def ask(
    served: Served, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, bytes, dict[str, str]]:
    """One request, with its headers as given."""
    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    sent = {
        "Host": f"127.0.0.1:{served.port}",
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    if body is not None:
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent.setdefault("Content-Type", "application/json")
    line.putrequest(method, path, skip_host=True)
    for name, value in sent.items():
        line.putheader(name, value)
    if body is not None and "Transfer-Encoding" not in sent:
        line.putheader("Content-Length", str(len(body)))
    line.endheaders(body)
    answer = line.getresponse()
    found = answer.status, answer.read(), dict(answer.getheaders())
    line.close()
    return found


FUTURE = {"asked": {"base": "long_term"}, "place": 0}


def test_it_answers_only_to_its_own_name_and_page(served: Served) -> None:
    own = f"http://127.0.0.1:{served.port}"
    assert ask(served, "GET", "/")[0] == 200
    assert ask(served, "GET", "/", Host="evil.example")[0] == 421
    assert ask(served, "GET", "/", Host=f"evil.example:{served.port}")[0] == 421
    assert ask(served, "GET", "/scenery", Origin="http://evil.example")[0] == 403
    assert ask(served, "POST", "/future", FUTURE, Origin="null")[0] == 403
    assert ask(served, "POST", "/future", FUTURE, Sec_Fetch_Site="cross-site")[0] == 403
    assert (
        ask(served, "POST", "/future", FUTURE, Origin=own, Sec_Fetch_Site="same-origin")[0] == 200
    )
    headers = ask(served, "GET", "/")[2]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "access-control-allow-origin" not in {name.lower() for name in headers}


def test_it_listens_to_this_machine_alone(served: Served) -> None:
    for address in {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None)}:
        if not str(address).startswith("127.") and ":" not in str(address):
            with pytest.raises(OSError):
                socket.create_connection((str(address), served.port), timeout=1).close()


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"{", 422, "JSON"),
        ({"asked": {"base": "long_term"}, "place": 7}, 422, "place"),
        ({"asked": {"base": "long_term", "odd": 1}, "place": 0}, 422, "odd"),
        ({"asked": {"base": "/etc/passwd"}, "place": 0}, 422, "no scenario"),
        ({"asked": {"base": "long_term", "changes": {"budget": -5}}, "place": 0}, 422, "too small"),
        ({"asked": {"base": "long_term", "changes": {"x: y": 1}}, "place": 0}, 422, "changes"),
        (b" " * 70_000, 413, "at most"),
    ],
)
def test_it_says_what_is_wrong(served: Served, body: Any, status: int, words: str) -> None:
    found, text, _ = ask(served, "POST", "/future", body)
    assert found == status
    assert words in json.loads(text)["error"]


def test_other_bodies_and_other_files_are_refused(served: Served) -> None:
    assert ask(served, "POST", "/future", FUTURE, Content_Type="text/plain")[0] == 415
    chunked = ask(served, "POST", "/future", b"0\r\n\r\n", Transfer_Encoding="chunked")
    assert chunked[0] == 411
    for path in ("/page/../server.py", "/page/%2e%2e%2fserver.py", "/page/index.html", "/nothing"):
        assert ask(served, "GET", path)[0] == 404


def test_a_future_is_the_run_that_the_command_line_makes(served: Served) -> None:
    status, message, _ = ask(served, "POST", "/future", FUTURE)
    assert status == 200
    loaded = load("long_term", {"population.firms": str(FIRMS)})
    years = unpack(message)[0]["years"]
    own = record(loaded.scenario, loaded.burn_in, seed_of(1, 0), years, level=LEVEL)
    assert message == own


def test_paired_runs_become_known(served: Served) -> None:
    wanted = {"first": {"base": "long_term"}, "second": {"base": "piecemeal"}}
    assert ask(served, "POST", "/pairs", wanted)[0] == 200
    for _ in range(600):
        status, body, headers = ask(served, "GET", "/pairs")
        assert status == 200
        if headers["content-type"].startswith("application/octet-stream"):
            break
        time.sleep(0.1)
    head, arrays = unpack(body)
    assert head["planned"] == 20
    assert 1 <= head["runs"] <= 20
    assert arrays["mean"].size == len(head["series"]) * len(head["areas"]) * (head["years"] + 1)


@pytest.mark.parametrize("name", ["../evil", "a/b", "", "LOUD", "x" * 61, "long_term", ".hidden"])
def test_no_file_is_written_elsewhere_or_over_another(served: Served, name: str) -> None:
    before = sorted(served.folder.parent.rglob("*"))
    status, _, _ = ask(served, "POST", "/save", {"asked": {"base": "long_term"}, "name": name})
    assert status == 422
    assert sorted(served.folder.parent.rglob("*")) == before


def test_a_saved_scenario_states_only_what_was_changed(tmp_path: Path) -> None:
    changes = {"programmes.places.award_length": 4, "budget": 250}
    asked = Asked(base="long_term", changes=changes)
    shelf = Shelf(["long_term", "piecemeal"], {})
    path = save_scenario(tmp_path, "mine", 'My "own"', shelf.loaded(asked), "long_term")
    text = path.read_text(encoding="utf-8")
    assert text.splitlines() == [
        "extends: long_term",
        'title: "My \\"own\\""',
        "budget: 250.0",
        "programmes:",
        "  places:",
        "    award_length: 4.0",
    ]
    with pytest.raises(ScenarioError, match="already"):
        save_scenario(tmp_path, "mine", "", shelf.loaded(asked), "long_term")


def test_a_blend_is_saved_and_read_back_as_itself(tmp_path: Path) -> None:
    asked = asked_of("long_term~piecemeal@0.3")
    wanted = Shelf(["long_term", "piecemeal"], {}).loaded(asked)
    path = save_scenario(tmp_path, "between", "", wanted, "long_term")
    assert load(path).scenario.programmes == wanted.scenario.programmes


def test_every_lever_of_the_schema_is_there_with_its_unit() -> None:
    found = {(one["group"], one["key"]): one for one in levers()}
    assert found["programme", "award_length"]["unit"] == "years"
    assert found["programme", "allocation"]["choices"][0] == "formula"
    assert found["collaboration", "reach"]["kind"] == "number"
    assert found["money", "budget"]["high"] == 600
    assert all(one["meaning"] for one in found.values())
    assert ("money", "horizon") not in found


@pytest.mark.parametrize("how", ["asked", "Ctrl-C"])
def test_it_stops(tmp_path: Path, how: str) -> None:
    with serving(tmp_path) as own:
        if how == "asked":
            assert ask(own, "POST", "/stop", {})[0] == 200
        else:
            ask(own, "GET", "/")
            own.process.send_signal(signal.SIGINT)
        assert own.process.wait(timeout=20) == 0
        assert own.process.stdout is not None
        assert "Stopped." in own.process.stdout.read()
    assert not list(tmp_path.iterdir())
