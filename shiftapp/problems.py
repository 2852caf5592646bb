"""The one kind of refusal: an HTTP status, a stable code and a sentence that a worker understands.

Anybody may raise it; only the web room and the command line render it.
"""

from __future__ import annotations


class Problem(Exception):
    """A refusal with a stable `code`, the `status` to answer with and a sentence (`detail`).

    `at` is the index of the first bad record of a request, where there is one.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        at: int | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.at = at
        self.retry_after_s = retry_after_s
