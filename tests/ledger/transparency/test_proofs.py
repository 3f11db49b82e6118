"""Proofs against the published vectors, a naive tree, and everything that must be refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.transparency.hashing import hash_leaf
from ledger.transparency.proofs import (
    ProofRefused,
    Subtree,
    consistency_path,
    inclusion_path,
    verify_consistency,
    verify_inclusion,
)
from ledger.transparency.tiles import hash_from
from tests.ledger.transparency.trees import (
    leaves,
    naive_consistency,
    naive_inclusion,
    naive_root,
    tiled,
)
from tests.ledger.transparency.vectors import hashes, vectors

SIZE_MAX = 70


def test_the_published_proofs_are_made_and_accepted() -> None:
    found = vectors("rfc6962_ct_reference")
    entries = [bytes.fromhex(text) for text in found["leaf_inputs"]]
    tree = [hash_leaf(each) for each in entries]
    roots = hashes(found["roots_by_size_0_to_8"])
    assert tree == hashes(found["leaf_hashes"])
    assert [naive_root(tree[:size]) for size in range(9)] == roots

    for case in found["inclusion"]:
        proof = hashes(case["proof"])
        size = case["size"]
        assert naive_inclusion(case["index"], tree[:size]) == proof
        verify_inclusion(
            index=case["index"], size=size, leaf=tree[case["index"]], proof=proof, root=roots[size]
        )
    for case in found["consistency"]:
        old, new, proof = case["size1"], case["size2"], hashes(case["proof"])
        assert naive_consistency(old, tree[:new]) == proof
        verify_consistency(
            old_size=old, new_size=new, old_root=roots[old], new_root=roots[new], proof=proof
        )


def test_every_published_forgery_is_refused() -> None:
    cases = vectors("must_fail")
    assert len(cases) > 100
    for case in cases:
        with pytest.raises(ProofRefused):
            check(case)


def check(case: dict[str, Any]) -> None:
    proof = hashes(case["proof"])
    if case["kind"] == "inclusion":
        leaf, root = hashes([case["leaf_hash"], case["root"]])
        verify_inclusion(index=case["index"], size=case["size"], leaf=leaf, proof=proof, root=root)
    else:
        old, new = hashes([case["root1"], case["root2"]])
        verify_consistency(
            old_size=case["size1"],
            new_size=case["size2"],
            old_root=old,
            new_root=new,
            proof=proof,
        )


def test_every_pair_of_small_sizes_agrees_with_the_naive_tree() -> None:
    tree = leaves(SIZE_MAX)
    roots = [naive_root(tree[:size]) for size in range(SIZE_MAX + 1)]
    tiles = tiled(SIZE_MAX)
    for size in range(1, SIZE_MAX + 1):
        for index in range(size):
            proof = [hash_from(tiles, each) for each in inclusion_path(index, size)]
            assert proof == naive_inclusion(index, tree[:size])
            verify_inclusion(
                index=index, size=size, leaf=tree[index], proof=proof, root=roots[size]
            )
        for old in range(1, size + 1):
            proof = [hash_from(tiles, each) for each in consistency_path(old, size)]
            assert proof == naive_consistency(old, tree[:size])
            verify_consistency(
                old_size=old, new_size=size, old_root=roots[old], new_root=roots[size], proof=proof
            )


TREE = leaves(600)
TILES = tiled(600)


@given(st.data())
def test_an_altered_proof_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 600))
    index = data.draw(st.integers(0, size - 1))
    proof = [hash_from(TILES, each) for each in inclusion_path(index, size)]
    root = naive_root(TREE[:size])
    verify_inclusion(index=index, size=size, leaf=TREE[index], proof=proof, root=root)

    altered = list(proof)
    how = data.draw(st.sampled_from(["flip", "drop", "add", "swap", "index", "leaf"]))
    place = data.draw(st.integers(0, len(proof) - 1))
    leaf, wrong = TREE[index], index
    if how == "flip":
        bit = data.draw(st.integers(0, 255))
        value = int.from_bytes(proof[place], "big") ^ (1 << bit)
        altered[place] = value.to_bytes(32, "big")
    elif how == "drop":
        del altered[place]
    elif how == "add":
        altered.insert(place, proof[place])
    elif how == "swap" and len(proof) > 1:
        altered[place], altered[place - 1] = altered[place - 1], altered[place]
    elif how == "index":
        wrong = data.draw(st.integers(0, 2**64).filter(lambda other: other != index))
    else:
        leaf = hash_leaf(b"another")
    with pytest.raises(ProofRefused):
        verify_inclusion(index=wrong, size=size, leaf=leaf, proof=altered, root=root)


@pytest.mark.parametrize("wrong", [True, -1, "1", None, 1.0])
def test_what_is_no_number_is_refused(wrong: object) -> None:
    with pytest.raises(ProofRefused):
        verify_inclusion(index=wrong, size=1, leaf=TREE[0], proof=[], root=TREE[0])  # type: ignore[arg-type]
    with pytest.raises(ProofRefused):
        verify_inclusion(index=0, size=wrong, leaf=TREE[0], proof=[], root=TREE[0])  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [b"", b"\x00" * 31, b"\x00" * 33, "text", None])
def test_what_is_no_hash_is_refused(wrong: object) -> None:
    with pytest.raises(ProofRefused):
        verify_inclusion(index=0, size=2, leaf=TREE[0], proof=[wrong], root=TREE[0])  # type: ignore[list-item]


def test_a_proof_of_more_than_63_nodes_is_refused() -> None:
    with pytest.raises(ProofRefused):
        verify_inclusion(index=0, size=2**63, leaf=TREE[0], proof=[TREE[0]] * 64, root=TREE[0])
    with pytest.raises(ProofRefused):
        verify_consistency(
            old_size=1, new_size=2**63, old_root=TREE[0], new_root=TREE[1], proof=[TREE[0]] * 64
        )


def test_no_proof_is_made_for_what_is_not_there() -> None:
    with pytest.raises(ProofRefused):
        inclusion_path(3, 3)
    with pytest.raises(ProofRefused):
        consistency_path(0, 3)
    with pytest.raises(ProofRefused):
        consistency_path(4, 3)


def test_the_example_of_the_rfcs_has_the_proofs_that_they_draw() -> None:
    example = vectors("rfc_example_tree")
    names = {
        **{name: Subtree(at, at + 1) for at, name in enumerate("abcdefj")},
        **{name: Subtree(at, at + 2) for name, at in zip("ghi", (0, 2, 4), strict=True)},
        "k": Subtree(0, 4),
        "l": Subtree(4, 7),
    }

    def drawn(text: str) -> list[Subtree]:
        return [names[name] for name in text.strip("[]").split(",")]

    for leaf, proof in example["inclusion"].items():
        assert inclusion_path(int(leaf.removeprefix("d")), 7) == drawn(proof)
    for sizes, proof in example["consistency"].items():
        old, new = map(int, sizes.split("->"))
        assert consistency_path(old, new) == drawn(proof)
