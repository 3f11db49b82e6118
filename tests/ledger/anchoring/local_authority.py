"""A time-stamping authority of this test's own: OpenSSL's, with certificates made for the case.

It answers real requests (``openssl ts -reply``), over HTTP where a test wants that.
"""

import datetime as dt
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

OPENSSL = shutil.which("openssl") or ""
STAMPING = ExtendedKeyUsageOID.TIME_STAMPING
TST_INFO = "1.2.840.113549.1.9.16.1.4"
HANG_SECONDS_MAX = 60
CONFIGURATION = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/{name}.pem
signer_key = {folder}/{name}.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What the signer's certificate says that it is for, and when it is valid (days from now)."""

    purposes: tuple[x509.ObjectIdentifier, ...] = (STAMPING,)
    critical: bool = True
    begin: float = -1
    end: float = 30


class Authority:
    """A certificate authority and the signers that it certifies, in one folder."""

    def __init__(self, folder: Path, *, name: str = "Test CA") -> None:
        if not OPENSSL:
            pytest.skip("needs OpenSSL's command line")
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self._certify(self._name, self._key.public_key(), Usage(), ca=True)
        self.trusted_file.write_bytes(self.certificate.public_bytes(Encoding.PEM))
        self.certify("signer", Usage())

    @property
    def trusted_file(self) -> Path:
        return self.folder / "ca.pem"

    def certify(self, name: str, usage: Usage) -> None:
        """Make a signer's key and certificate."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"TSA {name}")])
        certificate = self._certify(subject, key.public_key(), usage, ca=False)
        (self.folder / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (self.folder / f"{name}.key").write_bytes(secret)
        configuration = CONFIGURATION.format(folder=self.folder, name=name)
        (self.folder / f"{name}.cnf").write_text(configuration)

    def _certify(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey, usage: Usage, *, ca: bool
    ) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + dt.timedelta(days=-900 if ca else usage.begin))
            .not_valid_after(now + dt.timedelta(days=3000 if ca else usage.end))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key),
                critical=False,
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
        )
        if usage.purposes and not ca:
            extension = x509.ExtendedKeyUsage(usage.purposes)
            builder = builder.add_extension(extension, critical=usage.critical)
        return builder.sign(self._key, hashes.SHA256())

    def reply(self, request: bytes, *, name: str = "signer") -> bytes:
        """Answer a request as an authority does."""
        asked, answered = self.folder / "request.tsq", self.folder / "reply.tsr"
        asked.write_bytes(request)
        where = ["-config", f"{self.folder}/{name}.cnf", "-section", "here"]
        self.openssl("ts", "-reply", *where, "-queryfile", str(asked), "-out", str(answered))
        return answered.read_bytes()

    def reply_signed_by(self, name: str, request: bytes) -> bytes:
        """Answer with a token that any signer signs, also one whose certificate is not for it."""
        whole, token, info = (self.folder / each for each in ("w.tsr", "t.der", "i.der"))
        whole.write_bytes(self.reply(request))
        self.openssl("ts", "-reply", "-in", str(whole), "-token_out", "-out", str(token))
        der = ["-inform", "DER", "-in", str(token), "-noverify", "-out", str(info)]
        self.openssl("cms", "-verify", *der)
        signer = ["-signer", f"{self.folder}/{name}.pem", "-inkey", f"{self.folder}/{name}.key"]
        kind = ["-econtent_type", TST_INFO, "-nodetach", "-binary", "-cades", "-md", "sha256"]
        files = ["-in", str(info), "-outform", "DER", "-out", str(token)]
        self.openssl("cms", "-sign", *kind, *signer, *files)
        self.openssl("ts", "-reply", "-in", str(token), "-token_in", "-out", str(whole))
        return whole.read_bytes()

    def openssl(self, *arguments: str) -> str:
        """Run OpenSSL's command line and return what it says."""
        done = subprocess.run(
            [OPENSSL, *arguments], capture_output=True, check=False, text=True, timeout=30
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr


class Counter:
    """The authority's counter at HTTP: what it was asked, and how it answers."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority
        self.url = ""
        self.asked: list[bytes] = []
        self.types: list[str] = []
        self.status = 200
        self.media_type = "application/timestamp-reply"
        self.other: bytes | None = None
        self.is_silent = False
        self.go_on = threading.Event()

    def answer(self, request: bytes, media_type: str) -> bytes:
        self.asked.append(request)
        self.types.append(media_type)
        if self.is_silent:
            self.go_on.wait(HANG_SECONDS_MAX)
        return self.authority.reply(request) if self.other is None else self.other


@contextmanager
def counter_of(authority: Authority) -> Iterator[Counter]:
    """Serve an authority on a free port of this machine."""
    counter = Counter(authority)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told = counter.answer(body, self.headers["Content-Type"])
            self.send_response(counter.status)
            self.send_header("Content-Type", counter.media_type)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    counter.url = f"http://127.0.0.1:{server.server_address[1]}/tsa"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield counter
    finally:
        counter.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()
