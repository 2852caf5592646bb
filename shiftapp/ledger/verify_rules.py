"""Whose word a cited tree needs: that of the policy, or of the one that was in force at its time.

A policy that asks for more binds from its day on, because its new witnesses never saw the trees of
before. So a log publishes every policy that it had, and a tree that today's witnesses have not seen
is held against its own; the report says so. Whoever brings a policy of their own trusts no other
one: then nothing is asked of the log (`earlier` False).
"""

from __future__ import annotations

from shiftapp.ledger import policy as policies
from shiftapp.ledger.checkpoint import Checkpoint, open_checkpoint
from shiftapp.ledger.policy import Policy
from shiftapp.ledger.verify_files import Get, Missing


class Rules:
    """The policies of a log; remembers which trees were held against an earlier one."""

    def __init__(self, get: Get, policy: Policy, *, earlier: bool) -> None:
        self.policy = policy
        self.self_attested = policy.self_attested  # of all policies that were used
        self.sizes: set[int] = set()  # of the trees that needed an earlier one
        self._get, self._earlier = get, earlier

    def opened(self, path: str) -> tuple[Checkpoint, int | None]:
        """A published checkpoint, and when a quorum had seen it, Unix s; None: none had.

        :raises Missing: it is not there.
        :raises ValueError: it does not open.
        """
        signed = self._get(path).decode("utf-8")
        found = open_checkpoint(signed, self.policy.log, self.policy.verifiers)
        quorum_s = self.policy.quorum_s(found.seen_s)
        if quorum_s is None and self._earlier:
            quorum_s = self._at_its_time(signed, found.checkpoint.size)
        return found.checkpoint, quorum_s

    def _at_its_time(self, signed: str, size: int) -> int | None:
        try:
            before = policies.parse(self._get(f"policy/{size}").decode("utf-8"))
            if [log for log, _ in before.logs] != [log for log, _ in self.policy.logs]:
                return None
            seen_s = open_checkpoint(signed, before.log, before.verifiers).seen_s
        except (Missing, ValueError):
            return None
        quorum_s = before.quorum_s(seen_s)
        if quorum_s is not None:
            self.sizes.add(size)
            self.self_attested = self.self_attested or before.self_attested
        return quorum_s
