"""Makes the QaConfig of a person's settings: `wenju.toml`, and the environment, which wins.

The only reader of that file. It does not know the command line.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from index import WenjuError
from qa.config import QaConfig

FILE = "wenju.toml"
# A name with its dots, or an address; a bare number, also in hexadecimal, is another way to hide an address.
_HOST = re.compile(r"(?!(0x)?[\da-f]+\Z)(?!.*\.\.)([a-z\d]([\w-]*[a-z\d])?\.?)+|[\da-f:.]*:[\da-f:.]*", re.I)
# Each key of the file: where it goes, what it must be, and the variable that goes before it.
_TEXT, _SECONDS = "a text", "a number of seconds above 0"
_KEYS = {
    "reranker": ("reranker", _TEXT, "WENJU_RERANKER"),
    "llm.url": ("llm_url", _TEXT, "WENJU_LLM_URL"),
    "llm.model": ("llm_model", _TEXT, "WENJU_LLM_MODEL"),
    "llm.key": ("llm_key", _TEXT, "WENJU_LLM_KEY"),
    "llm.first_seconds": ("llm_first_seconds", _SECONDS, ""),
    "llm.seconds": ("llm_seconds", _SECONDS, ""),
}


class SettingsError(WenjuError):
    """Settings that cannot be read or make no sense."""


def settings(environment: Mapping[str, str]) -> QaConfig:
    """Return how questions are to be answered.

    The file is the one that WENJU_CONFIG names, or wenju.toml in the working directory where there is one.

    Raises:
        SettingsError: the file cannot be read, is not TOML, has an unknown key or a value of the wrong type, only one
            of a language model's address and name is given, or the address is none that a key may be sent to.
    """
    values = _of_file(environment.get("WENJU_CONFIG", ""))
    for field, _, variable in _KEYS.values():
        if variable and variable in environment:
            values[field] = environment[variable]
    config = replace(QaConfig(), **values)  # type: ignore[arg-type]  # each value was checked against its key
    if bool(config.llm_url) != bool(config.llm_model):
        given, missing = ("URL", "MODEL") if config.llm_url else ("MODEL", "URL")
        raise SettingsError(
            f"WENJU_LLM_{given} is set and WENJU_LLM_{missing} is not; a language model needs both "
            f"(or llm.{given.lower()} and llm.{missing.lower()} in {FILE}); set the other one too, or neither."
        )
    if config.llm_url:
        _check_address(config.llm_url)
    return config


def _check_address(url: str) -> None:
    """Let an address through that names one web server and nothing else: what is odd about it may lead a key astray."""
    try:
        place = urlsplit(url)
        host, _ = place.hostname or "", place.port
    except ValueError:
        host, place = "", urlsplit("")
    plain = url.isascii() and url.isprintable() and not set(url) & set(" \\<>\"'`{}|^@?#")
    if place.scheme not in ("http", "https") or not _HOST.fullmatch(host) or not plain or _of_the_machine(host):
        shown = url.partition("@")[2] or url  # what stands before it may be a password
        raise SettingsError(
            f"WENJU_LLM_URL (or llm.url in {FILE}) is {shown[:80]!r}; it must be http:// or https://, a host and a "
            "path, such as http://127.0.0.1:11434/v1, without a name, a password or a query."
        )


def _of_the_machine(host: str) -> bool:
    """Say whether this is a link-local address, where clouds tell a machine its secrets; no model listens there."""
    try:
        number = ip_address(host)
    except ValueError:
        return False
    inner = getattr(number, "ipv4_mapped", None) or number
    return inner.is_link_local or inner.is_multicast or inner.is_unspecified


def _of_file(named: str) -> dict[str, str | float]:
    path = Path(named or FILE)
    if not named and not path.exists():
        return {}
    try:
        read = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"The settings {path} cannot be read ({error.strerror}); check WENJU_CONFIG.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"The settings {path} are not UTF-8; save them as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"The settings {path} are not TOML ({error}); mend that place.") from error
    return {_KEYS[key][0]: _checked(path, key, value) for key, value in _flat(path, read)}


def _flat(path: Path, read: Mapping[str, object]) -> list[tuple[str, object]]:
    """Return the file's pairs with keys such as llm.url."""
    pairs: list[tuple[str, object]] = []
    for key, value in read.items():
        if isinstance(value, dict):
            pairs += [(f"{key}.{inner}", one) for inner, one in value.items()]
        else:
            pairs.append((key, value))
    for key, _ in pairs:
        if key not in _KEYS:
            raise SettingsError(f"The settings {path} have an unknown key {key}; known are {', '.join(_KEYS)}.")
    return pairs


def _checked(path: Path, key: str, value: object) -> str | float:
    expected = _KEYS[key][1]
    if expected == _TEXT and isinstance(value, str):
        return value
    if expected == _SECONDS and isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        return float(value)
    raise SettingsError(f"The settings {path} have {key} = {value!r}; it must be {expected}.")
