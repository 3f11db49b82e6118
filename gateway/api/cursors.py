"""Signed cursors: a page's end as an opaque text that a client cannot make up."""

import base64
import binascii
import hashlib
import hmac

from gateway.api.problems import Problem

_MAC_SIZE = 16


class Cursors:
    """Signs and reads cursors with a secret of this service."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def write(self, *, scope: str, position: str) -> str:
        """Return the cursor of a position in a list; ``scope`` names the list and its filters."""
        text = position.encode()
        return base64.urlsafe_b64encode(self._mac(scope, text) + text).rstrip(b"=").decode()

    def read(self, cursor: str | None, *, scope: str) -> str | None:
        """Return the position that a cursor of this very list names.

        Raises:
            Problem: the cursor is not ours, or belongs to another list.
        """
        if cursor is None:
            return None
        try:
            raw = base64.b64decode(
                cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True
            )
        except (ValueError, binascii.Error) as error:
            raise self._foreign() from error
        mac, text = raw[:_MAC_SIZE], raw[_MAC_SIZE:]
        if not hmac.compare_digest(mac, self._mac(scope, text)):
            raise self._foreign()
        return text.decode()

    def derived(self, purpose: str) -> bytes:
        """Return 32 bytes that only this service can make, the same for the same purpose."""
        return hmac.digest(self._secret, f"derived\n{purpose}".encode(), hashlib.sha256)

    def _mac(self, scope: str, text: bytes) -> bytes:
        message = scope.encode() + b"\n" + text
        return hmac.digest(self._secret, message, hashlib.sha256)[:_MAC_SIZE]

    @staticmethod
    def _foreign() -> Problem:
        return Problem(
            status=400,
            code="request.cursor_invalid",
            field="cursor",
            expected="a cursor from the page before, with the same filters",
        )
