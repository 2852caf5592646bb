"""Station codes, their MAC and QR symbols; random bytes and keys come as arguments.

Formats: formats.md §7 (receipt code) and §8 (station code). The alphabet is Crockford's base32, the
check symbol is Luhn mod N; it sees every single wrong symbol, and every swap of two neighbours but
0Z and Z0. The QR symbols come from the library `qrcode`; this module only turns them into pictures.
"""

import hashlib
import hmac
import io
import re
from urllib.parse import urlsplit

import qrcode
import qrcode.constants
from PIL import Image
from qrcode.exceptions import DataOverflowError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
MAC_LENGTH = 16
BADGE_LENGTH = 16
QUIET_MODULES = 4  # ISO/IEC 18004, each side
MAX_VERSION = 6  # 41 modules: 2 mm each on a poster, 0.7 mm on a label
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_MAC_TAG = b"shiftapp/station/v1\n"
# What a Chinese keyboard types for the same keys: full-width signs, long dashes.
_FOLD = {0x3000: " ", 0x2010: "-", 0x2011: "-", 0x2013: "-", 0x2014: "-", 0x2212: "-"}
_FOLD |= {point: chr(point - 0xFEE0) for point in range(0xFF01, 0xFF5F)}
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?")

Matrix = tuple[tuple[bool, ...], ...]


class CodeError(ValueError):
    """A typed station code that cannot be right; `reason` is `alphabet`, `length` or `check`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AddressError(ValueError):
    """A text or public address that no poster can carry; `reason` is `address` or `too_long`."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


def make_code(random: bytes) -> str:
    """A station code of eight symbols from seven random bytes (five bits of each are used)."""
    if len(random) != CODE_LENGTH - 1:
        raise ValueError("seven random bytes make a code")
    symbols = "".join(ALPHABET[byte & 31] for byte in random)
    return symbols + _check_symbol(symbols)


def parse_code(typed: str) -> str:
    """The eight symbols meant by what somebody typed.

    :raises CodeError: a sign outside the alphabet, another length, or a wrong check symbol.
    """
    code = _symbols(typed, CODE_LENGTH)
    if _check_symbol(code[:-1]) != code[-1]:
        raise CodeError("check")
    return code


def make_badge(random: bytes) -> str:
    """The secret that a personal badge says, sixteen symbols from ten random bytes."""
    if len(random) != BADGE_LENGTH * 5 // 8:
        raise ValueError("ten random bytes make a badge")
    return encode(random)


def parse_badge(typed: str) -> str:
    """The sixteen symbols of a badge meant by what was scanned or typed.

    :raises CodeError: a sign outside the alphabet, or another length.
    """
    return _symbols(typed, BADGE_LENGTH)


def format_code(code: str) -> str:
    """Eight symbols as people read them: XXXX-XXXX."""
    if len(code) != CODE_LENGTH:
        raise ValueError("a code has eight symbols")
    return f"{code[:4]}-{code[4:]}"


def encode(data: bytes) -> str:
    """Crockford base32 of bytes, most significant bit first, zero bits added at the end."""
    length = -(-len(data) * 8 // 5)
    number = int.from_bytes(data, "big") << (length * 5 - len(data) * 8)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * length - 5, -1, -5))


def receipt_code(digest: bytes) -> str:
    """The receipt code of a leaf hash (or of `c`): its first 40 bits, XXXX-XXXX."""
    if len(digest) < 5:
        raise ValueError("a receipt code needs five bytes")
    return format_code(encode(digest[:5]))


def mac(secret: bytes, code: str) -> str:
    """The 16 symbols that stand in the QR code only; `code` without hyphen."""
    digest = hmac.new(secret, _MAC_TAG + code.encode("ascii"), hashlib.sha256).digest()
    return encode(digest[:10])


def check_mac(secret: bytes, code: str, claimed: str) -> bool:
    """Whether `claimed` is the MAC of this code; the time taken does not depend on its symbols."""
    return hmac.compare_digest(mac(secret, code).encode(), claimed.encode("utf-8", "replace"))


def station_url(base_url: str, code: str, mac: str) -> str:
    """What a station's QR says: `HTTPS://HOST/W/CODE/MAC`, all upper case.

    :raises AddressError: `base_url` is more than scheme, host and port, or not plain ASCII.
    """
    parts = urlsplit(base_url)
    plain = parts.path in ("", "/") and not parts.query and not parts.fragment
    if parts.scheme not in ("http", "https") or not plain or not _HOST.fullmatch(parts.netloc):
        raise AddressError("address", "The address is http:// or https://, a host name, a port")
    return f"{parts.scheme}://{parts.netloc}/W/{code}/{mac}".upper()


def badge_url(base_url: str, secret: str) -> str:
    """What a badge's QR says: `HTTPS://HOST/W/ME/SECRET`, all upper case.

    :raises AddressError: as `station_url`.
    """
    return station_url(base_url, "ME", secret)


def qr_matrix(text: str, *, level: str = "Q") -> Matrix:
    """Rows of modules, true is dark, without quiet zone; `level` is L, M, Q or H.

    A station URL is at version 4 (33 modules) with a host of up to 31 signs, port included; 5 with
    51; 6 with 72.

    :raises AddressError: the text needs more than version 6.
    """
    symbol = qrcode.QRCode(border=0, error_correction=_LEVELS[level])
    symbol.add_data(text)
    try:
        version = symbol.best_fit()
    except (DataOverflowError, ValueError):  # qrcode 8.2 looks for version 41, and refuses it
        version = MAX_VERSION + 1
    if version > MAX_VERSION:
        raise AddressError("too_long", f"Too long for a code that scans well: {len(text)} signs")
    symbol.make(fit=False)
    return tuple(tuple(bool(module) for module in row) for row in symbol.modules)


def qr_runs(matrix: Matrix) -> list[tuple[int, int, int]]:
    """The dark modules as horizontal runs (x, y, length)."""
    return [
        (match.start(), y, match.end() - match.start())
        for y, row in enumerate(matrix)
        for match in re.finditer("#+", "".join("#" if dark else " " for dark in row))
    ]


def qr_svg(text: str, *, level: str = "Q") -> str:
    """The code as a complete SVG with its quiet zone; one module is one unit."""
    matrix = qr_matrix(text, level=level)
    side, q = len(matrix) + 2 * QUIET_MODULES, QUIET_MODULES
    path = "".join(f"M{x + q} {y + q}h{n}v1h-{n}z" for x, y, n in qr_runs(matrix))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img">'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/>'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def qr_png(text: str, *, module_px: int = 8, level: str = "Q") -> bytes:
    """The code as a black and white PNG with its quiet zone."""
    matrix = qr_matrix(text, level=level)
    side = len(matrix) + 2 * QUIET_MODULES
    image = Image.new("1", (side, side), 1)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            image.putpixel((x + QUIET_MODULES, y + QUIET_MODULES), not dark)
    image = image.resize((side * module_px, side * module_px), Image.Resampling.NEAREST)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def qr_terminal(text: str, *, ansi: bool = False, level: str = "L") -> str:
    """The code in half blocks, two modules a line, quiet zone included.

    Plain, it is right on a dark terminal; with `ansi` it sets black and white itself.
    """
    matrix, q = qr_matrix(text, level=level), QUIET_MODULES
    side = len(matrix) + 2 * q
    light = [[True] * side for _ in range(side + side % 2)]
    for y, row in enumerate(matrix):
        light[y + q][q:-q] = [not dark for dark in row]
    blocks = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
    lines = [
        "".join(blocks[pair] for pair in zip(light[y], light[y + 1], strict=True))
        for y in range(0, len(light), 2)
    ]
    if ansi:
        lines = [f"\x1b[97;40m{line}\x1b[0m" for line in lines]
    return "\n".join(lines) + "\n"


_LEVELS = {
    "L": qrcode.constants.ERROR_CORRECT_L,
    "M": qrcode.constants.ERROR_CORRECT_M,
    "Q": qrcode.constants.ERROR_CORRECT_Q,
    "H": qrcode.constants.ERROR_CORRECT_H,
}


def _symbols(typed: str, length: int) -> str:
    """So many symbols of the alphabet, meant by what somebody typed.

    :raises CodeError: a sign outside the alphabet, or another length.
    """
    text = typed.translate(_FOLD)
    if not text.isascii():
        raise CodeError("alphabet")
    code = "".join(text.split()).replace("-", "").upper().translate(str.maketrans("OIL", "011"))
    if any(symbol not in _VALUE for symbol in code):
        raise CodeError("alphabet")
    if len(code) != length:
        raise CodeError("length")
    return code


def _check_symbol(symbols: str) -> str:
    """Luhn mod 32: factor 2 on the rightmost symbol."""
    total = 0
    for place, symbol in enumerate(reversed(symbols)):
        addend = _VALUE[symbol] * (2 if place % 2 == 0 else 1)
        total += addend // 32 + addend % 32
    return ALPHABET[-total % 32]
