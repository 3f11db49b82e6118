"""The credentials that an installation issues without a service: key, register, status lists.

The key stands among the keys of the installation; the register is a file beside it that is changed
under a lock and replaced whole, so that no place in a status list is given twice and no half of a
change is ever read.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credit_scoring.credentials import register as registers
from credit_scoring.credentials.fields import url as checked_url
from credit_scoring.credentials.grade import REVOCATION, SUSPENSION, Claims, Credential, issue
from credit_scoring.credentials.issuers import (
    Issuer,
    controller_document,
    issuer_of_controller,
    issuer_of_key,
)
from credit_scoring.credentials.proof import sign
from credit_scoring.credentials.register import Issued, Register
from credit_scoring.credentials.register_file import read_register, write_register
from credit_scoring.credentials.status_list import StatusList, publish
from credit_scoring.rule_sets.errors import Malformed
from gateway.keys import credential_key
from kernel.identifiers import new_uuid7

PLACE_BITS = 128
SERVED = "/v1/credential-status"


class IssuerUndefined(Malformed):
    """Nobody said yet where this installation publishes its status lists."""

    def __init__(self) -> None:
        super().__init__(
            code="credential_issuer_undefined",
            field="--base",
            expected="./ecorights credit credential issuer --base URL, once",
            found="no register",
        )


class Issuance:
    """The issuing side of one venue of an installation."""

    def __init__(self, home: Path, venue: str) -> None:
        self._home, self._venue = home, venue
        self._path = home / f"{venue}.credentials.json"

    @property
    def key(self) -> Ed25519PrivateKey:
        """The key that signs credentials and status lists; made on its first use."""
        self._home.mkdir(parents=True, exist_ok=True)
        return credential_key(self._home, self._venue)

    @property
    def own_name(self) -> str:
        """The issuer's name where it is its own key: a did:key."""
        return issuer_of_key(self.key.public_key()).id

    def define(self, *, base: str, url: str | None) -> Register:
        """Say where the lists are published and who the issuer is: a URL, or its own key.

        Raises:
            CredentialRefused: no URL.
            Malformed: credentials were issued by another name or place, or the place is that of
                the lists that a service publishes from its ledger.
        """
        base = checked_url(base, field="--base").rstrip("/")
        if base.endswith(SERVED):
            raise Malformed(
                code="credential_base_of_service",
                field="--base",
                expected="an address of its own: the service publishes the ledger's lists there",
                found=base,
            )
        issuer = self._issuer(None if url is None else checked_url(url, field="--url"))
        with self._changing() as found:
            if found is not None and found.issued and (found.base, found.issuer) != (base, issuer):
                raise Malformed(
                    code="credential_issuer_defined",
                    field="--base",
                    expected=f"{found.base} by {found.issuer}, as credentials name them",
                    found=f"{base} by {issuer}",
                )
            issued = () if found is None else found.issued
            return self._save(Register(base=base, issuer=issuer, issued=issued))

    def find(self) -> Register | None:
        """Return the register, if there is one."""
        return read_register(self._path.read_bytes()) if self._path.exists() else None

    def register(self) -> Register:
        """Return the register.

        Raises:
            IssuerUndefined: there is none.
        """
        found = self.find()
        if found is None:
            raise IssuerUndefined
        return found

    def issuer(self) -> Issuer:
        """Return the issuer with its key, as a verifier knows it."""
        document = self.controller()
        known = self.key.public_key()
        return issuer_of_key(known) if document is None else issuer_of_controller(document)

    def controller(self) -> dict[str, Any] | None:
        """Return what the issuer publishes at its URL; nothing if it is its own key."""
        name = self.register().issuer
        known = self.key.public_key()
        return None if name.startswith("did:") else controller_document(name, [known])

    def issue(
        self, claims: Claims, *, at: datetime, until: datetime, suspendable: bool
    ) -> dict[str, Any]:
        """Issue a credential: take a place in a list, sign, and keep where it stands.

        Raises:
            CredentialRefused: the claims or the times are none that a verifier would take.
        """
        with self._changing() as found:
            if found is None:
                raise IssuerUndefined
            number, index = registers.free_place(found, random_number=secrets.randbits(PLACE_BITS))
            issued = Issued(
                id=new_uuid7(),
                subject=claims.subject,
                list=number,
                index=index,
                issued_at=at,
                valid_until=until,
                suspendable=suspendable,
            )
            credential = Credential(
                id=issued.id,
                issuer=found.issuer,
                valid_from=at,
                valid_until=until,
                claims=claims,
                statuses=registers.places(found, issued),
            )
            signed = self._signed(issue(credential), at=at)
            self._save(replace(found, issued=(*found.issued, issued)))
        return signed

    def change(self, what: Any) -> Register:
        """Change the register by a function of it, or leave it where that refuses."""
        with self._changing() as found:
            if found is None:
                raise IssuerUndefined
            return self._save(what(found))

    def lists(self, *, at: datetime, days: int) -> dict[str, dict[str, Any]]:
        """Return all status lists by file name, signed, in force from ``at`` for some days."""
        found = self.register()
        documents = {}
        for number in found.lists():
            for purpose in (REVOCATION, SUSPENSION):
                told = StatusList(
                    url=registers.list_url(found, number=number, purpose=purpose),
                    issuer=found.issuer,
                    purpose=purpose,
                    valid_from=at,
                    valid_until=at + timedelta(days=days),
                    bits=registers.list_bits(found, number=number, purpose=purpose),
                )
                documents[f"{purpose}-{number}"] = self._signed(publish(told), at=at)
        return documents

    def _issuer(self, url: str | None) -> str:
        return self.own_name if url is None else url

    def _signed(self, document: dict[str, Any], *, at: datetime) -> dict[str, Any]:
        issuer = self.issuer()
        if issuer.id != document["issuer"]:
            raise Malformed(
                code="credential_key_changed",
                field="key",
                expected=f"the key of {document['issuer']}",
                found=issuer.id,
            )
        return sign(document, key=self.key, method=next(iter(issuer.methods)), created=at)

    @contextmanager
    def _changing(self) -> Iterator[Register | None]:
        self._home.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("a", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self.find()

    def _save(self, register: Register) -> Register:
        draft = self._path.with_suffix(".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(write_register(register))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
        return register
