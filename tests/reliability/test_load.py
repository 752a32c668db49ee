"""Fifty readers are answered without an error; of three hundred at once, the excess is told to come again."""

import asyncio

import pytest
from load import Borne, Seen, ask, bear, borne, window

READERS, CROWD = 50, 300
THINKING = 5.0  # seconds between an answer and the next question
MEMORY_SECONDS = 60.0


def crowd(users: int, address: str) -> Seen:
    """Let every reader ask once in the same moment."""
    import httpx

    async def all_at_once() -> Seen:
        seen = Seen()
        clients = [httpx.AsyncClient(base_url=address, timeout=60) for _ in range(users)]
        for number, client in enumerate(clients):
            client.headers["x-forwarded-for"] = f"10.1.{number >> 8}.{number & 255}"
        await asyncio.gather(*(ask(client, "黄浦滨江岸线贯通开放了多少公里?", seen) for client in clients))
        await asyncio.gather(*(client.aclose() for client in clients))
        return seen

    return asyncio.run(all_at_once())


@pytest.mark.parametrize("users", [100, pytest.param(CROWD, marks=pytest.mark.long)])
def test_the_excess_is_told_to_come_again_and_the_rest_is_answered(users: int, served_window: object) -> None:
    address = served_window.address  # type: ignore[attr-defined]
    seen = crowd(users, address)
    assert seen.errors == []
    assert len(seen.whole) + seen.busy == users
    assert seen.busy > 0
    assert len(seen.whole) >= 60  # the queue holds 64, and some are answered while others come
    after = crowd(3, address)
    assert (len(after.whole), after.busy, after.errors) == (3, 0, [])


@pytest.fixture(scope="module")
def minute() -> Borne:
    return borne(READERS, MEMORY_SECONDS, THINKING)


@pytest.mark.long
def test_fifty_readers_are_answered_without_an_error(minute: Borne) -> None:
    assert minute.errors == 0, minute.first_error
    assert minute.busy == 0
    assert minute.answers > READERS * MEMORY_SECONDS / THINKING / 3
    print({"retrieval p95, seconds": minute.retrieval_p95})


@pytest.mark.long
def test_a_client_that_asks_and_never_listens_costs_no_one_else_the_answer() -> None:
    """Two hundred questions whose answers nobody fetches; then a reader is answered as ever."""
    import httpx

    with window() as (address, pid):

        async def go() -> tuple[set[int], Borne]:
            statuses = set[int]()
            for at in range(200):
                async with httpx.AsyncClient(base_url=address, headers={"x-forwarded-for": f"10.3.0.{at}"}) as client:
                    told = await client.post(
                        "/gradio_api/call/ask", json={"data": ["岸线多少公里?", [], "", "", "", ""]}, timeout=60
                    )
                    statuses.add(told.status_code)
            return statuses, await bear(address, pid, 2, 5.0, 0.5)

        statuses, after = asyncio.run(go())
    assert statuses <= {200, 503}
    assert after.errors == 0
    assert after.answers > 0
