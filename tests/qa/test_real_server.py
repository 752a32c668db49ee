"""A real OpenAI-compatible server, `transformers serve`, with a tiny Qwen2 of random weights that the test writes.

It is about the protocol: what such a model writes means nothing.
"""

import importlib.util
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa import Answerer, Mode, QaConfig
from qa.llm import Endpoint, ModelError, OpenAiModel
from qa.prompt import Message, Prompt

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        importlib.util.find_spec("accelerate") is None,
        reason="transformers[serving] is not installed: pip install -e .[test]",
    ),
]

PROMPT = Prompt((Message("system", "s"), Message("user", "滨江岸线有多少公里?")))
CHARACTERS = "滨江岸线有多少公里贯通开放户居民旧床位张甲乙丙丁0123456789[].。?:"
SPECIAL = ("<|unk|>", "<|im_start|>", "<|im_end|>")
TEMPLATE = "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}<|im_start|>"
STARTING = 120  # seconds that a busy machine may take to import the libraries


def write_model(folder: Path) -> Path:
    """Write a Qwen2 with two layers of 32 dimensions whose tokens are characters."""
    import torch
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

    vocabulary = {word: at for at, word in enumerate(dict.fromkeys([*SPECIAL, *CHARACTERS]))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, "<|unk|>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    tokenizer.decoder = decoders.Fuse()
    whole = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<|unk|>", eos_token="<|im_end|>", pad_token="<|im_end|>"
    )
    whole.chat_template = TEMPLATE
    whole.save_pretrained(folder)
    torch.manual_seed(7)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = Qwen2Config(vocab_size=len(vocabulary), num_key_value_heads=2, eos_token_id=2, pad_token_id=2, **sizes)
    made = Qwen2ForCausalLM(config)
    # It never comes to an end by itself: the end's row is the one that no state points to.
    made.lm_head.weight.data[2] = 0
    made.generation_config.max_new_tokens = 4_000
    made.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, subprocess.Popen[bytes]]]:
    """The server's base URL, the model's name there, and its process."""
    home = tmp_path_factory.mktemp("home")
    folder = write_model(home / "tiny")
    (home / "hub").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "transformers"), "serve", str(folder), "--device", "cpu"]
    environment = os.environ | {"HF_HOME": str(home), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    log = (home / "log").open("wb")
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)], env=environment, stdout=log, stderr=log
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/health", process, home / "log")
        yield f"http://127.0.0.1:{port}/v1", str(folder), process
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def readers(process: subprocess.Popen[bytes], url: str) -> list[object]:
    """The connections that the server still holds open to its readers."""
    import psutil

    port = int(url.split(":")[2].split("/", maxsplit=1)[0])
    held = psutil.Process(process.pid).net_connections("tcp")
    return [one for one in held if one.laddr.port == port and one.status == psutil.CONN_ESTABLISHED]


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTING
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server did not start: {log.read_text('utf-8', 'replace')[-2000:]}")


def test_a_real_server_streams_in_pieces_and_stops_writing_when_the_reader_stops(served) -> None:
    url, name, process = served
    stream = OpenAiModel(Endpoint(url, name, "", 60.0, 120.0)).pieces(PROMPT)
    pieces: list[str] = []
    while len(pieces) < 5:
        if piece := next(stream):
            pieces.append(piece)
    stream.close()
    assert set("".join(pieces)) <= {*CHARACTERS, *"".join(SPECIAL), " "}
    until = time.monotonic() + STARTING
    while (left := readers(process, url)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not left
    # 4,000 tokens would keep it busy for long; the next question is answered from its first word on.
    again = OpenAiModel(Endpoint(url, name, "", 60.0, 120.0)).pieces(PROMPT)
    while not next(again):
        pass
    again.close()
    assert process.poll() is None


def test_a_real_server_that_does_not_know_the_model_is_told_in_one_sentence(served) -> None:
    url, _, _ = served
    with pytest.raises(ModelError, match="check") as told:
        list(OpenAiModel(Endpoint(url, "nobody/no-such-model", "", 60.0, 120.0)).pieces(PROMPT))
    assert "\n" not in str(told.value)


def test_an_address_that_is_none_of_the_servers_is_told_to_end_in_v1(served) -> None:
    url, name, _ = served
    with pytest.raises(ModelError, match=r"\(404\); check WENJU_LLM_URL, mostly ending in /v1"):
        list(OpenAiModel(Endpoint(url.removesuffix("/v1"), name, "", 60.0, 120.0)).pieces(PROMPT))


def test_an_answer_through_a_real_server_is_held_to_the_sources(served, fake_index) -> None:
    """What a model with random weights writes is borne out by nothing, or is cut off: both are told."""
    url, name, _ = served
    config = QaConfig(llm_url=url, llm_model=name, llm_first_seconds=60.0, llm_seconds=15.0)
    *grown, last = Answerer(fake_index, config).stream("滨江岸线贯通了多少公里?")
    assert len({one.text for one in grown}) > 2
    assert last.flags if last.mode is Mode.MODEL else last.warnings
