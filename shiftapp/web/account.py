"""The person who is signed in, and by what: what views and templates ask of it."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from flask_login import UserMixin

from shiftapp.model.people import Role
from shiftapp.store import Row

PASSWORD_HOW = ("password", "demo")  # a visitor of the demo came in by one click and has none
PHONE_HOW = ("card", "code", "pin")


@dataclass(frozen=True)
class Account(UserMixin):
    """The person who is signed in, with roles and the session's public id."""

    id: str
    person: Row
    roles: tuple[Role, ...]
    sid: bytes
    device: str | None
    device_kind: str | None
    how: str

    @property
    def name(self) -> str:
        return str(self.person["name"])

    @property
    def lang(self) -> str:
        return str(self.person["lang"])

    @property
    def sid_text(self) -> str:
        """The session id as it stands in sealed records (b64u, 22 characters)."""
        return base64.urlsafe_b64encode(self.sid).rstrip(b"=").decode()

    @property
    def by_password(self) -> bool:
        """Whether a password opened the session: a card, a code or a PIN did not."""
        return self.how in PASSWORD_HOW

    @property
    def by_phone(self) -> bool:
        """Whether it is a session of the person's own phone, or by PIN on a shared one."""
        own = self.device_kind == "personal" and self.how in PHONE_HOW
        return own or (self.device_kind == "shared" and self.how == "pin")

    def has(self, *roles: str) -> bool:
        """Whether the person has one of these roles, in whatever scope."""
        return any(role.role in roles for role in self.roles)
