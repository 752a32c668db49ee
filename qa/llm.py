"""Prompt in, text out in pieces, from any OpenAI-compatible endpoint. The only door to its client.

It does not know what the text is for. A request runs in a thread of its own, so that time limits hold and a reader
who stops is not kept waiting by a silent endpoint.
"""

import queue
import socket
import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from index import WenjuError
from qa.prompt import Prompt

if TYPE_CHECKING:
    from httpx2 import Request
    from openai import OpenAI

# Seconds between empty pieces while nothing comes: each is a chance to stop.
BEAT = 0.2
# Tries when an endpoint is busy (429) or failing (5xx), and the seconds before the second; each wait doubles.
TRIES, FIRST_WAIT = 3, 0.5
# An endpoint may ask for a longer wait; a reader is not kept longer than this for a try.
LONGEST_WAIT = 8.0
# Characters, thoughts included; an answer has four sentences, and a model that never ends must be cut off.
LONGEST_TEXT = 20_000
_LONGEST_REASON = 160  # characters of an endpoint's own words that are passed on


# Why an endpoint says that it ended, where the text is not whole.
_CUT_SHORT = {
    "": "the connection broke off before the end",
    "length": "it ran into its limit of length before the end",
    "content_filter": "its endpoint filtered the answer",
}


class ModelError(WenjuError):
    """A language model that did not answer."""


class LanguageModel(Protocol):
    """What the room asks of a language model."""

    def pieces(self, prompt: Prompt) -> Generator[str, None, None]:
        """Yield the answer's text as it is written; a piece may be empty. Closing the generator stops the writing."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model answers: base URL, model, key (empty for none); seconds for the first sign of life and for all."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    first_seconds: float = 30.0
    seconds: float = 120.0


@dataclass(slots=True)
class _Call:
    """One request under way: what was said so far, and how to break it off. None ends what is said."""

    said: "queue.Queue[str | ModelError | None]" = field(default_factory=queue.Queue)
    stopped: threading.Event = field(default_factory=threading.Event)
    lines: list[Any] = field(default_factory=list)

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Remember the connection as the client opens it; only its socket can be shut while another thread reads."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self.lines.append(info["return_value"])
            if self.stopped.is_set():
                self.hang_up()

    def hang_up(self) -> None:
        """Stop, and shut the connection so that the endpoint stops writing too."""
        self.stopped.set()
        for line in self.lines:
            try:
                line.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
            except (OSError, AttributeError):  # closed already
                continue


class OpenAiModel:
    """A model behind an OpenAI-compatible endpoint (Ollama, vLLM, llama.cpp, DeepSeek, OpenAI, ...)."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Name the endpoint; nothing is asked of it yet."""
        self._endpoint = endpoint

    def pieces(self, prompt: Prompt) -> Generator[str, None, None]:
        """Yield the answer's text as it is written, an empty piece now and then while nothing comes.

        Raises:
            ModelError: the endpoint is away, refuses, breaks off, takes too long, or never ends.
        """
        call = _Call()
        threading.Thread(target=self._talk, args=(prompt, call), daemon=True).start()
        try:
            yield from self._within_limits(call)
        finally:
            call.hang_up()

    def _within_limits(self, call: _Call) -> Iterator[str]:
        start, heard, length = time.monotonic(), False, 0
        while True:
            took = time.monotonic() - start
            if not heard and took > self._endpoint.first_seconds:
                raise ModelError(f"it wrote nothing for {self._endpoint.first_seconds:g} seconds")
            if took > self._endpoint.seconds:
                raise ModelError(f"it did not finish within {self._endpoint.seconds:g} seconds")
            try:
                piece = call.said.get(timeout=BEAT)
            except queue.Empty:
                yield ""
                continue
            if piece is None:
                return
            if isinstance(piece, ModelError):
                raise piece
            heard, length = True, length + len(piece)
            if length > LONGEST_TEXT:
                raise ModelError(f"it wrote more than {LONGEST_TEXT:,} characters without coming to an end")
            yield piece

    def _talk(self, prompt: Prompt, call: _Call) -> None:
        """Ask, and put on the call what comes, then None or what went wrong."""
        try:
            with self._client(call) as client:
                ended = self._listen(client, prompt, call)
            call.said.put(ModelError(_CUT_SHORT[ended]) if ended in _CUT_SHORT else None)
        except Exception as error:  # whatever the client or what lies below it raises, the reader needs one sentence
            call.said.put(ModelError(self._told(error)))

    def _client(self, call: _Call) -> "OpenAI":
        from httpx2 import Client
        from openai import OpenAI

        def traced(request: "Request") -> None:
            request.extensions["trace"] = call.trace

        # A client of its own for each request: its connection can be shut without touching another reader's. It goes
        # to the address that was set and to no other: no redirects, and no proxy, which would read a key sent in clear.
        proxies = self._endpoint.url.lower().startswith("https:")
        limit = self._endpoint.seconds
        http = Client(event_hooks={"request": [traced]}, timeout=limit, follow_redirects=False, trust_env=proxies)
        key = self._endpoint.key or "none"
        return OpenAI(base_url=self._endpoint.url, api_key=key, max_retries=0, http_client=http)

    def _listen(self, client: "OpenAI", prompt: Prompt, call: _Call) -> str:
        """Put the pieces on the call as they come; return why the endpoint says that it ended, or nothing."""
        ended = ""
        for chunk in self._opened(client, prompt, call):
            choices = getattr(chunk, "choices", None)
            if choices:
                ended = str(getattr(choices[0], "finish_reason", None) or ended)
                call.said.put(str(choices[0].delta.content or ""))
            if call.stopped.is_set():
                break
        return ended

    def _opened(self, client: "OpenAI", prompt: Prompt, call: _Call) -> Any:  # the client's own stream
        from openai import APIStatusError

        messages = [{"role": message.role, "content": message.content} for message in prompt.messages]
        asked: dict[str, Any] = {"model": self._endpoint.model, "messages": messages, "stream": True, "temperature": 0}
        for tried in range(1, TRIES + 1):
            try:
                return client.chat.completions.create(**asked)
            except APIStatusError as error:
                if error.status_code == 400 and "temperature" in str(error) and asked.pop("temperature", None) == 0:
                    continue  # some models of OpenAI allow no temperature but their own
                busy = error.status_code == 429 or error.status_code >= 500
                if not busy or tried == TRIES or call.stopped.wait(_pause(error, tried)):
                    raise
        raise ModelError("it refused every form of the request")

    def _told(self, error: Exception) -> str:
        """Say in one clause what went wrong and what to look at; the key is never part of it."""
        from openai import APIConnectionError, APIStatusError

        if isinstance(error, ModelError):
            return str(error)
        if isinstance(error, APIStatusError):
            return self._refused(error.status_code, self._short(error.message))
        if isinstance(error, APIConnectionError) or type(error).__module__.startswith(("httpx", "httpcore")):
            cause = self._short(str(error.__cause__ or error)) or type(error).__name__
            return (
                f"{self._endpoint.url} cannot be reached or broke off ({cause}); is it running, is WENJU_LLM_URL right?"
            )
        if isinstance(error, UnicodeError):
            return f"{self._endpoint.url} sent text that is not UTF-8, or its key or model name is not ASCII"
        return f"{self._endpoint.url} sent something that cannot be read ({type(error).__name__})"

    def _refused(self, status: int, reason: str) -> str:
        url, model = self._endpoint.url, self._endpoint.model
        if 300 <= status < 400:
            return f"{url} points elsewhere ({status}), where no key is sent; set WENJU_LLM_URL to the right address"
        if status in (401, 403):
            return f"{url} refused the key ({status}); check WENJU_LLM_KEY"
        if status == 404:
            return f"{url} has no such page or model ({status}); check WENJU_LLM_URL, mostly ending in /v1, and {model}"
        if status == 429:
            return f"{url} is too busy, or its quota is used up (429), after {TRIES} tries"
        if status >= 500:
            return f"{url} failed ({status}: {reason}), after {TRIES} tries"
        return f"{url} refused the request ({status}: {reason}); check the model {model}"

    def _short(self, reason: str) -> str:
        """Return the first line of an endpoint's words, without the key."""
        first = (reason.strip().splitlines() or [""])[0]
        hidden = first.replace(self._endpoint.key, "***") if self._endpoint.key else first
        return hidden[:_LONGEST_REASON]


def _pause(error: Any, tried: int) -> float:  # the client's own error
    """Return the seconds to wait before the next try: what the endpoint asks for, or twice as long as last time."""
    asked = str(error.response.headers.get("retry-after", ""))
    wait = float(asked) if asked.replace(".", "", 1).isdigit() else FIRST_WAIT * 2 ** (tried - 1)
    return min(wait, LONGEST_WAIT)
