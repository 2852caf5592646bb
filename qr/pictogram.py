"""Signs drawn by hand: risk levels, protective equipment, the three steps, the telephone.

Shapes and colours after ui/icons.svg and ui/poster.html. Each sign is told by shape, letter or
picture as well as colour, and prints beside its word. Blue disc: mandatory (GB 2893, ISO 7010).
"""

from qr.shapes import (
    INK,
    MUST,
    ORANGE,
    STOP,
    WARN,
    WHITE,
    Ends,
    Pen,
    Surface,
    path,
)

_DISC = "M30 0a30 30 0 1 1 0 60a30 30 0 1 1 0-60z"
_TEL = (
    "M5 3.5h4l1.8 4.8-2.4 1.7a12.5 12.5 0 0 0 5.6 5.6l1.7-2.4 4.8 1.8v4a1.8 1.8 0 0 1-2 1.8"
    "C10.7 20.2 3.8 13.3 3.2 5.5A1.8 1.8 0 0 1 5 3.5z"
)

# level: (shape, fill, edge, letter, letter's colour, letter's width, ends), on a 40 grid
_RISK: dict[str, tuple[str, str, str, str, str, float, Ends]] = {
    "A": (
        "M12.6 2.5h14.8l10.1 10.1v14.8L27.4 37.5H12.6L2.5 27.4V12.6z",
        STOP, STOP, "m14.4 28 5.6-16 5.6 16M16.3 23h7.4", WHITE, 3.2, "butt",
    ),
    "B": (
        "M20 1.5 38.5 20 20 38.5 1.5 20z",
        ORANGE, INK,
        "M16 12.4v15.2M16 12.4h4.2a3.5 3.5 0 0 1 0 7H16M16 19.4h4.8a4.1 4.1 0 0 1 0 8.2H16",
        INK, 3.0, "square",
    ),
    "C": (
        "M20 3 38.5 36H1.5z",
        WARN, INK, "M24.6 20.2a6 6 0 1 0 0 8.6", INK, 3.0, "butt",
    ),
    "D": (
        "M20 2a18 18 0 1 1 0 36a18 18 0 1 1 0-36z",
        MUST, MUST, "M15.4 12.4v15.2h3.4a7.6 7.6 0 0 0 0-15.2z", WHITE, 3.2, "square",
    ),
}  # fmt: skip

# id of an option of the commitment text: (white parts, blue parts on them), on a 60 grid
_EQUIPMENT: dict[str, tuple[str, str]] = {
    "helmet": ("M13 38h34v4H13zM16 36c0-10 5-17 14-17s14 7 14 17zM27 15h6v12h-6z", ""),
    "goggles": (
        "M11 24h38v6l-3 11H34l-4-7-4 7H14l-3-11z",
        "M17 29h9v5h-9zM34 29h9v5h-9z",
    ),
    "suit": (
        "M24 13h12l10 5 4 18-6 2-3-9v20H19V29l-3 9-6-2 4-18z",
        "m33 22-8 12h5l-3 9 9-12h-5l3-9z",
    ),
    "detector": ("M20 15h20v33H20zM26 10h8v5h-8z", "M24 20h12v9H24zM24 35h5v4h-5zM32 35h4v4h-4z"),
    "shoes": (
        "M14 14h13v16c4 3 9 5 15 6c4 1 6 3 6 7H14zM14 45h34v4H14z",
        "M30 31l3-4 2 1.5-3 4zM35 33.5l2.6-4 2.2 1.2-2.6 4z",
    ),
    "gloves": (
        "M19 49V33l-6-9c-1.6-2.6 2-5 4-2.6l4 4.6V15c0-3.4 4.6-3.4 4.6 0v9h1V12"
        "c0-3.4 4.8-3.4 4.8 0v12h1V14c0-3.4 4.6-3.4 4.6 0v11h1v-6"
        "c0-3.2 4.4-3.2 4.4 0v19c0 5-2 7-2 11z",
        "M19 43h21.4v2H19z",
    ),
    "mask": (
        "M30 10c9 0 15 6 15 15c0 6-2 9-4 12H19c-2-3-4-6-4-12c0-9 6-15 15-15z"
        "M17 38h10v4c0 4-10 4-10 0zM33 38h10v4c0 4-10 4-10 0zM26 40h8v8h-8z",
        "M20 20h20v8l-6 3h-8l-6-3z",
    ),
    "ears": (
        "M30 10c11 0 18 8 18 18h-4c0-8-6-14-14-14s-14 6-14 14h-4c0-10 7-18 18-18z"
        "M10 27h9v18h-3c-4 0-6-2-6-5zM41 27h9v13c0 3-2 5-6 5h-3z"
        "M30 19c6 0 9 4 9 10v6c0 6-4 11-9 11s-9-5-9-11v-6c0-6 3-10 9-10z",
        "",
    ),
    "harness": (
        "M30 8c4 0 7 3 7 7s-3 7-7 7s-7-3-7-7s3-7 7-7zM20 23h20c4 0 6 2 6 6v14h-6v9H20v-9h-6V29"
        "c0-4 2-6 6-6z",
        "M21 23h4l5 7 5-7h4l-7 10 7 9v10h-3V43l-6-7-6 7v9h-3V42l7-9zM20 40h20v3H20z",
    ),
    "vest": (
        "M20 11h7c0 4 6 4 6 0h7c0 8 2 11 6 14v25H14V25c4-3 6-6 6-14z",
        "M29 18h2v32h-2zM14 34h32v4H14zM14 42h32v4H14zM21 14h4l-2 20h-4zM35 14h4l2 20h-4z",
    ),
    "face_shield": (
        "M15 21c1-8 7-12 15-12s14 4 15 12zM16 23h28v14c0 8-6 13-14 13s-14-5-14-13z",
        "M20 26h20v10c0 6-4 10-10 10s-10-4-10-10z",
    ),
    "lamp": (
        "M11 41h36v4H11zM14 39c0-11 6-17 15-17s15 6 15 17zM39 20h9v11h-9z"
        "M50 20l6-4v3l-6 4zM50 24.5h7v2.5h-7zM50 29l6 4v-3l-6-4z",
        "M37.4 20h1.8v11h-1.8z",
    ),
}  # fmt: skip
_GENERAL = ("M26 10h8l-1.6 25h-4.8zM26 41h8v8h-8z", "")  # ISO 7010 M001

_STEPS = (
    (
        ("M12 10h30a7 7 0 0 1 7 7v64a7 7 0 0 1-7 7H12a7 7 0 0 1-7-7V17a7 7 0 0 1 7-7z", 5),
        ("M22 78h10M13 42h28", 5),
        ("M15 32v-9h8M39 32v-9h-8M15 52v9h8M39 52v9h-8M58 34l8-5M58 50l8 5", 4),
        ("M76 22h14v14H76zM100 22h14v14h-14zM76 48h14v14H76z", 4.5),
        ("M100 48h5M114 48v5M100 62v-4M110 62h4", 5),
    ),
    (
        ("M24 8a12 12 0 1 1 0 24a12 12 0 1 1 0-24z", 5),
        ("M8 92V52c0-10 6-16 16-16s16 4 18 6h28l10-2M40 56v36", 5),
        ("M98 23a17 17 0 1 1 0 34a17 17 0 1 1 0-34zm0 17 7-8M98 57v14M86 71h24", 5),
    ),
    (
        (
            "M16 90V74C8 66 6 56 6 48 6 28 20 14 38 14s28 12 28 28l8 14-8 4v4l-10-2 8 6v6"
            "c0 6-4 8-10 8h-8v8",
            5,
        ),
        ("M84 52c4 6 4 14 0 20M94 44c8 11 8 25 0 36M105 37c11 15 11 35 0 50", 5),
    ),
)


def draw_risk(surface: Surface, level: str, x: float, y: float, side: float) -> None:
    """The sign of a risk level A-D: octagon, diamond, triangle or disc with its letter."""
    shape, fill, edge, letter, ink, width, ends = _RISK[level]
    scale = side / 40
    surface.fill(path(shape, x, y, scale), fill)
    surface.stroke(path(shape, x, y, scale), Pen(edge, 2 * scale))
    surface.stroke(path(letter, x, y, scale), Pen(ink, width * scale, ends))


def draw_equipment(surface: Surface, kind: str, x: float, y: float, side: float) -> None:
    """The mandatory sign of a piece of equipment; the general one for a kind not known here."""
    white, blue = _EQUIPMENT.get(kind, _GENERAL)
    scale = side / 60
    surface.fill(path(_DISC, x, y, scale), MUST)
    surface.fill(path(white, x, y, scale), WHITE)
    if blue:
        surface.fill(path(blue, x, y, scale), MUST)


def draw_no_phone(surface: Surface, x: float, y: float, side: float) -> None:
    """The sign that forbids ordinary telephones."""
    scale = side / 60
    ring = path("M30 3a27 27 0 1 1 0 54a27 27 0 1 1 0-54z", x, y, scale)
    phone = "M24 14h12a2 2 0 0 1 2 2v28a2 2 0 0 1-2 2H24a2 2 0 0 1-2-2V16a2 2 0 0 1 2-2z"
    surface.fill(ring, WHITE)
    surface.stroke(path(phone, x, y, scale), Pen(INK, 3.6 * scale))
    surface.stroke(path("m11 11 38 38", x, y, scale), Pen(STOP, 6 * scale, "butt"))
    surface.stroke(ring, Pen(STOP, 6 * scale))


def draw_step(surface: Surface, number: int, x: float, y: float, width: float) -> None:
    """One of the three steps, 1-3: scan, point, call; as high as 0.8 of its width."""
    scale = width / 120
    for d, pen_width in _STEPS[number - 1]:
        surface.stroke(path(d, x, y, scale), Pen(INK, pen_width * scale))


def draw_telephone(surface: Surface, x: float, y: float, side: float) -> None:
    """A receiver in the colour of the emergency box."""
    scale = side / 24
    surface.stroke(path(_TEL, x, y, scale), Pen(STOP, 2 * scale))


def known_equipment() -> tuple[str, ...]:
    """The kinds that have a drawing of their own."""
    return tuple(_EQUIPMENT)
