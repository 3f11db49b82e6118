"""Frames on a stream: a length of four bytes, then that many bytes of msgpack."""

import asyncio
from collections.abc import Callable
from typing import cast

LENGTH_SIZE = 4
FRAME_BYTES_MAX = 64 << 20


def frame(payload: bytes) -> bytes:
    """Return a payload behind its length."""
    return len(payload).to_bytes(LENGTH_SIZE, "big") + payload


class Frames:
    """Cuts what arrives into frames."""

    __slots__ = ("_buffer",)

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, received: bytes) -> list[bytes]:
        """Return the payloads that are complete now.

        Raises:
            ValueError: a frame is longer than its limit.
        """
        buffer = self._buffer
        buffer += received
        payloads = []
        at = 0
        while len(buffer) - at >= LENGTH_SIZE:
            size = int.from_bytes(buffer[at : at + LENGTH_SIZE], "big")
            if size > FRAME_BYTES_MAX:
                raise ValueError(f"a frame of {size} bytes, at most {FRAME_BYTES_MAX} are allowed")
            end = at + LENGTH_SIZE + size
            if end > len(buffer):
                break
            payloads.append(bytes(buffer[at + LENGTH_SIZE : end]))
            at = end
        del buffer[:at]
        return payloads


class FrameProtocol(asyncio.Protocol):
    """One end of a connection that carries frames; what is sent in one loop turn goes as one."""

    def __init__(
        self,
        received: Callable[["FrameProtocol", bytes], None],
        lost: Callable[["FrameProtocol"], None],
    ) -> None:
        self._received = received
        self._lost = lost
        self._frames = Frames()
        self._transport: asyncio.Transport | None = None
        self._out: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        # Not every loop's transports are instances of asyncio's own class.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Hand complete frames on; end a connection that sends anything else."""
        try:
            for payload in self._frames.feed(data):
                self._received(self, payload)
        except ValueError:
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell that nothing more will come."""
        del exc
        self._transport = None
        self._lost(self)

    def send(self, payload: bytes) -> None:
        """Send one frame at the end of this loop turn."""
        if not self._out:
            asyncio.get_running_loop().call_soon(self._flush)
        self._out.append(frame(payload))

    def close(self) -> None:
        """End the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    def _flush(self) -> None:
        out, self._out = self._out, []
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if transport.get_write_buffer_size() > FRAME_BYTES_MAX:
            # Whoever does not read its answers loses the connection and asks again.
            transport.abort()
            return
        transport.write(b"".join(out))
