"""Receipts (c2sp.org/tlog-proof): an entry's place, proved by one file, without a network.

The file holds the index, the inclusion proof and a checkpoint with all its signatures. Whoever
checks it brings the entry's header, the log's keys, and a policy that names the witnesses.
"""

import base64
from dataclasses import dataclass

from ledger.transparency.checkpoint import Checkpoint, parse_size
from ledger.transparency.note import NoteRefused, decode_base64
from ledger.transparency.policy import Policy
from ledger.transparency.proofs import NODES_MAX, ProofRefused, verify_inclusion

MAGIC = "c2sp.org/tlog-proof@v1"
MEDIA_TYPE = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt's parts; ``checkpoint`` is a signed note, ``extra`` is proved by nothing."""

    index: int
    proof: tuple[bytes, ...]
    checkpoint: str
    extra: bytes = b""

    @property
    def text(self) -> str:
        """The file."""
        rows = [MAGIC]
        if self.extra:
            rows.append(f"extra {base64.b64encode(self.extra).decode()}")
        rows.append(f"index {self.index}")
        rows += [base64.b64encode(node).decode() for node in self.proof]
        return "\n".join([*rows, "", self.checkpoint])

    @classmethod
    def parse(cls, text: str) -> "Receipt":
        """Read a file.

        Raises:
            NoteRefused: it is no receipt.
        """
        head, blank, checkpoint = text.partition("\n\n")
        rows = head.split("\n")
        if not blank or rows.pop(0) != MAGIC:
            raise NoteRefused("not a receipt", expected=MAGIC)
        extra = b""
        if rows and rows[0].startswith("extra "):
            extra = decode_base64(rows.pop(0).removeprefix("extra "), what="extra")
        if not rows or not rows[0].startswith("index "):
            raise NoteRefused("a receipt without an index")
        index = parse_size(rows.pop(0).removeprefix("index "))
        if len(rows) > NODES_MAX:
            raise NoteRefused(f"more than {NODES_MAX} nodes")
        proof = tuple(decode_base64(row, what="a node") for row in rows)
        return cls(index, proof, checkpoint, extra)

    def verify(self, leaf: bytes, *, origin: str, policy: Policy) -> Checkpoint:
        """Accept that the entry with this leaf hash is in the log, and return the checkpoint.

        Raises:
            NoteRefused: the checkpoint is not signed as the policy asks.
            ProofRefused: the proof does not lead to the checkpoint's root.
        """
        checkpoint, _ = policy.open(self.checkpoint, origin=origin)
        verify_inclusion(
            index=self.index,
            size=checkpoint.size,
            leaf=leaf,
            proof=self.proof,
            root=checkpoint.root,
        )
        return checkpoint


__all__ = ["MAGIC", "MEDIA_TYPE", "ProofRefused", "Receipt"]
