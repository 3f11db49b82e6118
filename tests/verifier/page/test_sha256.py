"""The page's own SHA-256 and HMAC say what other implementations say."""

import hashlib
import hmac
import random
from typing import Any

import pytest

from tests.verifier.page.visiting import Visit

pytestmark = pytest.mark.asyncio(loop_scope="module")

KEY = bytes(range(32))
DIGEST_ALL = """([sizes, cuts, key]) => {
  // The messages of the test, by its rule, in pieces that end where the test says.
  const hashes = sizes.map((size, place) => {
    const message = Uint8Array.from({length: size}, (_, i) => (i * i + size) & 0xff);
    const pieces = [message.subarray(0, cuts[place]), message.subarray(cuts[place])];
    const mac = hmacSha256(Uint8Array.from(key), ...pieces);
    return [hexOf(sha256(...pieces)), hexOf(mac)];
  });
  return hashes;
}"""
LARGE = """async (mebibytes) => {
  const digest = new Sha256();
  const piece = new Uint8Array(1 << 20);
  for (let place = 0; place < mebibytes; place += 1) {
    digest.update(piece);
  }
  return hexOf(digest.digest());
}"""


def message(size: int) -> bytes:
    return bytes((i * i + size) & 0xFF for i in range(size))


async def test_digests_of_every_length_and_cut_are_pythons(visit: Visit) -> None:
    chance = random.Random(1)  # noqa: S311  the same cuts every time
    sizes = [*range(300), 1_000, 4_095, 4_096, 65_537]
    cuts = [chance.randint(0, size) for size in sizes]

    found: Any = await visit.page.evaluate(DIGEST_ALL, [sizes, cuts, list(KEY)])

    for size, (digest, mac) in zip(sizes, found, strict=True):
        assert digest == hashlib.sha256(message(size)).hexdigest(), size
        assert mac == hmac.digest(KEY, message(size), "sha256").hex(), size


async def test_lengths_beyond_32_bits_of_bits_are_counted(visit: Visit) -> None:
    mebibytes = 513  # 2**32 bits are 512 MiB

    found = await visit.page.evaluate(LARGE, mebibytes)

    expected = hashlib.sha256()
    for _ in range(mebibytes):
        expected.update(bytes(1 << 20))
    assert found == expected.hexdigest()


async def test_it_agrees_with_web_cryptography_and_would_notice_otherwise(visit: Visit) -> None:
    wrong = """agreesWithWebCrypto({
      digest: (name, bytes) => crypto.subtle.digest("SHA-384", bytes).then((b) => b.slice(0, 32))
    })"""

    assert await visit.page.evaluate("agreesWithWebCrypto(crypto.subtle)") is True
    assert await visit.page.evaluate(wrong) is False
