"""Prompt in, text out in pieces, from any OpenAI-compatible endpoint. The only door to its client."""

from collections.abc import Iterator
from typing import Protocol

from index import WenjuError
from qa.prompt import Prompt


class ModelError(WenjuError):
    """A language model that did not answer."""


class LanguageModel(Protocol):
    """What the room asks of a language model."""

    def pieces(self, prompt: Prompt) -> Iterator[str]:
        """Yield the answer's text as it is written."""


class OpenAiModel:
    """A model behind an OpenAI-compatible endpoint (Ollama, vLLM, llama.cpp, DeepSeek, OpenAI, ...)."""

    def __init__(self, url: str, model: str, key: str, seconds: float) -> None:
        """Name the endpoint's base URL, the model, the key (empty for none) and the time limit of a request."""
        from openai import OpenAI

        # One retry: a reader waits, and the extractive answer stands ready.
        self._client = OpenAI(base_url=url, api_key=key or "none", timeout=seconds, max_retries=1)
        self._model = model

    def pieces(self, prompt: Prompt) -> Iterator[str]:
        """Yield the answer's text as it is written.

        Raises:
            ModelError: the endpoint is away, refuses, or breaks off.
        """
        from openai import OpenAIError

        messages = [{"role": message.role, "content": message.content} for message in prompt.messages]
        try:
            stream = self._client.chat.completions.create(
                model=self._model,
                messages=messages,  # type: ignore[arg-type]
                stream=True,
                temperature=0,
            )
            for chunk in stream:
                choices = getattr(chunk, "choices", None)
                if choices and (piece := choices[0].delta.content):
                    yield str(piece)
        except OpenAIError as error:
            raise ModelError(str(error).splitlines()[0]) from error
