"""Says how long a client must wait: a bucket of tokens a client, which fills at a steady rate.

It does not know what a token pays for.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

# Clients that are remembered; the one that was quiet longest is forgotten, whose bucket has most likely filled again.
MOST_CLIENTS = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Pace:
    """At most `burst` at once and `per_minute` in the long run, for each client; 0 a minute means no limit."""

    def __init__(self, per_minute: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_minute / 60
        self._burst = burst
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def wait(self, client: str) -> float:
        """Return the seconds until this client has a token again, 0 where it has one now."""
        if not self._rate:
            return 0.0
        bucket = self._filled(client)
        return 0.0 if bucket.tokens >= 1 else (1 - bucket.tokens) / self._rate

    def spend(self, client: str) -> float:
        """Take a token; return 0, or the seconds to wait where there is none to take."""
        wait = self.wait(client)
        if self._rate and not wait:
            self._buckets[client].tokens -= 1
        return wait

    def give(self, client: str) -> None:
        """Give a token back."""
        if self._rate:
            self._filled(client).tokens += 1

    def _filled(self, client: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.pop(client, None) or _Bucket(self._burst, now)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        self._buckets[client] = bucket  # at the end again: the first one is the one that was quiet longest
        while len(self._buckets) > MOST_CLIENTS:
            del self._buckets[next(iter(self._buckets))]
        return bucket
