"""The one kind of refusal: an HTTP status, a stable code and a sentence that a worker understands.

Anybody may raise it; only the web room and the command line render it. The sentence is Chinese
and serves as the message id of the catalogue, its values come apart, so that it can be translated.
"""

from __future__ import annotations

from collections.abc import Mapping


class Twin(str):
    """A text that brings its English along: a value of `params` that no catalogue can hold."""

    en: str

    def __new__(cls, zh: str, en: str) -> Twin:
        text = super().__new__(cls, zh)
        text.en = en
        return text


class Problem(Exception):
    """A refusal with a stable `code`, the `status` to answer with and a sentence.

    `template % params` is the sentence (`detail`). `at` is the index of the first bad record of a
    request, where there is one.
    """

    def __init__(
        self,
        status: int,
        code: str,
        template: str,
        *,
        params: Mapping[str, object] | None = None,
        at: int | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        self.status = status
        self.code = code
        self.template = template
        self.params = dict(params or {})
        self.at = at
        self.retry_after_s = retry_after_s
        super().__init__(f"{code}: {self.detail}")

    @property
    def detail(self) -> str:
        """The sentence in Chinese."""
        return self.template % self.params if self.params else self.template
