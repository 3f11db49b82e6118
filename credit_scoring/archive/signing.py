"""How keys of departments and batches that they signed are decided.

A batch is checked from the outside in: whose it is, by which key, whether that key signed exactly
this, whether its number is new. Only then its facts are, like any others.
"""

import hashlib
import re
from collections.abc import Iterable

from credit_scoring.archive.commands import (
    BATCH_MAX,
    KEYS_PER_DEPARTMENT_MAX,
    RecordSignedFacts,
    RegisterDepartmentKey,
    RetireDepartmentKey,
)
from credit_scoring.archive.decisions import (
    DIGEST,
    Recording,
    record_all,
    rows_of_facts,
    source_of,
)
from credit_scoring.archive.intake_effects import (
    BatchAccepted,
    DepartmentKeyRegistered,
    DepartmentKeyRetired,
)
from credit_scoring.archive.refusals import Reject
from credit_scoring.archive.signed_batch import is_signed, message
from credit_scoring.archive.state import Archive
from credit_scoring.archive.taking_in import DepartmentKey
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.shelf import RowKey

KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,32}\Z")


def register_key(
    state: Archive, command: RegisterDepartmentKey, context: Context
) -> Refusal | None:
    """Let a department sign with a key that nobody has or had."""
    if command.department not in state.departments:
        return Refusal(code=Reject.NOT_A_DEPARTMENT, field="department", found=command.department)
    if KEY_ID.match(command.key_id) is None:
        return Refusal(
            code=Reject.KEY_UNFIT, field="key_id", expected="1 to 32 of A-Z a-z 0-9 _ . -"
        )
    if DIGEST.match(command.public_key) is None:
        return Refusal(code=Reject.KEY_UNFIT, field="public_key", expected="64 hexadecimal digits")
    refusal = _doubled(state, command)
    if refusal is not None:
        return refusal
    context.emit(
        DepartmentKeyRegistered(
            department=command.department,
            key_id=command.key_id,
            public_key=command.public_key,
            decision=command.decision,
        )
    )
    return None


def _doubled(state: Archive, command: RegisterDepartmentKey) -> Refusal | None:
    keys = [state.keys[name] for name in sorted(state.keys)]
    own = [each for each in keys if each.department == command.department]
    if any(each.key_id == command.key_id for each in own):
        return Refusal(
            code=Reject.KEY_DOUBLED,
            field="key_id",
            expected="a name that no key of the department had",
            found=command.key_id,
        )
    for each in keys:
        if each.public_key == command.public_key:
            return Refusal(
                code=Reject.KEY_DOUBLED,
                field="public_key",
                expected="a key that nobody had",
                found=f"that of {each.department} {each.key_id}",
            )
    if len(own) >= KEYS_PER_DEPARTMENT_MAX:
        most = f"at most {KEYS_PER_DEPARTMENT_MAX}"
        return Refusal(code=Reject.KEYS_TOO_MANY, field="department", expected=most)
    return None


def retire_key(state: Archive, command: RetireDepartmentKey, context: Context) -> Refusal | None:
    """End a key that is live."""
    key, refusal = _live_key(state, command.department, command.key_id)
    if key is None:
        return refusal
    context.emit(
        DepartmentKeyRetired(
            department=key.department, key_id=key.key_id, decision=command.decision
        )
    )
    return None


def _live_key(
    state: Archive, department: str, key_id: str
) -> tuple[DepartmentKey | None, Refusal | None]:
    key = state.keys.get((department, key_id))
    if key is not None and key.retired_in is None:
        return key, None
    own = [name for party, name in sorted(state.keys) if party == department]
    live = [name for name in own if state.keys[department, name].retired_in is None]
    expected = ", ".join(live) or "none is registered"
    code = Reject.KEY_UNKNOWN if key is None else Reject.KEY_RETIRED
    return None, Refusal(code=code, field="key_id", expected=expected, found=key_id)


def reads_signed_facts(state: Archive, command: RecordSignedFacts) -> Iterable[RowKey]:
    """Declare the batch that there may be already, and what its facts read."""
    yield state.batches.named(command.source, command.batch)
    yield from rows_of_facts(state, command.facts, source=command.source)


def record_signed_facts(
    state: Archive, command: RecordSignedFacts, context: Context
) -> Refusal | None:
    """Record a batch that its department signed, once."""
    department, refusal = source_of(state, command.source, context)
    if department is None:
        return refusal
    key, refusal = _live_key(state, department.party, command.key_id)
    if key is None:
        return refusal
    if not 1 <= command.batch <= BATCH_MAX:
        return Refusal(
            code=Reject.BATCH_UNFIT,
            field="batch",
            expected=f"1 to {BATCH_MAX}",
            found=str(command.batch),
        )
    signed = message(command, venue=state.ledger.name)
    if not is_signed(signed, command.signature, public_key=key.public_key):
        digest = hashlib.sha256(signed).hexdigest()
        return Refusal(
            code=Reject.SIGNATURE_UNFIT,
            field="signature",
            expected=f"that of {key.key_id} over bytes with SHA-256 {digest}",
            found=command.signature[:128],
        )
    return _record_signed(state, command, signed=signed, context=context)


def _record_signed(
    state: Archive, command: RecordSignedFacts, *, signed: bytes, context: Context
) -> Refusal | None:
    earlier = state.batches.get(command.source, command.batch)
    if earlier is not None:
        return Refusal(
            code=Reject.BATCH_DOUBLED,
            field="batch",
            expected="a number that the source has not used",
            found=f"{command.batch}, of entry {earlier.entry}",
        )
    digest = hashlib.sha256(signed).hexdigest()
    context.emit(
        BatchAccepted(
            source=command.source,
            batch=command.batch,
            key_id=command.key_id,
            signature=command.signature,
            digest=digest,
            facts=len(command.facts),
            actor=context.actor.id,
        )
    )
    recording = Recording(department=state.departments[command.source], file=digest)
    return record_all(state, command.facts, recording=recording, context=context)
