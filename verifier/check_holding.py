"""Checks alone that a holding is in the log: one file, the standard library and `cryptography`.

    python3 check_holding.py PROOF.json --key VKEY

PROOF is what the service answers to its holder (/v1/accounts/N/holding-proof), VKEY the log's
public key, which you got by another way. It proves: the checkpoint is signed by the key; the entry
that committed to everybody's holdings is in the log; every fragment of the holding leads to the
root in that entry, past sums that are never negative; no fragment is there twice; the fragments add
up to the holding; and what all hold together is what was issued less what ended.

Who was left out, or was counted with less than it holds, sees it here; and since no sum is
negative, a total that is what was issued has no room for holdings that nobody has. It prints one
line of JSON, and ends with 0 if everything holds, else with 1.

    leaf = SHA-256(0x00 || amount || salt || account)            amount and sums: 16 bytes,
    node = SHA-256(0x01 || sum || hash || sum || hash)           account: 8 bytes, big-endian
"""

import argparse
import base64
import hashlib
import hmac
import json
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "ecorights-holding-proof/1"
HASH = 32
LEVELS_MAX = 63
FRAGMENTS_MIN = 8
FIELDS = ["index", "origin", "personal", "postings", "previous", "time", "v"]
COMMIT = b"eco-ledger/commit/v1\npostings/1\n"

Node = tuple[int, bytes]


class Refused(Exception):
    """Something does not hold; the message says what."""


def number(value: object, what: str) -> int:
    """Read a decimal number that is not negative."""
    if not (isinstance(value, str) and value.isascii() and value.isdigit()):
        raise Refused(f"{what} is no number: {str(value)[:40]!r}")
    if len(value) > 1 and value[0] == "0":
        raise Refused(f"{what} has leading zeros")
    return int(value)


def digest(text: object, what: str) -> bytes:
    """Read 32 bytes of hexadecimal text, small letters."""
    data = bytes.fromhex(text) if isinstance(text, str) else b""
    if len(data) != HASH or data.hex() != text:
        raise Refused(f"{what} is not of 32 bytes in small hexadecimal digits")
    return data


def decode(text: str, what: str) -> bytes:
    """Read canonical base64."""
    data = base64.b64decode(text.encode("ascii"), validate=True)
    if base64.b64encode(data).decode() != text:
        raise Refused(f"{what} is not canonical base64")
    return data


def checkpoint_of(note: str, vkey: str) -> tuple[int, bytes]:
    """Return size and root of a checkpoint that the key signed."""
    name, _, rest = vkey.partition("+")
    key_id, _, data = rest.partition("+")
    raw = decode(data, "the key")
    expected = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if len(raw) != 1 + HASH or raw[0] != 1 or expected.hex() != key_id:
        raise Refused("the key is no Ed25519 log key")
    body, blank, lines = note.rpartition("\n\n")
    text = body + "\n"
    rows = body.split("\n")
    if not blank or rows[0] != name:
        raise Refused("the checkpoint is not of the key's log")
    signed = False
    for line in lines.splitlines():
        dash, who, data = line.split(" ", 2)
        signature = decode(data, "a signature")
        if (dash, who, signature[:4]) == ("\u2014", name, expected):
            Ed25519PublicKey.from_public_bytes(raw[1:]).verify(signature[4:], text.encode())
            signed = True
    if not signed:
        raise Refused("the checkpoint is not signed by the key")
    return number(rows[1], "the size"), decode(rows[2], "the root")


def check_receipt(text: str, leaf: bytes, vkey: str) -> tuple[int, str]:
    """Check that a c2sp.org/tlog-proof file proves a leaf; return its index and the log's name."""
    head, blank, note = text.partition("\n\n")
    magic, *rows = head.split("\n")
    if not blank or magic != "c2sp.org/tlog-proof@v1":
        raise Refused("the receipt is none")
    rows = [row for row in rows if not row.startswith("extra ")]
    index = number(rows[0].removeprefix("index "), "the receipt's index")
    size, root = checkpoint_of(note, vkey)
    here, last, value = index, size - 1, leaf
    if index >= size or len(rows) > LEVELS_MAX:
        raise Refused("the receipt is of another tree")
    for row in rows[1:]:
        node = decode(row, "the receipt's proof")
        if last == 0 or len(node) != HASH:
            raise Refused("the receipt's proof has a wrong length")
        if here % 2 or here == last:
            value = hashlib.sha256(b"\x01" + node + value).digest()
            while not here % 2 and here:
                here, last = here >> 1, last >> 1
        else:
            value = hashlib.sha256(b"\x01" + value + node).digest()
        here, last = here >> 1, last >> 1
    if last or value != root:
        raise Refused("the receipt does not lead to its checkpoint")
    return index, vkey.partition("+")[0]


def root_in_entry(proof: dict[str, Any], vkey: str) -> dict[str, str]:
    """Return what the entry committed to, once it is known to be in the log."""
    entry = proof["entry"]
    header = json.loads(entry["header"])
    leaf = hashlib.sha256(b"\x00" + entry["header"].encode()).digest()
    index, origin = check_receipt(proof["receipt"], leaf, vkey)
    if list(header) != FIELDS or (header["index"], header["origin"]) != (str(index), origin):
        raise Refused("the header is of another entry")
    key = digest(entry["postings_key"], "the key of the postings part")
    made = hmac.digest(key, COMMIT + entry["postings"].encode(), "sha256").hex()
    if made != header["postings"]:
        raise Refused("the postings part is not what the header commits to")
    found: list[dict[str, str]] = [
        effect
        for effect in json.loads(entry["postings"])["effects"]
        if effect["effect"] == "state_root_committed"
        and effect["instrument"] == proof["instrument"]
    ]
    if len(found) != 1:
        raise Refused(f"the entry commits to {len(found)} roots of {proof['instrument']}")
    return found[0]


def join(left: Node, right: Node) -> Node:
    """Return the node over two subtrees."""
    text = b"\x01" + left[0].to_bytes(16, "big") + left[1]
    text += right[0].to_bytes(16, "big") + right[1]
    return left[0] + right[0], hashlib.sha256(text).digest()


def climb(part: dict[str, Any], account: int, leaves: int) -> tuple[int, int, Node]:
    """Return a fragment's place and amount, and the root that its way leads to."""
    amount = number(part["amount"], "an amount")
    position = number(part["position"], "a position")
    if position >= leaves or len(part["path"]) > LEVELS_MAX:
        raise Refused(f"there is no leaf {position} of {leaves}")
    text = b"\x00" + amount.to_bytes(16, "big") + digest(part["salt"], "a salt")
    found = (amount, hashlib.sha256(text + account.to_bytes(8, "big")).digest())
    here, last = position, leaves - 1
    for step in part["path"]:
        beside = (number(step["total"], "a sum"), digest(step["hash"], "a hash"))
        if last == 0:
            raise Refused("a way is too long")
        if here % 2 or here == last:
            found = join(beside, found)
            while not here % 2 and here:
                here, last = here >> 1, last >> 1
        else:
            found = join(found, beside)
        here, last = here >> 1, last >> 1
    if last:
        raise Refused("a way is too short")
    return position, amount, found


def check(proof: dict[str, Any], vkey: str) -> dict[str, Any]:
    """Check everything; return what is printed."""
    if proof["format"] != FORMAT:
        raise Refused(f"the file is not of format {FORMAT}")
    said = root_in_entry(proof, vkey)
    figures = {name: number(said[name], name) for name in ("leaves", "total", "issued", "ended")}
    if figures["total"] != figures["issued"] - figures["ended"]:
        raise Refused("what all hold is not what was issued less what ended")
    account = number(proof["account"], "the account")
    expected = (figures["total"], digest(said["root"], "the root"))
    places, held = set(), 0
    for part in proof["parts"]:
        position, amount, root = climb(part, account, figures["leaves"])
        if root != expected:
            raise Refused(f"fragment {position} does not lead to the root")
        places.add(position)
        held += amount
    if len(places) != len(proof["parts"]) or 0 < len(places) < FRAGMENTS_MIN:
        raise Refused("fragments are there twice, or are fewer than eight")
    if held != number(proof["quantity"], "the quantity"):
        raise Refused(f"the fragments add up to {held}, not {proof['quantity']}")
    return {
        "account": proof["account"],
        "instrument": proof["instrument"],
        "quantity": held,
        "fragments": len(places),
        "as_of_entry": said["as_of"],
        "committed_in_entry": proof["entry"]["index"],
        **figures,
    }


def main() -> None:
    """Check, print, and end with the verdict."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("proof", help="the file that the service gave to the holder")
    parser.add_argument("--key", required=True, help="the log's public key: NAME+ID+BASE64")
    arguments = parser.parse_args()
    try:
        given = json.loads(Path(arguments.proof).read_text(encoding="utf-8"))
        found = {"ok": True, **check(given.get("proof", given), arguments.key)}
    except InvalidSignature:
        found = {"ok": False, "reason": "the log's signature does not verify"}
    except (Refused, OSError) as error:
        found = {"ok": False, "reason": str(error)}
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError) as error:
        found = {"ok": False, "reason": f"the proof cannot be read: {error!r}"}
    except RecursionError:
        found = {"ok": False, "reason": "the proof cannot be read: it is nested too deeply"}
    print(json.dumps(found, ensure_ascii=False))  # noqa: T201  this is a program
    sys.exit(0 if found["ok"] else 1)


if __name__ == "__main__":
    main()
