"""How long a client waits, worked out by hand; the clock is turned by the test."""

from web import pace
from web.pace import Pace


class Clock:
    """A clock that stands still until it is set."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_let_through_and_then_one_waits_for_the_next_token() -> None:
    clock = Clock()
    kept = Pace(per_minute=60, burst=3, clock=clock)
    assert [kept.spend("a") for _ in range(4)] == [0, 0, 0, 1]
    clock.now += 0.75
    assert kept.spend("a") == 0.25
    clock.now += 0.25
    assert kept.spend("a") == 0


def test_one_client_does_not_use_up_anothers() -> None:
    kept = Pace(60, 1, Clock())
    assert kept.spend("a") == 0
    assert kept.spend("a") > 0
    assert kept.spend("b") == 0


def test_a_bucket_holds_no_more_than_a_burst() -> None:
    clock = Clock()
    kept = Pace(60, 2, clock)
    kept.spend("a")
    clock.now += 3600
    assert [kept.spend("a") for _ in range(3)] == [0, 0, 1]


def test_a_token_can_be_given_back() -> None:
    kept = Pace(60, 1, Clock())
    kept.spend("a")
    kept.give("a")
    assert kept.wait("a") == 0


def test_no_limit_is_no_limit() -> None:
    kept = Pace(0, 1, Clock())
    assert {kept.spend("a") for _ in range(1000)} == {0}


def test_clients_without_end_do_not_fill_the_memory() -> None:
    kept = Pace(60, 1, Clock())
    for at in range(pace.MOST_CLIENTS + 50):
        kept.spend(str(at))
    assert kept.spend("0") == 0  # forgotten, so it is new
    assert kept.spend(str(pace.MOST_CLIENTS + 49)) > 0
