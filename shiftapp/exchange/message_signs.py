"""How robots of chat groups want a message signed that a secret was agreed for.

Pure. `dingtalk`: HMAC-SHA256 of "timestamp in ms, line feed, secret" with the secret, base64, in
the query as `timestamp` and `sign` (open.dingtalk.com, 自定义机器人, 加签). `feishu`: HMAC-SHA256
of nothing with "timestamp in s, line feed, secret", base64, in the body as `timestamp` and `sign`
(open.feishu.cn, 自定义机器人, 签名校验). Both refuse a time that is an hour off: it is the wall
clock's, not the plant's.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import urlencode, urlsplit

WAYS = ("", "dingtalk", "feishu")


def signed(
    way: str, url: str, body: dict[str, Any], secret: str, wall_ms: int
) -> tuple[str, dict[str, Any]]:
    """Address and body with the signature in them; unchanged where there is no secret."""
    if way == "dingtalk" and secret:
        query = urlencode({"timestamp": wall_ms, "sign": dingtalk_sign(secret, wall_ms)})
        between = "&" if urlsplit(url).query else "?"
        return f"{url}{between}{query}", body
    if way == "feishu" and secret:
        seconds = wall_ms // 1000
        sign = feishu_sign(secret, seconds)
        return url, {"timestamp": str(seconds), "sign": sign, **body}
    return url, body


def dingtalk_sign(secret: str, wall_ms: int) -> str:
    """The signature, base64, not yet escaped for a query."""
    return _hmac(secret, f"{wall_ms}\n{secret}")


def feishu_sign(secret: str, wall_s: int) -> str:
    """The signature, base64."""
    return _hmac(f"{wall_s}\n{secret}", "")


def _hmac(key: str, text: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), text.encode(), hashlib.sha256)).decode()
