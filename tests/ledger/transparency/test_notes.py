"""Notes, checkpoints, cosignatures, policies and receipts against vectors and forgeries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.transparency.checkpoint import (
    Checkpoint,
    cosign,
    cosigned_at,
    cosigned_message,
    open_checkpoint,
    subtree_message,
    unknown_lines,
)
from ledger.transparency.hashing import hash_leaf
from ledger.transparency.note import (
    COSIGNATURE,
    NoteRefused,
    PublicKey,
    SecretKey,
    SignatureLine,
    parse_note,
    sign_note,
    verify_note,
)
from ledger.transparency.policy import parse_policy, policy_text
from ledger.transparency.proofs import ProofRefused
from ledger.transparency.receipt import Receipt
from tests.ledger.transparency.trees import entry
from tests.ledger.transparency.vectors import vectors

ORIGIN = "ledger.example/eco-test"
SEED = bytes(range(32))
KEY = SecretKey(ORIGIN, SEED)
CITY, BANK, STATE = (
    SecretKey(f"witness.example/{name}", name.encode().ljust(32, b"-"), algorithm=COSIGNATURE)
    for name in ("city", "bank", "state")
)
AT = 1_795_000_000


def test_published_notes_verify_and_are_written_as_they_were() -> None:
    for case in vectors("signed_notes_that_verify"):
        note = parse_note(case["note"])
        key = PublicKey.parse(case["vkey"])
        assert verify_note(note, [key]) == [key]
        assert note.whole == case["note"]
        assert key.text == case["vkey"]
        if "skey" in case:
            secret = SecretKey.parse(case["skey"])
            assert secret.text == case["skey"]
            assert sign_note(note.text, [secret]).lines[0] in note.lines


def test_published_forgeries_of_notes_are_refused() -> None:
    for case in vectors("notes_that_must_be_refused"):
        with pytest.raises(NoteRefused):
            verify_note(parse_note(case["note"]), [PublicKey.parse(case["vkey"])])


def test_published_keys_of_witnesses_have_their_ids() -> None:
    for text in vectors("cosignature_vkeys_published")["vkeys"]:
        key = PublicKey.parse(text)
        assert (key.text, key.algorithm) == (text, COSIGNATURE)


def test_the_go_tools_checkpoint_text_is_read() -> None:
    text = vectors("go_tlog")["tree_note_text"]
    assert Checkpoint.parse(text).text == text
    assert hash_leaf(b"hello world") == Checkpoint.parse(text).root


def test_our_own_log_signs_as_published() -> None:
    found = vectors("own_log")
    log = SecretKey(ORIGIN, bytes.fromhex(found["log_seed_hex"]))
    witness = SecretKey(
        "witness.example/regulator-test",
        bytes.fromhex(found["witness_seed_hex"]),
        algorithm=COSIGNATURE,
    )
    assert (log.public.text, witness.public.text) == (found["log_vkey"], found["witness_vkey"])
    for size in ("0", "1", "700"):
        whole = found[f"checkpoint_{size}"]
        checkpoint, _ = open_checkpoint(whole, origin=ORIGIN, keys=[log.public])
        assert checkpoint.size == int(size)
        assert sign_note(checkpoint.text, [log]).whole == whole

    whole = found["checkpoint_1000_cosigned"]
    checkpoint, note = open_checkpoint(whole, origin=ORIGIN, keys=[log.public])
    assert cosigned_at(note, witness.public) == AT
    assert cosigned_message(checkpoint.text, at=AT).decode() == found["cosigned_message_1000"]
    made = sign_note(checkpoint.text, [log]).with_lines([cosign(checkpoint, witness, at=AT)])
    assert made.whole == whole

    policy = parse_policy(f"log {log.public.text}\nwitness w {witness.public.text}\nquorum w\n")
    receipt = Receipt.parse(found["tlog_proof_index_333_size_1000"])
    assert receipt.text == found["tlog_proof_index_333_size_1000"]
    receipt.verify(hash_leaf(entry(333)), origin=ORIGIN, policy=policy)
    with pytest.raises(ProofRefused):
        receipt.verify(hash_leaf(entry(334)), origin=ORIGIN, policy=policy)


def test_the_message_of_another_algorithm_is_the_published_one() -> None:
    found = vectors("own_log")
    checkpoint = Checkpoint.parse(parse_note(found["checkpoint_1000_cosigned"]).text)
    message = subtree_message(
        "witness.example/regulator-test", AT, ORIGIN, 0, checkpoint.size, checkpoint.root
    )
    assert message.hex() == vectors("mldsa44_cosigned_message")["hex"]


def cosigned(*witnesses: SecretKey) -> str:
    checkpoint = Checkpoint(ORIGIN, 7, hash_leaf(b"seven"))
    note = sign_note(checkpoint.text, [KEY])
    return note.with_lines(cosign(checkpoint, each, at=AT) for each in witnesses).whole


POLICY = f"""\
# who watches
log {KEY.public.text} https://log.example
witness city {CITY.public.text} https://city.example
witness bank {BANK.public.text}
witness state {STATE.public.text}
group local any city bank
group both all local state
quorum both
"""


@pytest.mark.parametrize(
    ("witnesses", "enough"),
    [
        ((), False),
        ((CITY,), False),
        ((CITY, BANK), False),
        ((STATE,), False),
        ((CITY, STATE), True),
        ((BANK, STATE), True),
        ((CITY, BANK, STATE), True),
    ],
)
def test_a_quorum_is_what_the_policy_says(
    witnesses: tuple[SecretKey, ...], *, enough: bool
) -> None:
    policy = parse_policy(POLICY)
    assert parse_policy(policy_text(policy)) == policy
    if enough:
        policy.open(cosigned(*witnesses), origin=ORIGIN)
    else:
        with pytest.raises(NoteRefused, match="cosigned by"):
            policy.open(cosigned(*witnesses), origin=ORIGIN)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum nobody\n",
        "quorum none\nquorum none\n",
        f"witness none {CITY.public.text}\nquorum none\n",
        f"witness a {CITY.public.text}\nwitness a {BANK.public.text}\nquorum none\n",
        f"witness a {CITY.public.text}\ngroup g 2 a\nquorum g\n",
        f"witness a {CITY.public.text}\ngroup g 0 a\nquorum g\n",
        f"witness a {CITY.public.text}\ngroup g x a\nquorum g\n",
        f"witness a {CITY.public.text}\ngroup g any a\ngroup h any a\nquorum g\n",
        "group g any g\nquorum g\n",
        "log none\nquorum none\n",
        "trust me\nquorum none\n",
    ],
)
def test_a_policy_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused):
        parse_policy(text)


def test_a_line_of_an_unknown_algorithm_is_carried_and_reported() -> None:
    national = SignatureLine(ORIGIN, b"\x01\x02\x03\x04", b"sm2" * 30)
    whole = parse_note(cosigned(CITY)).with_lines([national]).whole

    _, note = open_checkpoint(whole, origin=ORIGIN, keys=[KEY.public])

    assert note.whole == whole
    assert unknown_lines(note, [KEY.public, CITY.public]) == [national]


def test_a_bad_line_of_a_known_key_spoils_the_note() -> None:
    note = parse_note(cosigned())
    bad = SignatureLine(ORIGIN, KEY.public.key_id, bytes(64))
    with pytest.raises(NoteRefused):
        verify_note(type(note)(note.text, (bad,)), [KEY.public])


def test_a_checkpoint_of_another_log_is_refused() -> None:
    with pytest.raises(NoteRefused):
        open_checkpoint(cosigned(), origin="ledger.example/other", keys=[KEY.public])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "o\n1\n",
        "o\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n+1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n\u0661\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n99999999999999999999\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n1\nAAAA\n",
        "o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n",
        "o\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n",
        "o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    ],
)
def test_a_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused):
        Checkpoint.parse(text)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_note_with_one_other_byte_is_refused(place: int, change: int) -> None:
    whole = cosigned(CITY, STATE).encode()
    place %= len(whole)
    altered = whole[:place] + bytes([whole[place] ^ change]) + whole[place + 1 :]
    policy = parse_policy(POLICY)
    try:
        text = altered.decode()
        policy.open(text, origin=ORIGIN)
    except (NoteRefused, UnicodeDecodeError):
        return
    # Only another name of a witness is left: its line is nobody's then, and the quorum is not met.
    raise AssertionError(text)


@given(st.text(max_size=200))
def test_any_text_is_a_note_or_refused(text: str) -> None:
    for read in (parse_note, Receipt.parse, Checkpoint.parse, parse_policy, PublicKey.parse):
        try:
            read(text)
        except NoteRefused:
            continue


@pytest.mark.parametrize("place", range(4))
def test_keys_and_signatures_are_those_of_rfc_8032(place: int) -> None:
    tests = vectors("ed25519_rfc8032")["tests"]
    if place >= len(tests):
        pytest.skip("no further vector")
    found = tests[place]
    key = SecretKey("example.com/foo", bytes.fromhex(found["seed"]))

    assert key.public.public.hex() == found["public"]
    assert key.sign(bytes.fromhex(found["message"])).hex() == found["signature"]
