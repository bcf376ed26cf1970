"""Signed documents in append-only logs: frames, envelopes, keys, the door, Merkle trees, cuts and causal order."""
