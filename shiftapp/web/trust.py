"""How a phone comes to trust a plant without a domain: `/trust`, for everybody, without a script.

The page shows the fingerprint of the install's own certificate authority and hands its certificate
out. An install without one has no such page.
"""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Response, abort

from shiftapp.web.context import context
from shiftapp.web.public import bp, public_page

__all__ = ["bp"]  # the public pages, with this one

LINE = 8  # pairs of a fingerprint that the eye compares at once


@bp.get("/trust")
@bp.get("/en/trust")
def show_trust() -> Response:
    """What this is, what to compare, the certificate, and the steps for each system."""
    found = _authority()
    pairs = fingerprint(found).split(":")
    lines = [":".join(pairs[at : at + LINE]) for at in range(0, len(pairs), LINE)]
    return public_page("public/trust.html", "trust", lines=lines, names=_names(found))


@bp.get("/trust/ca.crt")
def show_authority() -> Response:
    """The certificate of the authority; phones offer to install what has this type."""
    data = _authority().public_bytes(Encoding.DER)
    response = Response(data, content_type="application/x-x509-ca-cert")
    response.headers["Cache-Control"] = "no-cache"
    return response


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 as phones show it: pairs of hexadecimal digits with colons between."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def _authority() -> x509.Certificate:
    try:
        data = (context().config.tls / "ca.crt").read_bytes()
    except FileNotFoundError:
        abort(404)
    return x509.load_pem_x509_certificate(data)


def _names(authority: x509.Certificate) -> str:
    """The addresses it may vouch for."""
    found = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    values = [str(one.value) for one in found.permitted_subtrees or []]
    return " ".join(value.removesuffix("/32").removesuffix("/128") for value in values)
