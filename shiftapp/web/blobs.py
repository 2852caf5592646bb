"""`/blobs/<sha>`: a photo or a signature for those who may see the record that names it.

Never public; for everybody else it is not there, whether it exists or not.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from shiftapp.ledger import encoding
from shiftapp.model import blob_kinds
from shiftapp.model import blobs as model_blobs
from shiftapp.problems import Problem
from shiftapp.store import files
from shiftapp.web import auth, scope
from shiftapp.web.context import context, store

bp = Blueprint("blobs", __name__)

# It is somebody's upload: opened by itself it may do nothing.
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@bp.get("/blobs/<sha>")
@auth.needs()
def show_blob(sha: str) -> Response:
    """The picture; a drawn signature is drawn."""
    content, kind = _fetched(sha)
    if kind == blob_kinds.SIGNATURE:
        content, kind = _drawn(content), "image/svg+xml"
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "private, no-cache"  # asked again: the next may not see it
    response.set_etag(sha)
    response.make_conditional(request)
    return response


def _fetched(name: str) -> tuple[bytes, str]:
    """The bytes and the kind of a file that the signed-in person may see.

    :raises Problem: 404 `no_blob`.
    """
    try:
        sha = encoding.b64u_decode(name, 32)
        found = model_blobs.blob(store(), sha)
        if found and model_blobs.may_see(store(), auth.account().id, sha, scope.READ):
            content = files.path_of(context().config.blobs, sha).read_bytes()
            if len(content) == found["bytes"]:
                return content, str(found["kind"])
    except (ValueError, OSError):
        pass  # no such name, or the file was taken away or cut by hand
    raise Problem(404, "no_blob", "没有这个附件。")


def _drawn(content: bytes) -> bytes:
    """A signature as a picture; its path holds nothing but moves and lines (blob_kinds)."""
    one = blob_kinds.read_signature(content)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {one.w} {one.h}"'
        f' width="{one.w}" height="{one.h}"><path d="{one.path}" fill="none" stroke="#111"'
        ' stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    ).encode()
