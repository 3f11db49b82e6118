"""The reply of a time-stamping authority (RFC 3161), and when it is believed.

The only module that knows rfc3161-client. Checks in their order; the first that fails names the
reason: the reply reads and is granted; it stamps our digest, with our nonce; the signer's
certificate is there, for time stamping and nothing else, and was valid at the stamped time; the
signature and its chain lead to a certificate that was trusted beforehand. All of it works offline.

``grantedWithMods`` is refused: what was modified is for a person to look at.
"""

import calendar
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import rfc3161_client as rfc3161
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from ledger.anchoring.anchor import AnchorTrouble
from ledger.anchoring.stamping import Stamp

SHA256_OID = "2.16.840.1.101.3.4.2.1"
REPLY_BYTES_MAX = 65_536
_GRANTED = 0
_UNREADABLE = (ValueError, LookupError, x509.InvalidVersion, x509.DuplicateExtension)
_MICROSECONDS = 1_000_000


class Reason(StrEnum):
    """Why a reply proves nothing, in the order of the checks."""

    UNREADABLE = "unreadable"
    NOT_GRANTED = "not_granted"
    ALGORITHM_UNFIT = "algorithm_unfit"
    OTHER_IMPRINT = "other_imprint"
    OTHER_NONCE = "other_nonce"
    CERTIFICATE_MISSING = "certificate_missing"
    USAGE_UNFIT = "usage_unfit"
    TIME_OUTSIDE_CERTIFICATE = "time_outside_certificate"
    SIGNATURE_UNFIT = "signature_unfit"


class TimestampRefused(AnchorTrouble):
    """A reply that proves nothing, and why."""

    code = "anchor.timestamp_refused"

    def __init__(self, reason: Reason, found: object, *, expected: str | None = None) -> None:
        super().__init__(
            f"{reason}: found {found}", field="token", expected=expected, data={"reason": reason}
        )
        self.reason = reason


def read_trusted(pem: bytes) -> list[x509.Certificate]:
    """Read the certificates that are trusted, one or more in one PEM file.

    Raises:
        AnchorTrouble: there is none.
    """
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise AnchorTrouble(
            "the file of the trusted authority has no certificate", expected="PEM certificates"
        ) from error


def check_reply(
    reply: bytes, imprint: bytes, nonce: int | None, *, trusted: Sequence[x509.Certificate]
) -> Stamp:
    """Return what a reply states, if everything about it fits; without ``nonce`` any will do.

    Raises:
        TimestampRefused: with the first reason.
    """
    try:
        return _checked(_read(reply), imprint, nonce, trusted=trusted)
    except _UNREADABLE as error:
        # Names and extensions are parsed only where they are looked at.
        raise TimestampRefused(Reason.UNREADABLE, error) from error


def _checked(
    found: rfc3161.TimeStampResponse,
    imprint: bytes,
    nonce: int | None,
    *,
    trusted: Sequence[x509.Certificate],
) -> Stamp:
    info = found.tst_info
    stamped = info.message_imprint
    if stamped.hash_algorithm.dotted_string != SHA256_OID:
        raise TimestampRefused(
            Reason.ALGORITHM_UNFIT, stamped.hash_algorithm.dotted_string, expected=SHA256_OID
        )
    if stamped.message != imprint:
        raise TimestampRefused(Reason.OTHER_IMPRINT, stamped.message.hex(), expected=imprint.hex())
    if nonce is not None and info.nonce != nonce:
        raise TimestampRefused(Reason.OTHER_NONCE, info.nonce, expected=str(nonce))
    signer = _signer(found)
    _check_usage(signer)
    _check_time(signer, info.gen_time)
    _check_signature(found, imprint, trusted)
    return Stamp(
        serial=info.serial_number,
        at=_microseconds(info.gen_time),
        policy=info.policy.dotted_string,
        authority=signer.subject.rfc4514_string(),
    )


def _read(reply: bytes) -> rfc3161.TimeStampResponse:
    if len(reply) > REPLY_BYTES_MAX:
        raise TimestampRefused(Reason.UNREADABLE, f"{len(reply)} bytes")
    found = rfc3161.decode_timestamp_response(reply)
    status = int(found.status)
    if status != _GRANTED:
        raise TimestampRefused(
            Reason.NOT_GRANTED, f"status {status}: {found.status_string}", expected="granted (0)"
        )
    return found


def _signer(found: rfc3161.TimeStampResponse) -> x509.Certificate:
    """Return the certificate that the signature names."""
    infos = list(found.signed_data.signer_infos)
    if len(infos) != 1:
        raise TimestampRefused(Reason.SIGNATURE_UNFIT, f"{len(infos)} signers", expected="1")
    named = (infos[0].issuer, infos[0].serial_number)
    for der in found.signed_data.certificates:
        certificate = x509.load_der_x509_certificate(der)
        if (certificate.issuer, certificate.serial_number) == named:
            return certificate
    raise TimestampRefused(Reason.CERTIFICATE_MISSING, "no certificate of the signer")


def _check_usage(signer: x509.Certificate) -> None:
    """RFC 3161, 2.3: the extension is critical and names time stamping alone."""
    try:
        usage = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound as error:
        raise TimestampRefused(Reason.USAGE_UNFIT, "no extended key usage") from error
    named = [each.dotted_string for each in usage.value]
    expected = ExtendedKeyUsageOID.TIME_STAMPING.dotted_string
    if not usage.critical or named != [expected]:
        words = f"{', '.join(named)} ({'critical' if usage.critical else 'not critical'})"
        raise TimestampRefused(Reason.USAGE_UNFIT, words, expected=f"{expected}, critical")


def _check_time(signer: x509.Certificate, at: datetime) -> None:
    begin, end = signer.not_valid_before_utc, signer.not_valid_after_utc
    if not begin <= at <= end:
        raise TimestampRefused(
            Reason.TIME_OUTSIDE_CERTIFICATE, at.isoformat(), expected=f"{begin} to {end}"
        )


def _check_signature(
    found: rfc3161.TimeStampResponse, imprint: bytes, trusted: Sequence[x509.Certificate]
) -> None:
    builder = rfc3161.VerifierBuilder(roots=list(trusted))
    try:
        builder.build().verify(found, imprint)
    except rfc3161.VerificationError as error:
        raise TimestampRefused(Reason.SIGNATURE_UNFIT, error) from error


def _microseconds(at: datetime) -> int:
    return calendar.timegm(at.utctimetuple()) * _MICROSECONDS + at.microsecond
