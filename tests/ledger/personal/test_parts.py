"""A personal part in the database: a portion and a share for each subject, each under its key."""

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import msgspec
import pytest

from gateway.wiring import new_machine
from ledger import commands as c
from ledger.encoding import command_text, personal_portions, personal_text
from ledger.entry import commit_personal
from ledger.personal.parts import (
    PartUnreadable,
    PersonalRow,
    encrypted,
    fields_of,
    opened,
    plain_rows,
    read_whole,
    whole,
)
from ledger.personal.portions import stored_portions
from ledger.personal.vault import Vault
from ledger.roles import PartyKind

LOG = "ledger.example/t"
KEY = bytes(range(32))


def registration(party: str, name: str | None) -> c.RegisterParty:
    return c.RegisterParty(
        party=party,
        party_kind=PartyKind.PERSON,
        scheme="",
        identifier="",
        personal=None if name is None else c.PartyPersonal(name=name),
    )


SHARED = c.Linked(
    commands=(
        registration("P01", "林溪"),
        registration("P02", None),
        c.RevokeActor(actor="a"),
        registration("P03", "周野"),
    )
)

PROPOSED = c.Propose(command=registration("P01", "林溪"))


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "subjects.db")


def stored(command: c.Command, vault: Vault, *, entry: int = 7) -> list[PersonalRow]:
    plain = plain_rows(entry, KEY, personal_portions(command))
    keys = vault.ensure(LOG, [row.subject for row in plain])
    return encrypted(plain, origin=LOG, keys=keys)


@pytest.mark.parametrize("command", [registration("P01", "林溪"), PROPOSED, SHARED])
def test_the_rows_make_the_whole_part_again(command: c.Command, vault: Vault) -> None:
    rows = stored(command, vault)

    part = read_whole(rows[::-1], origin=LOG, vault=vault)

    assert part is not None
    assert (part.key, part.body) == (KEY, personal_text(command))


def test_a_proposal_keeps_the_words_of_its_command_apart() -> None:
    [(subject, portion)] = personal_portions(PROPOSED)

    assert (subject, fields_of(portion)["name"]) == ("P01", "林溪")
    assert "林溪" not in command_text(PROPOSED).decode()
    assert stored_portions(PROPOSED, portion) == [(subject, portion)]


def test_a_row_holds_what_concerns_its_subject_and_nothing_of_others(vault: Vault) -> None:
    rows = stored(SHARED, vault)

    keys = vault.keys(LOG, ["P01", "P03"])
    plain = {row.subject: row for row in opened(rows, origin=LOG, keys=keys)}

    assert sorted(plain) == ["P01", "P03"]
    assert "林溪".encode() in plain["P01"].body
    assert "周野".encode() not in plain["P01"].body
    assert fields_of(plain["P03"].body)["name"] == "周野"
    for row, name in product(rows, ("林溪", "周野")):
        assert name.encode() not in row.body


def test_without_one_subject_nobody_can_test_guesses_of_what_is_gone(vault: Vault) -> None:
    commitment = commit_personal(KEY, personal_text(SHARED))
    rows = stored(SHARED, vault)

    vault.destroy(LOG, ["P01"])

    assert read_whole(rows, origin=LOG, vault=vault) is None
    left = opened(rows[1:], origin=LOG, keys=vault.keys(LOG, ["P03"]))
    assert fields_of(left[0].body)["name"] == "周野"
    assert left[0].key != KEY
    assert commit_personal(left[0].key, personal_text(SHARED)) != commitment
    assert commit_personal(whole(left).key, personal_text(SHARED)) != commitment


def changed_rows(row: PersonalRow) -> Iterator[PersonalRow]:
    flipped = bytes([row.body[-1] ^ 1])
    yield row._replace(body=row.body[:-1] + flipped)
    yield row._replace(key=row.body, body=row.key)
    yield row._replace(entry=row.entry + 1)
    yield row._replace(key=b"")


def test_a_row_that_was_changed_or_moved_does_not_open(vault: Vault) -> None:
    (row,) = stored(registration("P01", "林溪"), vault)
    keys = vault.keys(LOG, ["P01"])

    for changed in changed_rows(row):
        with pytest.raises(PartUnreadable, match="another ciphertext"):
            opened([changed], origin=LOG, keys=keys)
    with pytest.raises(PartUnreadable, match="another ciphertext"):
        opened([row], origin="ledger.example/u", keys=keys)
    with pytest.raises(PartUnreadable, match="no key"):
        opened([row], origin=LOG, keys={})
    with pytest.raises(PartUnreadable, match="another ciphertext"):
        opened([row], origin=LOG, keys={"P01": os.urandom(32)})


@pytest.mark.parametrize("command", [registration("P01", "林溪"), SHARED])
def test_a_stored_part_is_cut_as_its_command_was(command: c.Command) -> None:
    assert stored_portions(command, personal_text(command)) == personal_portions(command)


def test_every_command_with_a_personal_part_says_whom_it_is_about() -> None:
    for kind in new_machine().command_types:
        names = {each.name for each in msgspec.structs.fields(kind)}
        assert ("personal" in names) == bool(kind.SUBJECT), kind
        assert not kind.SUBJECT or hasattr(kind, kind.SUBJECT)
