"""Checks an eco-credit credential alone: one file, the standard library and `cryptography`.

    python3 check_credential.py CREDENTIAL.json --issuer DID [--status LIST.json ...] [--at TIME]
    python3 check_credential.py CREDENTIAL.json --issuer URL --controller DOCUMENT.json ...

--issuer is who you believe, which you know by another way than the credential: a did:key, which is
its own key, or a URL, whose controller document you fetched from there. Nothing is fetched. Proved
is: the form is that of our grade's credential and nothing else; the issuer's Ed25519 key signed all
of it (W3C Data Integrity, eddsa-jcs-2022); it is valid at the time (--at, else now); and with
--status, files that you fetched from where the credential says, that the issuer signed those too,
that they are in force, and that the credential is neither revoked nor suspended. Not proved is that
the grade was computed rightly, and who the subject is: compare its pseudonym with what it shows.

The status is 0 if all of this holds, 1 if something does not (its name is that of the first check
that failed), 2 if the command is of no use, 3 if all holds but no status list was given.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

V2, CID = "https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/cid/v1"
CONTEXTS = [V2, {"@vocab": "urn:ecorights:eco-credit-grade:1#"}]
SUITE, KINDS = "eddsa-jcs-2022", "enterprise|village|person"
PURPOSES, LISTS = ("revocation", "suspension"), {"verificationMethod", "assertionMethod"}
COLOURS = {"AAA": "green", "AA": "blue", "A": "blue", "B": "yellow", "C": "red", "D": "black"}
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BITS_MIN, LIST_BYTES_MAX, FILE_BYTES_MAX, DEPTH_MAX = 131_072, 1 << 24, 16_000_000, 32
INTEGER_MAX, BASE58_MAX, TEXT_MAX, METHODS_MAX, SHOWN_MAX = 2**53 - 1, 256, 2_000, 16, 300
ED25519, VALIDITY_MAX, SHANGHAI = b"\xed\x01", timedelta(days=366), timedelta(hours=8)
CREDENTIAL = {"@context", "id", "type", "issuer", "validFrom", "validUntil", "credentialSubject"}
HASHES = {"ruleSetHash", "recordsHash"}
SUBJECT = {"id", "type", "kind", "grade", "colour", "asOf", "ruleSetVersion"} | HASHES
STATUS = {"id", "type", "statusPurpose", "statusListIndex", "statusListCredential"}
OPTIONS = {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "@context"}
TIME, DAY = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", r"\d{4}-\d\d-\d\d"
NUMBER, HASH, VERSION = r"0|[1-9]\d{0,17}", "[0-9a-f]{64}", r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}"
UUID = "urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
URL = r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?"
PSEUDONYM = r"urn:ecorights:subject:(?![0-9a-z]{18}$)[0-9a-z]([0-9a-z-]{0,62}[0-9a-z])?"
Keys = dict[str, Ed25519PublicKey]  # by verification method, all of one issuer


class Refused(Exception):
    """A check that failed, ``name: field``, and what was expected of the field."""

    def __init__(self, failure: str, expected: object, found: object) -> None:
        super().__init__(failure)
        name, _, field = failure.partition(": ")
        self.shown = {"failure": name, "field": field[:SHOWN_MAX]}
        self.shown |= {"expected": str(expected)[:SHOWN_MAX], "found": str(found)[:SHOWN_MAX]}


def refuse_number(text: str) -> NoReturn:
    """Refuse a number that two readers could read differently."""
    raise Refused("number_refused: document", "whole numbers below 2**53", text)


def integer(text: str) -> int:
    """Read an integer that every reader holds exactly."""
    value = int(text) if len(text) <= len(str(INTEGER_MAX)) + 1 else INTEGER_MAX + 1
    return value if abs(value) <= INTEGER_MAX else refuse_number(text)


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; of a name that stands twice others might read the other value."""
    names = [name for name, _ in pairs]
    for name in {each for each in names if names.count(each) > 1}:
        raise Refused(f"doubled_name: {name}", "each name once", "it stands twice")
    return dict(pairs)


def read(path: str) -> Any:
    """Read a file of JSON, strictly."""
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise Refused("unusable: file", path, error.strerror) from error
    if len(raw) > FILE_BYTES_MAX:
        raise Refused("too_large: document", f"{FILE_BYTES_MAX} bytes", len(raw))
    hooks: dict[str, Any] = {"parse_float": refuse_number, "parse_constant": refuse_number}
    hooks |= {"parse_int": integer, "object_pairs_hook": once}
    try:
        value = json.loads(raw.decode("utf-8"), **hooks)
    except (ValueError, RecursionError) as error:
        raise Refused("not_json: document", "JSON in UTF-8", error) from None
    canonical(value)
    return value


def canonical(value: Any, depth: int = 0) -> bytes:
    """Write JSON by RFC 8785: names by their UTF-16, no spaces, least escapes."""
    if depth > DEPTH_MAX:
        raise Refused("too_large: document", f"{DEPTH_MAX} levels", "more")
    if isinstance(value, list):
        return b"[" + b",".join(canonical(each, depth + 1) for each in value) + b"]"
    try:
        if isinstance(value, dict):
            names = sorted(value, key=lambda name: name.encode("utf-16-be"))
            pairs = (canonical(name) + b":" + canonical(value[name], depth + 1) for name in names)
            return b"{" + b",".join(pairs) + b"}"
        return json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise Refused("text_refused: document", "no lone surrogates", error.reason) from None


def has(value: Any, required: set[str], field: str, *, or_else: str = "") -> dict[str, Any]:
    """Return an object that has these members and no others."""
    if not isinstance(value, dict):
        raise Refused(f"field_invalid: {field}", "an object", repr(value))
    for name in sorted(required - value.keys()):
        raise Refused(f"field_missing: {field}.{name}", "it", "nothing")
    for name in sorted(value.keys() - required - {or_else}):
        raise Refused(f"field_unknown: {field}.{name}", sorted(required), name)
    return value


def some(value: Any, most: int, field: str) -> list[Any]:
    """Return a list of 1 to ``most``."""
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise Refused(f"field_invalid: {field}", f"a list of 1 to {most}", repr(value))
    return value


def like(value: Any, pattern: str, field: str) -> str:
    """Return text of a form."""
    known = isinstance(value, str) and len(value) <= TEXT_MAX
    if not known or re.fullmatch(pattern, value, flags=re.ASCII | re.DOTALL) is None:
        raise Refused(f"field_invalid: {field}", pattern, repr(value))
    return str(value)


def same(found: Any, expected: Any, failure: str) -> None:
    """Refuse what is not exactly this."""
    if found != expected:
        raise Refused(failure, expected, repr(found))


def moment(text: str) -> datetime:
    """Read YYYY-MM-DDTHH:MM:SSZ."""
    return datetime.strptime(f"{text}+0000", "%Y-%m-%dT%H:%M:%SZ%z")


def instant(value: Any, field: str) -> datetime:
    """Read an instant in UTC."""
    try:
        return moment(like(value, TIME, field))
    except ValueError as error:
        raise Refused(f"field_invalid: {field}", "a time that there is", error) from None


def period(found: dict[str, Any], what: str = "") -> tuple[datetime, datetime]:
    """Read from when until before when a document is valid."""
    begin, end = (instant(found[name], what + name) for name in ("validFrom", "validUntil"))
    if not begin < end:
        raise Refused(f"field_invalid: {what}validUntil", "after validFrom", end)
    return begin, end


def base58(text: Any, failure: str, *, size: int) -> bytes:
    """Read so many bytes in multibase base58btc."""
    digits = str(text)[1:]
    if str(text)[:1] != "z" or len(digits) > BASE58_MAX or set(digits) - set(ALPHABET):
        raise Refused(failure, "multibase base58btc: z...", text)
    value = 0
    for each in digits:
        value = 58 * value + ALPHABET.index(each)
    zeros = len(digits) - len(digits.lstrip("1"))
    found = bytes(zeros) + value.to_bytes((value.bit_length() + 7) // 8, "big")
    same(len(found), size, failure)
    return found


def key_of(text: str, field: str) -> Ed25519PublicKey:
    """Read a Multikey of Ed25519."""
    raw = base58(text, f"key_type_wrong: {field}", size=len(ED25519) + 32)
    same(raw[:2], ED25519, f"key_type_wrong: {field}")
    return Ed25519PublicKey.from_public_bytes(raw[2:])


def methods_of(issuer: str, controller: str | None) -> Keys:
    """Return the keys of the issuer that is believed, by verification method."""
    if issuer.startswith("did:key:"):
        text = issuer.removeprefix("did:key:")
        return {f"{issuer}#{text}": key_of(text, "issuer")}
    if controller is None:
        raise Refused("unusable: --controller", "the document of this URL", issuer)
    found = has(read(controller), {"@context", "id", *LISTS}, "controller")
    same(found["@context"], [CID], "context_wrong: controller.@context")
    same(found["id"], issuer, "issuer_unknown: controller.id")
    like(issuer, URL, "controller.id")
    asserting = some(found["assertionMethod"], METHODS_MAX, "assertionMethod")
    keys = {}
    for each in some(found["verificationMethod"], METHODS_MAX, "verificationMethod"):
        has(each, {"id", "type", "controller", "publicKeyMultibase"}, "verificationMethod")
        text = like(each["publicKeyMultibase"], ".+", "publicKeyMultibase")
        said = (each["type"], each["controller"], each["id"])
        right = ("Multikey", issuer, f"{issuer}#{text}")
        same(said, right, "field_invalid: verificationMethod")
        if each["id"] in asserting:
            keys[each["id"]] = key_of(text, "publicKeyMultibase")
    return keys


def check_credential(found: Any) -> None:
    """Check the form of a grade's credential; what must not be there is refused as well."""
    has(found, {*CREDENTIAL, "credentialStatus"}, "credential", or_else="proof")
    same(found["@context"], CONTEXTS, "context_wrong: @context")
    same(found["type"], ["VerifiableCredential", "EcoCreditGradeCredential"], "type_wrong: type")
    like(found["id"], UUID, "id")
    begin, end = period(found)
    if end - begin > VALIDITY_MAX:
        raise Refused("field_invalid: validUntil", f"at most {VALIDITY_MAX} later", end)
    check_subject(found["credentialSubject"], f"{begin + SHANGHAI:%Y-%m-%d}")
    like(found["issuer"], ".+", "issuer")
    purposes = []
    for each in some(found["credentialStatus"], len(PURPOSES), "credentialStatus"):
        has(each, STATUS, "credentialStatus")
        same(each["type"], "BitstringStatusListEntry", "type_wrong: credentialStatus.type")
        url = like(each["statusListCredential"], URL, "statusListCredential")
        index = like(each["statusListIndex"], NUMBER, "statusListIndex")
        same(each["id"], f"{url}#{index}", "field_invalid: credentialStatus.id")
        purposes.append(each["statusPurpose"])
    same(purposes, list(PURPOSES[: len(purposes)]), "field_invalid: statusPurpose")


def check_subject(subject: Any, today: str) -> None:
    """Check what is said of the subject."""
    has(subject, SUBJECT, "credentialSubject", or_else="entry")
    same(subject["type"], "EcoCreditSubject", "type_wrong: credentialSubject.type")
    like(subject["kind"], KINDS, "kind")
    like(subject["grade"], "|".join(COLOURS), "grade")
    same(subject["colour"], COLOURS[subject["grade"]], "field_invalid: colour")
    like(subject["id"], PSEUDONYM, "subject")
    like(subject["ruleSetVersion"], VERSION, "ruleSetVersion")
    for name in sorted(HASHES):
        like(subject[name], HASH, name)
    like(subject.get("entry", "0"), NUMBER, "entry")
    instant(f"{like(subject['asOf'], DAY, 'asOf')}T00:00:00Z", "asOf")
    if subject["asOf"] > today:
        raise Refused("field_invalid: asOf", "no day after validFrom", subject["asOf"])


def check_proof(secured: dict[str, Any], keys: Keys) -> datetime:
    """Check that one of the keys signed a document; return when it says it did."""
    document = {name: value for name, value in secured.items() if name != "proof"}
    if "proof" not in secured:
        raise Refused("proof_missing: proof", "a proof", "nothing")
    proof = secured["proof"]
    kind = proof.get("type") if isinstance(proof, dict) else proof
    same(kind, "DataIntegrityProof", "proof_type_wrong: proof.type")
    same(proof.get("cryptosuite"), SUITE, "cryptosuite_unknown: proof.cryptosuite")
    has(proof, {*OPTIONS, "proofValue"}, "proof")
    created = instant(proof["created"], "proof.created")
    same(proof["proofPurpose"], "assertionMethod", "proof_purpose_wrong: proof.proofPurpose")
    same(proof["@context"], document["@context"], "proof_context_wrong: proof.@context")
    method = like(proof["verificationMethod"], ".+", "proof.verificationMethod")
    if method not in keys:
        raise Refused("method_unknown: proof.verificationMethod", sorted(keys), method)
    signature = base58(proof["proofValue"], "proof_value_invalid: proof.proofValue", size=64)
    options = {name: proof[name] for name in OPTIONS}
    hashes = (hashlib.sha256(canonical(each)).digest() for each in (options, document))
    try:
        keys[method].verify(signature, b"".join(hashes))
    except InvalidSignature:
        raise Refused("signature_wrong: proof.proofValue", f"by {method}", "another") from None
    return created


def unpack(text: Any) -> bytes:
    """Unpack the bits of a status list."""
    digits = str(text)[1:]
    try:
        packed = base64.urlsafe_b64decode(digits + "=" * (-len(digits) % 4))
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        bits = unpacker.decompress(packed, LIST_BYTES_MAX + 1)
    except (ValueError, zlib.error) as error:
        raise Refused("field_invalid: encodedList", "gzip in base64url", error) from None
    again = "u" + base64.urlsafe_b64encode(packed).decode().rstrip("=")
    same(text, again, "field_invalid: encodedList")
    if not unpacker.eof or unpacker.unused_data or len(bits) > LIST_BYTES_MAX:
        raise Refused("field_invalid: encodedList", "one gzip of at most 16 MiB", "another end")
    if 8 * len(bits) < BITS_MIN:
        raise Refused("status_list_too_short: encodedList", f"{BITS_MIN} bits", 8 * len(bits))
    return bits


def check_list(found: Any) -> bytes:
    """Check the form of a status list; return its bits."""
    has(found, CREDENTIAL, "statusList", or_else="proof")
    members = {"id", "type", "statusPurpose", "encodedList"}
    subject = has(found["credentialSubject"], members, "statusList.credentialSubject")
    same(found["@context"], [V2], "context_wrong: @context")
    types = ["VerifiableCredential", "BitstringStatusListCredential"]
    same(found["type"], types, "type_wrong: statusList.type")
    same(subject["type"], "BitstringStatusList", "type_wrong: credentialSubject.type")
    url = like(found["id"], URL, "statusList.id")
    same(subject["id"], f"{url}#list", "field_invalid: statusList.credentialSubject.id")
    like(subject["statusPurpose"], "|".join(PURPOSES), "statusPurpose")
    period(found, "statusList.")
    return unpack(subject["encodedList"])


def look_up(place: dict[str, str], lists: list[Any], *, keys: Keys, at: datetime) -> None:
    """Check one status of a credential by a list of the same issuer."""
    url, purpose = place["statusListCredential"], place["statusPurpose"]
    found = [each for each in lists if isinstance(each, dict) and each.get("id") == url]
    if not found:
        raise Refused("status_list_missing: credentialStatus", f"the list {url}", "no such file")
    bits = check_list(found[-1])
    issuer = next(iter(keys)).partition("#")[0]
    same(found[-1]["issuer"], issuer, "issuer_unknown: statusList.issuer")
    created = check_proof(found[-1], keys)
    begin, end = period(found[-1])
    if not max(begin, created) <= at < end:
        raise Refused("status_list_out_of_date: at", f"{begin}, {created} to {end}", at)
    said = found[-1]["credentialSubject"]["statusPurpose"]
    same(said, purpose, "status_list_wrong: statusList.statusPurpose")
    index = int(place["statusListIndex"])
    if index >= 8 * len(bits):
        raise Refused("status_index_out_of_range: statusListIndex", 8 * len(bits) - 1, index)
    if bits[index >> 3] & (0x80 >> (index & 7)):
        failure = "revoked" if purpose == "revocation" else "suspended"
        raise Refused(f"{failure}: credentialStatus", f"bit {index} of {url} not set", "it is set")


def check(arguments: argparse.Namespace) -> dict[str, Any]:
    """Check everything that the command asks for; return what was checked, and what was not."""
    keys, at = methods_of(arguments.issuer, arguments.controller), arguments.at
    secured = read(arguments.credential)
    lists = [read(path) for path in arguments.status]
    check_credential(secured)
    same(secured["issuer"], arguments.issuer, "issuer_unknown: issuer")
    created = check_proof(secured, keys)
    begin, end = period(secured)
    if at < max(begin, created):
        raise Refused("not_yet_valid: at", max(begin, created), at)
    if at >= end:
        raise Refused("expired: at", f"before {end}", at)
    checked = ["form", "issuer", "proof", "time"]
    unchecked = ["that the grade was computed rightly", "who the subject is"]
    for place in secured["credentialStatus"]:
        (checked if lists else unchecked).append(place["statusPurpose"])
        if lists:
            look_up(place, lists, keys=keys, at=at)
    shown = {name: secured[name] for name in ("id", "issuer", "validUntil", "credentialSubject")}
    return {"checked": checked, "not_checked": unchecked, "credential": shown}


def main() -> None:
    """Check, print, and end with the verdict."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("credential", help="the credential's file")
    parser.add_argument("--issuer", required=True, help="whom you believe: a did:key or a URL")
    parser.add_argument("--controller", help="the document that you fetched from that URL")
    parser.add_argument("--status", action="append", default=[], help="a status list's file")
    parser.add_argument("--at", type=moment, default=datetime.now(UTC), help="as of; else now")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    arguments = parser.parse_args()
    status, found = 1, {"ok": False, "at": f"{arguments.at:%Y-%m-%dT%H:%M:%SZ}"}
    try:
        found |= check(arguments) | {"ok": True}
        status = 0 if arguments.status else 3
    except Refused as refusal:
        found |= refusal.shown
        status = 2 if found["failure"] == "unusable" else 1
    except Exception as error:  # noqa: BLE001  whatever a forged file does, it is refused in words
        found |= {"failure": "unreadable", "found": repr(error)[:SHOWN_MAX]}
    print(json.dumps(found) if arguments.json else told(found))  # noqa: T201  this is a program
    sys.exit(status)


def told(found: dict[str, Any]) -> str:
    """Return the verdict in words."""
    if not found["ok"]:
        lines = [f"{name}: {value}" for name, value in found.items() if name != "ok"]
        return "\n  ".join(["NOT BELIEVED", *lines])
    credential, subject = found["credential"], found["credential"]["credentialSubject"]
    return (
        f"BELIEVED at {found['at']}, as far as it was checked\n"
        f"  {subject['kind']} {subject['id']}: {subject['grade']}, {subject['colour']}\n"
        f"  as of {subject['asOf']} by rule set {subject['ruleSetVersion']}\n"
        f"  issued by {credential['issuer']}, until {credential['validUntil']}\n"
        f"  checked: {', '.join(found['checked'])}\n"
        f"  NOT checked: {', '.join(found['not_checked'])}"
    )


if __name__ == "__main__":
    main()
