"""Reads who may sign in, from a file with salted hashes; checks a password; writes a new line of that file.

It does not know how a request carries a name and a password.
"""

import base64
import hashlib
import hmac
import re
import secrets
import threading
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from index import WenjuError

# scrypt with these takes about 50 ms and 16 MiB a guess (RFC 7914 names n = 2**14, r = 8, p = 1 for sign-in).
COST, BLOCK, PARALLEL = 2**14, 8, 1
_MEMORY = 64 * 1024 * 1024  # bytes that one check may take; a file that asks for more is refused
_HASH = re.compile(r"scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([\w+/=]+)\$([\w+/=]+)")
_NAME = re.compile(r"[^\s:\"\\\[\]]{1,64}")  # a colon would end the name in HTTP Basic
SHORTEST_PASSWORD = 8


class AccountsError(WenjuError):
    """A file of users that cannot be used, or a user that cannot be added."""


class Role(StrEnum):
    """What a user may do: read and ask, or also add and remove reports."""

    READER = "reader"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class User:
    """One line of the file; `hash` is salted and says how it was made."""

    name: str
    role: Role
    hash: str = field(repr=False)


class Accounts:
    """Who may sign in. A password that was right is remembered by its keyed hash, so that scrypt runs once."""

    def __init__(self, users: Mapping[str, User]) -> None:
        self._users = users
        self._stranger = hashed(secrets.token_hex(16))
        self._key = secrets.token_bytes(32)
        self._right: dict[bytes, User] = {}
        # One guess at a time: strangers who guess must not take every core from those who ask.
        self._turn = threading.Lock()

    def known(self, name: str, password: str) -> User | None:
        """Return the user if this pair was checked before and was right."""
        return self._right.get(self._seal(name, password))

    def check(self, name: str, password: str) -> User | None:
        """Return the user if the password is right; takes as long for a name that is not there."""
        user = self._users.get(name)
        with self._turn:
            right = matches(password, user.hash if user else self._stranger)
        if user is None or not right:
            return None
        self._right[self._seal(name, password)] = user
        return user

    def _seal(self, name: str, password: str) -> bytes:
        told = name.encode("utf-8", "surrogateescape") + b"\0" + password.encode("utf-8", "surrogateescape")
        return hmac.digest(self._key, told, "sha256")


def hashed(password: str) -> str:
    """Return the salted hash of a password as it stands in the file."""
    salt = secrets.token_bytes(16)
    told = (base64.b64encode(one).decode() for one in (salt, _scrypt(password, salt, COST, BLOCK, PARALLEL)))
    return "$".join(("scrypt", str(COST), str(BLOCK), str(PARALLEL), *told))


def matches(password: str, stored: str) -> bool:
    """Say whether `stored` was made of this password."""
    found = _HASH.fullmatch(stored)
    if found is None:
        return False
    cost, block, parallel = (int(found[at]) for at in (1, 2, 3))
    try:
        made = _scrypt(password, base64.b64decode(found[4]), cost, block, parallel)
        return hmac.compare_digest(made, base64.b64decode(found[5]))
    except ValueError:
        return False


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    told = password.encode("utf-8", "surrogateescape")
    return hashlib.scrypt(told, salt=salt, n=cost, r=block, p=parallel, maxmem=_MEMORY, dklen=32)


def one_editor(name: str, password: str) -> Accounts:
    """Return accounts with a single user who may do everything."""
    return Accounts({name: User(name, Role.EDITOR, hashed(password))})


def read_users(path: Path) -> Accounts:
    """Read the file of users.

    Raises:
        AccountsError: it is not there, not TOML, names no one, or has a role or a hash that is none.
    """
    users = _users(path)
    if not users:
        raise AccountsError(f"{path} names no user; add one: python app.py --users {path} --new-user NAME.")
    return Accounts(users)


def add_user(path: Path, name: str, role: str, password: str) -> None:
    """Write one more user to the file, which is made where there is none, readable by its owner alone.

    Raises:
        AccountsError: the name is none or taken, the role is none, the password is short, or the file is none of ours.
    """
    known = _users(path) if path.exists() else {}
    if not _NAME.fullmatch(name) or not name.isprintable():
        raise AccountsError(f"{name!r} is no name; take up to 64 characters without blanks, colons and quotes.")
    if name in known:
        raise AccountsError(f"{path} has a user {name} already; take the lines out first to change them.")
    if len(password) < SHORTEST_PASSWORD:
        raise AccountsError(f"The password has {len(password)} characters; take {SHORTEST_PASSWORD} or more.")
    lines = f'[users."{name}"]\nrole = "{_role(path, name, role)}"\npassword = "{hashed(password)}"\n'
    try:
        path.touch(0o600)
        with path.open("a", encoding="utf-8") as file:
            file.write(("\n" if known else "") + lines)
    except OSError as error:
        raise AccountsError(f"{path} cannot be written ({error.strerror}).") from error


def _users(path: Path) -> dict[str, User]:
    try:
        read = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise AccountsError(f"The users {path} cannot be read ({error.strerror}); check --users.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AccountsError(f"The users {path} are not TOML in UTF-8 ({error}); mend that place.") from error
    told = read.get("users", {})
    if set(read) - {"users"} or not isinstance(told, dict):
        raise AccountsError(f"The users {path} hold something else than [users.NAME]; take it out.")
    return {name: _user(path, name, values) for name, values in told.items()}


def _user(path: Path, name: str, values: object) -> User:
    if not isinstance(values, dict) or set(values) != {"role", "password"}:
        raise AccountsError(f"The user {name} in {path} needs exactly two lines, role and password.")
    if not _HASH.fullmatch(str(values["password"])):
        raise AccountsError(
            f"The password of {name} in {path} is no hash; make one: python app.py --users {path} --new-user {name}."
        )
    return User(name, _role(path, name, values["role"]), str(values["password"]))


def _role(path: Path, name: str, told: object) -> Role:
    try:
        return Role(str(told))
    except ValueError as error:
        raise AccountsError(f"The user {name} in {path} has the role {told!r}; it is reader or editor.") from error
