"""A time stamp is believed only if all of it fits; each misfit is refused with its own reason."""

import datetime as dt
import hashlib
import itertools
import subprocess
from pathlib import Path

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from kernel.errors import DomainError
from ledger.anchoring.anchor import AnchorTrouble
from ledger.anchoring.requests import HashName, timestamp_request
from ledger.anchoring.tokens import Reason, TimestampRefused, check_reply, read_trusted
from tests.ledger.anchoring.local_authority import OPENSSL, STAMPING, Authority, Usage
from tests.ledger.transparency.vectors import vectors

IMPRINT = hashlib.sha256(b"a signed checkpoint").digest()
OTHER_IMPRINT = hashlib.sha256(b"another one").digest()
NONCE = 0x9888387AC53A0DD1
CLIENT = ExtendedKeyUsageOID.CLIENT_AUTH


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def reply(authority: Authority) -> bytes:
    return authority.reply(timestamp_request(IMPRINT, nonce=NONCE))


def refused(reply: bytes, authority: Authority, *, nonce: int | None = NONCE) -> Reason:
    with pytest.raises(TimestampRefused) as caught:
        check_reply(reply, IMPRINT, nonce, trusted=[authority.certificate])
    assert caught.value.code == "anchor.timestamp_refused"
    return caught.value.reason


def test_a_request_is_the_one_that_openssl_makes() -> None:
    expected = vectors("rfc3161_request")

    made = timestamp_request(bytes.fromhex(expected["imprint_hex"]), nonce=NONCE)

    assert made.hex() == expected["der_hex"]


@pytest.mark.parametrize("nonce", [0, 1, 127, 128, 255, 256, 2**63 - 1, 2**63, 2**64 - 1])
@pytest.mark.parametrize("algorithm", list(HashName))
def test_openssl_reads_every_request(tmp_path: Path, nonce: int, algorithm: HashName) -> None:
    imprint = hashlib.new(algorithm, b"x").digest()
    path = tmp_path / "request.tsq"
    path.write_bytes(timestamp_request(imprint, nonce=nonce, algorithm=algorithm))

    shown = subprocess.run(
        [OPENSSL, "ts", "-query", "-in", path, "-text"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout

    assert f"Hash Algorithm: {algorithm}" in shown
    read = shown.partition("Nonce: ")[2].splitlines()[0]
    assert int(read, 16 if read.startswith("0x") else 10) == nonce
    assert "Certificate required: yes" in shown


def test_a_stamp_that_fits_says_when_and_by_whom(authority: Authority, reply: bytes) -> None:
    stamp = check_reply(reply, IMPRINT, NONCE, trusted=[authority.certificate])

    now = dt.datetime.now(dt.UTC).timestamp()
    assert abs(stamp.at / 1_000_000 - now) < 60
    assert (stamp.policy, stamp.authority) == ("1.2.3.4.1", "CN=TSA signer")


def test_a_kept_stamp_is_checked_without_its_nonce(authority: Authority, reply: bytes) -> None:
    assert check_reply(reply, IMPRINT, None, trusted=[authority.certificate]).serial > 0


def test_openssl_verifies_what_we_store(authority: Authority, reply: bytes) -> None:
    path = authority.folder / "stored.tsr"
    path.write_bytes(reply)

    said = authority.openssl(
        *("ts", "-verify", "-in", str(path), "-digest", IMPRINT.hex()),
        *("-CAfile", str(authority.trusted_file)),
    )

    assert "Verification: OK" in said


def test_a_stamp_of_something_else_is_refused(authority: Authority) -> None:
    other = authority.reply(timestamp_request(OTHER_IMPRINT, nonce=NONCE))

    assert refused(other, authority) is Reason.OTHER_IMPRINT


def test_a_stamp_of_another_algorithm_is_refused(authority: Authority) -> None:
    digest = hashlib.sha512(b"a signed checkpoint").digest()
    request = timestamp_request(digest, nonce=NONCE, algorithm=HashName.SHA512)

    assert refused(authority.reply(request), authority) is Reason.ALGORITHM_UNFIT


@pytest.mark.parametrize("nonce", [NONCE + 1, 0])
def test_the_answer_to_another_request_is_refused(
    authority: Authority, reply: bytes, nonce: int
) -> None:
    assert refused(reply, authority, nonce=nonce) is Reason.OTHER_NONCE


@pytest.mark.parametrize(
    ("usage", "reason"),
    [
        (Usage(purposes=(STAMPING,)), None),
        (Usage(purposes=()), Reason.USAGE_UNFIT),
        (Usage(purposes=(CLIENT,)), Reason.USAGE_UNFIT),
        (Usage(purposes=(STAMPING, CLIENT)), Reason.USAGE_UNFIT),
        (Usage(critical=False), Reason.USAGE_UNFIT),
        (Usage(begin=-20, end=-10), Reason.TIME_OUTSIDE_CERTIFICATE),
        (Usage(begin=10, end=20), Reason.TIME_OUTSIDE_CERTIFICATE),
    ],
)
def test_the_signers_certificate_must_be_for_this_and_in_force(
    authority: Authority, usage: Usage, reason: Reason | None
) -> None:
    authority.certify("odd", usage)
    signed = authority.reply_signed_by("odd", timestamp_request(IMPRINT, nonce=NONCE))

    if reason is None:
        assert check_reply(signed, IMPRINT, NONCE, trusted=[authority.certificate]).serial > 0
    else:
        assert refused(signed, authority) is reason


def test_an_authority_of_the_same_name_with_another_key_is_refused(
    authority: Authority, tmp_path: Path
) -> None:
    impostor = Authority(tmp_path / "impostor")
    signed = impostor.reply(timestamp_request(IMPRINT, nonce=NONCE))

    assert refused(signed, authority) is Reason.SIGNATURE_UNFIT


def test_a_reply_without_the_signers_certificate_is_refused(authority: Authority) -> None:
    request = timestamp_request(IMPRINT, nonce=NONCE)
    bare = request.removesuffix(b"\x01\x01\xff")
    bare = bytes([0x30, len(bare) - 2]) + bare[2:]

    assert refused(authority.reply(bare), authority) is Reason.CERTIFICATE_MISSING


def test_a_refusal_of_the_authority_is_told(authority: Authority) -> None:
    unknown = bytearray(timestamp_request(IMPRINT, nonce=NONCE))
    unknown[unknown.index(b"\x04\x02\x01") + 2] = 9  # an algorithm that it does not know

    assert refused(authority.reply(bytes(unknown)), authority) is Reason.NOT_GRANTED


@pytest.mark.parametrize("junk", [b"", b"\x30", b"<html>", b"\x30\x80" * 40, bytes(70_000)])
def test_junk_is_refused(authority: Authority, junk: bytes) -> None:
    assert refused(junk, authority) is Reason.UNREADABLE


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
def test_no_altered_bit_of_a_reply_is_believed_to_say_something_else(
    authority: Authority, reply: bytes
) -> None:
    """A few bits are not signed (DER's own spelling, the status text); what is said must stay."""
    whole = check_reply(reply, IMPRINT, NONCE, trusted=[authority.certificate])
    reasons = set()
    for place, bit in itertools.product(range(len(reply)), range(8)):
        altered = bytearray(reply)
        altered[place] ^= 1 << bit
        try:
            found = check_reply(bytes(altered), IMPRINT, NONCE, trusted=[authority.certificate])
        except TimestampRefused as error:
            reasons.add(error.reason)
        else:
            assert found == whole, (place, bit)

    assert {Reason.UNREADABLE, Reason.SIGNATURE_UNFIT, Reason.OTHER_IMPRINT} <= reasons


def test_a_file_without_certificates_is_told() -> None:
    with pytest.raises(AnchorTrouble, match="no certificate"):
        read_trusted(b"nothing")
    assert issubclass(AnchorTrouble, DomainError)
