"""The file of users: what it holds, what is refused, and that a password is nowhere in it."""

import re
from base64 import b64encode
from pathlib import Path

import pytest

from web import accounts
from web.accounts import AccountsError, Role, add_user, hashed, matches, one_editor, read_users

PASSWORD = "密码 8:字符."


@pytest.fixture
def users(tmp_path: Path) -> Path:
    path = tmp_path / "users.toml"
    add_user(path, "anna", "editor", PASSWORD)
    add_user(path, "读者", "reader", "another one")
    return path


def test_a_user_that_was_added_signs_in_with_her_role(users: Path) -> None:
    known = read_users(users)
    anna, reader = known.check("anna", PASSWORD), known.check("读者", "another one")
    assert anna is not None
    assert reader is not None
    assert (anna.role, reader.role) == (Role.EDITOR, Role.READER)


def test_a_wrong_password_an_unknown_name_and_anothers_password_do_not(users: Path) -> None:
    known = read_users(users)
    assert known.check("anna", PASSWORD + " ") is None
    assert known.check("anna", "another one") is None
    assert known.check("nobody", PASSWORD) is None
    assert known.check("", "") is None


def test_only_a_right_password_is_remembered(users: Path) -> None:
    known = read_users(users)
    assert known.known("anna", PASSWORD) is None
    known.check("anna", "wrong")
    known.check("anna", PASSWORD)
    assert known.known("anna", "wrong") is None
    assert known.known("anna", PASSWORD) is not None


def test_the_file_holds_salted_hashes_and_is_its_owners_alone(users: Path) -> None:
    text = users.read_text("utf-8")
    assert PASSWORD not in text
    assert len(re.findall(r'password = "scrypt\$16384\$8\$1\$', text)) == 2
    assert users.stat().st_mode & 0o077 == 0
    assert hashed("the same") != hashed("the same")


def test_a_hash_worked_out_elsewhere_is_matched() -> None:
    """RFC 7914, section 12: scrypt("pleaseletmein", "SodiumChloride", 16384, 8, 1), the first 32 of its 64 bytes."""
    key = bytes.fromhex("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2")
    known = "$".join(("scrypt$16384$8$1", b64encode(b"SodiumChloride").decode(), b64encode(key).decode()))
    assert matches("pleaseletmein", known)
    assert not matches("pleaseletmeout", known)


def test_a_hash_that_asks_for_gigabytes_is_no_match() -> None:
    assert not matches("x", "scrypt$4194304$32$1$AAAA$AAAA")


@pytest.mark.parametrize("name", ["", "a b", "a:b", 'a"b', "a\nb", "a]b", "x" * 65, "a\x00b"])
def test_a_name_that_could_not_sign_in_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(AccountsError, match="is no name"):
        add_user(tmp_path / "users.toml", name, "reader", PASSWORD)


def test_a_taken_name_a_short_password_and_another_role_are_refused(users: Path) -> None:
    with pytest.raises(AccountsError, match="has a user anna already"):
        add_user(users, "anna", "reader", PASSWORD)
    with pytest.raises(AccountsError, match="has 3 characters; take 8"):
        add_user(users, "ben", "reader", "abc")
    with pytest.raises(AccountsError, match="it is reader or editor"):
        add_user(users, "ben", "owner", PASSWORD)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "names no user; add one: python app.py --users"),
        ("users = 3", "something else"),
        ("[other]\na = 1", "something else"),
        ("[users.a]\nrole = 'editor'", "exactly two lines"),
        ("[users.a]\nrole = 'editor'\npassword = 'secret'", "is no hash; make one"),
        ("[users.a]\nrole = 'owner'\npassword = 'scrypt$16384$8$1$AAAA$AAAA'", "it is reader or editor"),
        ("[users", "not TOML"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_one_sentence(text: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "users.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(AccountsError, match=re.escape(sentence)) as told:
        read_users(path)
    assert "secret" not in str(told.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(AccountsError, match="cannot be read"):
        read_users(tmp_path / "none.toml")


def test_the_sign_in_of_the_environment_is_one_editor() -> None:
    user = one_editor("a", "b").check("a", "b")
    assert user is not None
    assert user.role is Role.EDITOR
    assert "scrypt" not in repr(user)
    assert accounts.COST == 16384
