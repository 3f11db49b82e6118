// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.20;

/// Checkpoints of transparency logs (RFC 6962 trees), kept where the log's operator cannot rewrite
/// them, and the check of an inclusion proof against them.
///
/// Invariants:
/// 1. Of each log, named by the SHA-256 of its origin, sizes only grow; a root never changes.
/// 2. Only publishers write; only the owner names publishers; ownership passes in two steps.
/// 3. No ether, no upgrade, no destruction: what is here stays here.
///
/// `noteHash` is the SHA-256 of the signed checkpoint. No entry and nothing personal comes here.
contract CheckpointAnchor {
    struct Checkpoint {
        bytes32 rootHash;
        bytes32 noteHash;
        uint64 treeSize;
        uint64 time; // of the block, in seconds since the epoch
    }

    /// Longer proofs cannot be of a tree of fewer than 2^63 leaves.
    uint256 public constant PROOF_NODES_MAX = 63;

    address public owner;
    address public pendingOwner;
    mapping(address => bool) public isPublisher;
    mapping(bytes32 => Checkpoint) public newest;
    mapping(bytes32 => mapping(uint64 => bytes32)) public rootAt;

    event Anchored(
        bytes32 indexed originHash,
        uint64 indexed treeSize,
        bytes32 rootHash,
        bytes32 noteHash,
        uint64 time
    );
    event PublisherAdded(address indexed publisher);
    event PublisherRemoved(address indexed publisher);
    event OwnershipOffered(address indexed owner, address indexed pendingOwner);
    event OwnershipTaken(address indexed formerOwner, address indexed owner);

    error NotOwner();
    error NotPendingOwner();
    error NotPublisher();
    error EmptyRoot();
    error SizeNotGrowing(uint64 newest, uint64 offered);

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner();
        _;
    }

    constructor() {
        owner = msg.sender;
        emit OwnershipTaken(address(0), msg.sender);
    }

    function addPublisher(address publisher) external onlyOwner {
        isPublisher[publisher] = true;
        emit PublisherAdded(publisher);
    }

    function removePublisher(address publisher) external onlyOwner {
        isPublisher[publisher] = false;
        emit PublisherRemoved(publisher);
    }

    /// Offers the ownership; nothing changes until it is taken, and the zero address takes back.
    function offerOwnership(address offered) external onlyOwner {
        pendingOwner = offered;
        emit OwnershipOffered(msg.sender, offered);
    }

    function takeOwnership() external {
        if (msg.sender != pendingOwner) revert NotPendingOwner();
        address former = owner;
        owner = msg.sender;
        pendingOwner = address(0);
        emit OwnershipTaken(former, msg.sender);
    }

    function anchor(bytes32 originHash, uint64 treeSize, bytes32 rootHash, bytes32 noteHash) external {
        if (!isPublisher[msg.sender]) revert NotPublisher();
        if (rootHash == bytes32(0)) revert EmptyRoot();
        uint64 last = newest[originHash].treeSize;
        if (treeSize <= last) revert SizeNotGrowing(last, treeSize);
        uint64 time = uint64(block.timestamp);
        newest[originHash] = Checkpoint(rootHash, noteHash, treeSize, time);
        rootAt[originHash][treeSize] = rootHash;
        emit Anchored(originHash, treeSize, rootHash, noteHash, time);
    }

    /// Tells whether a leaf is in the anchored tree of that size; false where none is anchored.
    function verifyInclusion(
        bytes32 originHash,
        uint64 treeSize,
        uint64 index,
        bytes32 leafHash,
        bytes32[] calldata proof
    ) public view returns (bool) {
        bytes32 root = rootAt[originHash][treeSize];
        return root != bytes32(0) && isIncluded(treeSize, index, leafHash, proof, root);
    }

    /// The same for an entry's header as the log serves it.
    function verifyHeader(
        bytes32 originHash,
        uint64 treeSize,
        uint64 index,
        bytes calldata header,
        bytes32[] calldata proof
    ) external view returns (bool) {
        bytes32 leafHash = sha256(abi.encodePacked(bytes1(0x00), header));
        return verifyInclusion(originHash, treeSize, index, leafHash, proof);
    }

    /// The algorithm of RFC 9162, 2.1.3.2, step by step.
    function isIncluded(
        uint64 treeSize,
        uint64 index,
        bytes32 leafHash,
        bytes32[] calldata proof,
        bytes32 root
    ) public pure returns (bool) {
        if (index >= treeSize || proof.length > PROOF_NODES_MAX) return false;
        uint256 here = index;
        uint256 last = uint256(treeSize) - 1;
        bytes32 found = leafHash;
        for (uint256 i = 0; i < proof.length; i++) {
            if (last == 0) return false;
            if (here & 1 == 1 || here == last) {
                found = hashNode(proof[i], found);
                while (here & 1 == 0 && here != 0) {
                    here >>= 1;
                    last >>= 1;
                }
            } else {
                found = hashNode(found, proof[i]);
            }
            here >>= 1;
            last >>= 1;
        }
        return last == 0 && found == root;
    }

    function hashNode(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x01), left, right));
    }
}
