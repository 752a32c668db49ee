"""A marked key and a marked password: not one byte of them in what is answered, printed or logged."""

import base64
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browsing import serving
from knocking import API, knock
from standin import Does, Handler, StandIn, says, standing_in

KEY, PASSWORD, USER = "sk-marked-0b5c77e1d2", "geheim-9f31c0aa47", "anna"
QUESTION = "黄浦滨江岸线贯通开放了多少公里?"
BASIC = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
# As they are, and in the form in which HTTP carries the password.
MARKS = (KEY, PASSWORD, BASIC)
CONFIG = '[llm]\nurl = "{url}"\nmodel = "m"\nkey = "{key}"\nfirst_seconds = 1.0\nseconds = 2.0\n'


@dataclass(frozen=True, slots=True)
class Kept:
    """A window with a key and a sign-in; `seen` is every answer so far, `heard` what it printed."""

    address: str
    model: StandIn
    log: Path
    heard: list[str]
    seen: list[str]

    def get(self, path: str, data: object = None) -> str:
        """Ask as the signed-in user; keep whatever comes back, headers included."""
        told = knock(self.address + path, data, {"authorization": f"Basic {BASIC}"})
        self.seen.append(f"{dict(told.headers)}{told.text}")
        return told.text


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder, heard = tmp_path_factory.mktemp("secrets"), list[str]()
    with standing_in(says("好")) as model:
        (folder / "wenju.toml").write_text(CONFIG.format(url=model.url, key=KEY), "utf-8")
        log = folder / "log"
        environment = {"WENJU_CONFIG": str(folder / "wenju.toml"), "WENJU_USER": USER, "WENJU_PASSWORD": PASSWORD}
        with serving(folder / "library", "--log", str(log), "--rate", "0", heard=heard, **environment) as address:
            yield Kept(address, model, log, heard, [])


def echoes(status: int) -> Does:
    """Tell the caller its own key, as some endpoints do."""

    def does(handler: Handler, _: str) -> None:
        key = handler.headers["Authorization"]
        handler.start(status, "application/json", **{"X-Key": key})
        handler.raw(json.dumps({"error": {"message": f"Incorrect key {key}: {KEY}", "key": KEY}}).encode())

    return does


def echoes_in_bad_json(handler: Handler, _: str) -> None:
    handler.start()
    handler.raw(f"data: {{broken {handler.headers['Authorization']}\n\n".encode())


def hangs(handler: Handler, _: str) -> None:
    handler.server.over.wait(5)


FAULTS: dict[str, Does] = {
    **{str(status): echoes(status) for status in (400, 401, 403, 404, 422, 429, 500, 502)},
    "bad JSON": echoes_in_bad_json,
    "timeout": hangs,
}


def assert_unseen(kept: Kept) -> None:
    everything = "".join([*kept.seen, *kept.heard, kept.log.read_text("utf-8")])
    assert not [mark for mark in MARKS if mark in everything]


# Each of these is tried three times, with a wait between.
SLOW = ("429", "502")
ONES = [pytest.param(one, marks=pytest.mark.long) if one in SLOW else one for one in FAULTS]


@pytest.mark.parametrize("fault", ONES)
def test_a_fault_of_the_model_shows_no_secret(kept: Kept, fault: str) -> None:
    kept.model.does = FAULTS[fault]
    asked = len(kept.model.keys)
    assert "8.3" in kept.get(f"{API}/run/ask", {"data": [QUESTION, [], "", "", "", ""]})
    assert kept.model.keys[asked:][0] == f"Bearer {KEY}"
    kept.get(f"{API}/run/turn", {"data": [{"question": QUESTION, "run": "r"}]})
    assert_unseen(kept)


PAGES = ("/", "/config", f"{API}/info", f"{API}/openapi.json", f"{API}/startup-events", "/health", "/theme.css")


@pytest.mark.parametrize("page", [*PAGES, "/nowhere", f"{API}/app_id", f"{API}/file=/etc/passwd"])
def test_no_page_shows_one(kept: Kept, page: str) -> None:
    kept.get(page)
    assert_unseen(kept)


LIMITS = ["", "", "", ""]
BROKEN = (
    *([*given, *LIMITS] for given in ([QUESTION, 5], [{"a": 1}, []], [None, None], [[QUESTION], [{"question": 3}]])),
    *([QUESTION], [QUESTION, [7], *LIMITS]),
)


@pytest.mark.parametrize("data", BROKEN, ids=range(len(BROKEN)))
def test_a_traceback_shows_none(kept: Kept, data: list[object]) -> None:
    kept.model.does = says("好")
    for name in ("ask", "search", "evaluate", "turn", "add_report"):
        kept.get(f"{API}/run/{name}", {"data": data})
    assert_unseen(kept)


def test_a_wrong_password_is_not_written_down_either(kept: Kept) -> None:
    wrong = base64.b64encode(f"{USER}:{PASSWORD}x".encode()).decode()
    told = knock(f"{kept.address}/", headers={"authorization": f"Basic {wrong}"})
    assert told.status == 401
    assert_unseen(kept)
    # The line is written behind the answer.
    last = time.monotonic() + 10
    while '"status": 401' not in kept.log.read_text("utf-8") and time.monotonic() < last:
        time.sleep(0.05)
    lines = [json.loads(line) for line in kept.log.read_text("utf-8").splitlines()]
    assert [line for line in lines if line.get("status") == 401]
    assert wrong not in kept.log.read_text("utf-8")


def test_the_log_names_what_happened_but_not_what_was_asked(kept: Kept) -> None:
    kept.get(f"{API}/run/ask", {"data": [QUESTION, [], "", "", "", ""]})
    text = kept.log.read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert {"question", "request"} <= {line["event"] for line in lines}
    assert [line for line in lines if line.get("user") == USER]
    assert "滨江" not in json.dumps(lines, ensure_ascii=False)
