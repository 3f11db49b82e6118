"""The way to the signer and back: one request, one answer, over a socket in the file system."""

import asyncio
from pathlib import Path

import msgspec

from ledger.sequencer.frames import LENGTH_SIZE, frame
from ledger.transparency.signing import Signed, Signers, SignRequest

FRAME_BYTES_MAX = 1 << 16
ANSWER_SECONDS_MAX = 5.0

_request = msgspec.msgpack.Decoder(SignRequest)
_signed = msgspec.msgpack.Decoder(Signed)
_encode = msgspec.msgpack.Encoder().encode


async def serve_signer(signers: Signers, path: Path) -> asyncio.Server:
    """Listen; the file of a signer that is gone is replaced."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = _request.decode(await _read(reader))
                writer.write(frame(_encode(signers.answer(request))))
                await writer.drain()
        except (EOFError, OSError, ValueError):
            # Who sends anything else, or goes, is not heard any more.
            pass
        finally:
            writer.close()

    _forget(path)
    server = await asyncio.start_unix_server(talk, str(path))
    _keep_private(path)
    return server


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)


def _keep_private(path: Path) -> None:
    path.chmod(0o600)


async def ask_signer(path: Path, request: SignRequest) -> Signed:
    """Have a checkpoint signed.

    Raises:
        OSError: nobody listens, or the answer does not come.
    """
    async with asyncio.timeout(ANSWER_SECONDS_MAX):
        reader, writer = await asyncio.open_unix_connection(str(path))
        try:
            writer.write(frame(_encode(request)))
            return _signed.decode(await _read(reader))
        except EOFError as error:
            raise ConnectionError("the signer went away") from error
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> bytes:
    size = int.from_bytes(await reader.readexactly(LENGTH_SIZE), "big")
    if size > FRAME_BYTES_MAX:
        raise ValueError(f"a frame of {size} bytes")
    return await reader.readexactly(size)
