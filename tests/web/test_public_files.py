"""The card and the sheet: drawn from what was signed, for ever the same, in both languages."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests.announced import Doc, document, further, store
from tests.announcing import at
from tests.page import Page
from tests.plant import URL, Clock, Plant, client_of
from tests.qr.printed import page_texts, picture, read_codes

Open = Callable[..., Page]
FILES = [
    (base, end) for base in ("/announcements/", "/en/announcements/") for end in ("png", "pdf")
]


@pytest.fixture(autouse=True)
def half_past_nine(clock: Clock) -> None:
    clock.at("09:30")


@pytest.fixture
def client(app: Flask, plant: Plant) -> FlaskClient:
    return client_of(app, plant, None)


@pytest.fixture
def doc(plant: Plant) -> Doc:
    return store(plant, document())


def text_of(client: FlaskClient, url: str) -> str:
    """The text of a sheet, its lines joined: a PDF breaks them where the paper does."""
    (page,) = page_texts(client.get(url).data)
    return "".join(page.split())


def test_the_card_is_1200_by_630_and_small(client: FlaskClient, doc: Doc) -> None:
    answer = client.get(f"/announcements/{doc['id']}.png")
    assert answer.mimetype == "image/png"
    image = Image.open(io.BytesIO(answer.data))
    assert image.size == (1200, 630)
    assert len(answer.data) <= 100_000


def test_the_page_leads_messengers_to_the_card_of_its_language(page: Open, doc: Doc) -> None:
    for base in ("/", "/en/"):
        html = page(None).get(base)
        card = html.one("meta", property="og:image").attrs["content"]
        assert card == f"{URL}{base}announcements/{doc['id']}.png"
        assert html.one("meta", property="og:image:width").attrs["content"] == "1200"
        assert html.one("meta", property="og:image:alt").attrs["content"]


def test_the_sheet_holds_every_figure_as_text(client: FlaskClient, doc: Doc) -> None:
    text = text_of(client, f"/announcements/{doc['id']}.pdf")
    for words in (
        "濮阳示例化工有限公司",
        "2026年11月24日星期二",
        "罐区和重大危险源处于受控状态",
        "周九",
        "一级动火1",
        "高处作业2，吊装1，临时用电36",
        "按时41人，应到43人，占95%",
        "一般风险",
        "有效到11月25日10:00",
        "示例数据",
    ):
        assert words in text, words


def test_the_code_on_the_sheet_leads_to_the_page(client: FlaskClient, doc: Doc) -> None:
    for base in ("/announcements/", "/en/announcements/"):
        pdf = client.get(f"{base}{doc['id']}.pdf").data
        assert read_codes(picture(pdf, scale=3)) == [f"{URL}{base}{doc['id']}"]


def test_the_sheet_is_one_page_of_a4(client: FlaskClient, doc: Doc) -> None:
    document = pypdfium2.PdfDocument(client.get(f"/announcements/{doc['id']}.pdf").data)
    try:
        assert len(document) == 1
        assert [round(side) for side in document[0].get_size()] == [595, 842]
    finally:
        document.close()


@pytest.mark.parametrize(("base", "end"), FILES)
def test_a_file_may_be_kept_for_ever_and_is_asked_for_by_tag(
    client: FlaskClient, doc: Doc, base: str, end: str
) -> None:
    url = f"{base}{doc['id']}.{end}"
    first = client.get(url)
    assert first.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert first.headers["Last-Modified"] == "Tue, 24 Nov 2026 01:12:00 GMT"
    assert "Set-Cookie" not in first.headers and "Cookie" not in first.headers.get("Vary", "")
    again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head(url)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == first.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(first.data))


@pytest.mark.parametrize(("base", "end"), FILES)
def test_it_is_the_same_after_expiry_and_after_a_correction(
    client: FlaskClient, plant: Plant, clock: Clock, doc: Doc, base: str, end: str
) -> None:
    url = f"{base}{doc['id']}.{end}"
    before = client.get(url).data
    store(plant, further(doc))
    clock.at("11:00", "2026-11-30")
    assert client.get(url).data == before


def test_it_never_claims_to_hold_now_but_says_until_when(
    client: FlaskClient, clock: Clock, doc: Doc
) -> None:
    clock.at("11:00", "2026-11-30")
    text = text_of(client, f"/announcements/{doc['id']}.pdf")
    assert "有效到11月25日10:00" in text
    assert "扫码看：是不是最新的一版，还有没有效。" in text


def test_a_correction_over_gaps_by_a_delegate_says_all_three(
    client: FlaskClient, plant: Plant, doc: Doc
) -> None:
    gap = {"code": "unsigned", "n": 1, "zh": "1 个班组没有签字。", "en": "1 crew not signed."}
    giver = {"name": "郑一", "name_en": "", "title": "董事长", "title_en": ""}
    second = store(
        plant,
        further(
            doc,
            named=[gap],
            override={"reason": "在处置漏点", "gaps": [gap]},
            delegate_of={**giver, "document": "授字 3 号"},
            published_ms=at("10:30"),
        ),
    )
    text = text_of(client, f"/announcements/{second['id']}.pdf")
    for words in (
        "第2版，更正，带着没处理的事签发",
        "1个班组没有签字。",
        "理由：在处置漏点",
        "受郑一（董事长）书面授权签发，授权文件：授字3号",
        "更正：第2版，代替09:12的第1版。",
        "理由：有1张作业票漏报备",
    ):
        assert words in text, words


def test_an_altered_document_gives_a_card_without_figures(
    client: FlaskClient, plant: Plant, doc: Doc
) -> None:
    from tests.announced import falsify

    true = client.get(f"/announcements/{doc['id']}.png").data
    falsify(plant, doc["id"], '"on":41', '"on":43')
    assert client.get(f"/announcements/{doc['id']}.png").data != true
    text = text_of(client, f"/announcements/{doc['id']}.pdf")
    assert "公告与签名不符" in text
    assert "43" not in text.replace(doc["id"].replace("-", ""), "").replace(doc["id"], "")


@pytest.mark.parametrize(("base", "end"), FILES)
def test_an_unknown_id_has_no_file(client: FlaskClient, base: str, end: str) -> None:
    for id in ("no", "00000000-0000-4000-8000-000000000000"):
        assert client.get(f"{base}{id}.{end}").status_code == 404


def test_ten_readers_at_once_get_the_same_file(app: Flask, plant: Plant, doc: Doc) -> None:
    found: list[bytes] = []

    def ask() -> None:
        found.append(client_of(app, plant, None).get(f"/announcements/{doc['id']}.pdf").data)

    readers = [threading.Thread(target=ask) for _ in range(10)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(found) == 10 and len(set(found)) == 1


def test_writes_go_on_while_a_file_is_drawn(app: Flask, plant: Plant, doc: Doc) -> None:
    """Nothing of the drawing happens on the writer: a write in the middle of it is answered."""
    from shiftapp.web import public_files

    with public_files._DRAWING:
        asking = threading.Thread(
            target=lambda: client_of(app, plant, None).get(f"/announcements/{doc['id']}.png")
        )
        asking.start()
        assert plant.store.write(lambda db: db.value("SELECT 1")) == 1
    asking.join()
