"""Checks a disclosure as a receiver would, by the page ``docs/privacy.md`` and nothing of ours."""

import hashlib
import hmac
import json
from typing import Any


def check_disclosure(disclosed: dict[str, Any], *, leaf_hash: str) -> list[str]:
    """Return what does not agree with the leaf that the receiver has from the public log."""
    wrong = []
    text = disclosed["header"].encode()
    header = json.loads(text)
    if hashlib.sha256(b"\x00" + text).hexdigest() != leaf_hash:
        wrong.append("leaf")
    if disclosed["leaf_hash"] != leaf_hash or header["index"] != disclosed["index"]:
        wrong.append("claim")
    for part in ("postings", "personal"):
        shown, key = disclosed[part], disclosed[f"{part}_key"]
        if shown is None or key is None:
            continue
        prefix = f"eco-ledger/commit/v1\n{part}/1\n".encode()
        found = hmac.new(bytes.fromhex(key), prefix + shown.encode(), hashlib.sha256)
        if found.hexdigest() != header[part]:
            wrong.append(part)
    return wrong
