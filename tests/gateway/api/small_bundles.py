"""Bundles whose shards are small, so that a small venue has many."""

from gateway.work.audit_bundle import AuditBundle


class SmallBundles(AuditBundle):
    entries_per_shard = 20
