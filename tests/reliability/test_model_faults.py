"""A language model that is down, slow or talks nonsense: the reader is told in time and has the report's words."""

import ipaddress
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standin import Does, Handler, StandIn, standing_in

import qa.llm
from index import Index, IndexConfig
from qa import Answerer, Mode, QaConfig

QUESTION = "黄浦滨江岸线贯通开放了多少公里?"
FIRST, WHOLE = 1.0, 2.0  # the seconds that are allowed
SLACK = 3.0  # seconds more, for a busy machine; a client without limits waits minutes
OPENING = 'data: {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [{"index": 0, '


def hangs(handler: Handler, _: str) -> None:
    handler.server.over.wait(30)


def hangs_after_the_head(handler: Handler, _: str) -> None:
    handler.start()
    handler.server.over.wait(30)


def answers_with(status: int) -> Does:
    def does(handler: Handler, _: str) -> None:
        handler.start(status, "application/json")
        handler.raw(b'{"error": {"message": "no"}}')

    return does


def breaks_off(handler: Handler, _: str) -> None:
    handler.start()
    handler.put("滨江岸线")


def writes(told: bytes) -> Does:
    def does(handler: Handler, _: str) -> None:
        handler.start()
        handler.raw(told)

    return does


def never_ends(handler: Handler, _: str) -> None:
    handler.start()
    while not handler.server.over.is_set():
        handler.put("岸线很长,")


def trickles(handler: Handler, _: str) -> None:
    handler.start()
    while not handler.server.over.wait(0.2):
        handler.put("岸")


def slams_the_door(handler: Handler, _: str) -> None:
    handler.connection.close()


FAULTS: dict[str, Does] = {
    "hanging": hangs,
    "hanging after the head": hangs_after_the_head,
    "429": answers_with(429),
    "500": answers_with(500),
    "401": answers_with(401),
    "a cut stream": breaks_off,
    "a closed connection": slams_the_door,
    "bad JSON": writes(b"data: {broken\n\n"),
    "no event at all": writes(b"<html>Bad gateway</html>"),
    "empty": writes(b"data: [DONE]\n\n"),
    "nothing": writes(b""),
    "endless": never_ends,
    "a trickle": trickles,
    "not UTF-8": writes(OPENING.encode() + b'"delta": {"content": "\xff\xfe\xb0\xb6"}, "finish_reason": null}]}\n\n'),
    "another shape": writes(b'data: {"choices": [{"delta": null}]}\n\n'),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(IndexConfig(tmp_path_factory.mktemp("faults") / "library")) as opened:
        opened.add([Path(__file__).parents[2] / "reports" / "huangpu-2022.txt"])
        Answerer(opened).answer(QUESTION)
        yield opened


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qa.llm, "FIRST_WAIT", 0.05)


def told_in_time(index: Index, url: str) -> None:
    config = QaConfig(llm_url=url, llm_model="m", llm_key="k", llm_first_seconds=FIRST, llm_seconds=WHOLE)
    began = time.monotonic()
    answer = Answerer(index, config).answer(QUESTION)
    assert time.monotonic() - began < WHOLE + SLACK
    assert answer.mode is Mode.EXTRACTIVE
    assert answer.lead == "8.3公里"
    assert answer.citations
    assert answer.warnings[0].startswith("语言模型没有作答(")
    assert "以下摘自报告原文" in answer.warnings[0]
    assert "\n" not in answer.warnings[0]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_in_time_and_the_reports_words_are_there(index: Index, fault: str) -> None:
    with standing_in(FAULTS[fault]) as server:
        told_in_time(index, server.url)
        assert server.prompts


def test_a_model_that_is_not_there(index: Index) -> None:
    with standing_in(hangs) as server:
        url = server.url
    told_in_time(index, url)


@pytest.mark.parametrize("valid", [True, False], ids=["control", "expired"])
def test_an_expired_certificate(index: Index, valid: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same authority signs both; only the expired one is refused, and it sees neither prompt nor key."""
    certificate, key, authority = certified(tmp_path, valid)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with ExitStack() as stack:
        server: StandIn = stack.enter_context(standing_in(writes(b"data: [DONE]\n\n"), tls))
        told_in_time(index, server.url)
        assert bool(server.keys) is valid


def certified(folder: Path, valid: bool) -> tuple[Path, Path, Path]:
    """Write a certificate for localhost that ended yesterday (or, valid, ends tomorrow), its key, and its authority."""
    pytest.importorskip("cryptography")
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    def named(name: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])

    now, authority, own = (
        datetime.now(UTC),
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()),
    )
    keys = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())

    def start(name: str, public: ec.EllipticCurvePublicKey, days: int) -> x509.CertificateBuilder:
        built = x509.CertificateBuilder().subject_name(named(name)).issuer_name(named("authority")).public_key(public)
        built = built.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=9))
        return built.not_valid_after(now + timedelta(days=days)).add_extension(keys, critical=False)

    root = start("authority", authority.public_key(), 9)
    root = root.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    root = root.add_extension(x509.SubjectKeyIdentifier.from_public_key(authority.public_key()), critical=False)
    names: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    leaf = start("localhost", own.public_key(), 1 if valid else -1)
    leaf = leaf.add_extension(x509.SubjectAlternativeName(names), critical=False)
    paths = (folder / "leaf.pem", folder / "key.pem", folder / "authority.pem")
    paths[0].write_bytes(leaf.sign(authority, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    paths[1].write_bytes(own.private_bytes(*plain))
    paths[2].write_bytes(root.sign(authority, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return paths
