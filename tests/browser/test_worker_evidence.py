"""What a step asks for besides an answer, and the signature: scanned, photographed, drawn."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

import qr.code
from shiftapp import library
from shiftapp.ledger import encoding
from shiftapp.model import blobs, credentials, versions
from shiftapp.store import files
from tests.browser import phone_queue as queue
from tests.browser import worker_round as worker
from tests.browser.conftest import Site
from tests.plant import MADE_MS, TANKS

Open = Callable[..., Page]
NORTH_POLE = {0x8825: {1: "N", 2: (89.0, 59.0, 0.0)}}  # EXIF: GPS latitude


def publish(site: Site, *evidence: str) -> None:
    """J02 with steps that ask for these, the first of each its main evidence, at once answered."""
    doc = library.with_examples(library.job("J02")["checklist"])
    plain = next(step for step in doc["steps"] if step["ev"] == "C")
    doc["steps"] = [
        {**plain, "n": n, "ev": main, "also": also, "second": "D" in main + "".join(also)}
        | {"dwell_ms": 100, "veto": False}
        for n, (main, *also) in enumerate(evidence, 1)
    ]
    reading = {"reading": {"label": "压力", "unit": "MPa"}, "lo": "0.3", "hi": "0.8"}
    doc["steps"] = [step | (reading if step["ev"] == "R" else {}) for step in doc["steps"]]
    with site.store.tx() as db:
        versions.publish_checklist(db, "J02", doc, MADE_MS, "library")


def begin(page: Page, site: Site, steps: int) -> None:
    """Commit, and stand before the first step."""
    worker.open_station(page, site)
    worker.start(page, f"开始：承诺 + {steps} 步")
    worker.answer_all(page)
    worker.hold(page)
    worker.at_step(page, 1, steps)


def photograph(page: Page, picture: bytes) -> None:
    """Give the step what the phone's camera app gives."""
    page.locator(".w-photo input").set_input_files(
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": picture}
    )


def jpeg(size: tuple[int, int] = (3000, 2000), exif: dict[int, Any] | None = None) -> bytes:
    """A picture as a phone takes it, noisy enough to be some 100 KB when it is small."""
    noise = Image.effect_noise(size, 60).convert("RGB")
    found, tags = io.BytesIO(), Image.Exif()
    for tag, value in (exif or {}).items():
        tags[tag] = value
    noise.save(found, "JPEG", quality=85, exif=tags)
    return found.getvalue()


def body(site: Site, kind: str = "run") -> dict[str, Any]:
    """The last body of a kind that was received."""
    row = site.store.row("SELECT body FROM record WHERE kind = :k ORDER BY seq DESC", k=kind)
    assert row is not None
    return dict(json.loads(bytes(row["body"])))


def arrived(page: Page, site: Site) -> None:
    """All of it is at the company, also the pictures."""
    expect(page.locator(".w-line")).to_contain_text("公司已收到")
    expect(page.locator(".sync[data-sync=small].sync-sent")).to_be_visible()


def content(site: Site, sha: str) -> bytes:
    return files.path_of(
        site.app.extensions["shiftapp"].config.blobs, encoding.b64u_decode(sha, 32)
    ).read_bytes()


def test_a_tag_is_scanned_and_named_in_the_record(
    site: Site, seeing: Callable[[str], Open]
) -> None:
    mac = qr.code.mac(site.plant.keys.station_secret, TANKS)
    page = seeing(qr.code.station_url(site.url, TANKS, mac))("worker")
    publish(site, "S")
    begin(page, site, 1)
    expect(page.locator(".pair-ok")).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="扫挂牌的码").click()
    expect(page.locator(".w-proof")).to_contain_text("碳四罐区")
    assert page.locator("video").count() == 0
    page.wait_for_timeout(worker.GUARD_MS)
    worker.normal(page)
    arrived(page, site)
    (step,) = body(site)["steps"]
    assert (step["e"], step["scan"]) == ("S", {"code": TANKS, "mac": mac})


def test_a_photo_is_made_small_stripped_and_arrives_after_the_record(
    site: Site, phone: Open
) -> None:
    page = phone("worker")
    publish(site, "P")
    begin(page, site, 1)
    taken = jpeg(exif=NORTH_POLE)
    assert len(taken) > 600 * 1024
    photograph(page, taken)
    expect(page.locator(".w-proof")).to_contain_text("照片拍好了")
    worker.normal(page)
    arrived(page, site)
    sealed = body(site)
    (step,) = sealed["steps"]
    assert step["e"] == "P" and sealed["blobs"] == [step["blob"]]
    kept = content(site, step["blob"])
    assert len(kept) <= 500 * 1024 and b"Exif" not in kept
    picture = Image.open(io.BytesIO(kept))
    assert max(picture.size) <= 1280 and picture.size[0] * 2 == pytest.approx(
        picture.size[1] * 3, abs=4
    )
    assert blobs.missing(site.store, sealed["id"]) == []


def test_without_a_signal_the_photo_waits_on_the_phone_and_comes_later(
    site: Site, phone: Open
) -> None:
    page = phone("worker")
    publish(site, "P")
    page.goto("/W/")
    worker.until(page, worker.HAS_REST)
    begin(page, site, 1)
    worker.go_offline(page)
    photograph(page, jpeg((800, 600)))
    expect(page.locator(".w-proof")).to_contain_text("照片拍好了")
    worker.normal(page)
    expect(page.locator(".w-line")).to_contain_text("已存在本机")
    page.reload()
    worker.go_offline(page, False)
    worker.until(page, "async () => (await indexedDB.databases()).length > 0")
    worker.until(page, queue.NO_FILES_LEFT)
    (step,) = body(site)["steps"]
    assert content(site, step["blob"]).startswith(b"\xff\xd8")


@pytest.mark.parametrize(("typed", "flags"), [("135792", set()), ("135793", {"who_unverified"})])
def test_a_second_person_says_so_with_a_pin_that_the_server_opens(
    site: Site, phone: Open, typed: str, flags: set[str]
) -> None:
    with site.store.tx() as db:
        hashed = credentials.hash_secret("135792", site.plant.keys.pin_pepper)
        credentials.set_pin(db, site.plant.id("chen"), hashed)
    page = phone("worker")
    publish(site, "D")
    begin(page, site, 1)
    page.get_by_role("button", name="请第二人确认").click()
    for key in [*"1001", "好", *"135792"]:
        page.locator(".key", has_text=key).first.click()
    expect(page.locator("#pin-help")).to_have_text("第二人要是另一个人。")
    page.locator("#no").fill("1003")
    page.locator("#pin").focus()
    for key in typed:
        page.locator(".key", has_text=key).first.click()
    expect(page.locator(".w-proof")).to_contain_text("1003")
    page.wait_for_timeout(worker.GUARD_MS)
    worker.normal(page)
    arrived(page, site)
    (step,) = body(site)["steps"]
    assert step["e"] == "D" and step["second"]["no"] == "1003"
    assert step["second"]["ev"]["k"] == "pin" and typed not in json.dumps(step)
    told = site.store.value("SELECT flags FROM record WHERE kind = 'run'")
    assert set(json.loads(told)) == flags


def test_whoever_cannot_prove_it_goes_on_and_the_record_says_choice(
    site: Site, phone: Open
) -> None:
    page = phone("worker")
    publish(site, "S", "P", "C")
    begin(page, site, 3)
    for number in (1, 2):
        worker.at_step(page, number, 3)
        page.get_by_text(worker.WITHOUT).click()
        worker.ok(page).click()
    worker.at_step(page, 3, 3)
    expect(page.locator(".w-proofs")).to_be_empty()
    worker.ok(page).click()
    arrived(page, site)
    assert [step["e"] for step in body(site)["steps"]] == ["C", "C", "C"]


def test_what_a_step_asks_for_besides_is_offered_and_not_needed(site: Site, phone: Open) -> None:
    page = phone("worker")
    publish(site, "CP", "C")
    begin(page, site, 2)
    expect(page.get_by_role("button", name="拍照")).to_be_visible()
    expect(page.locator(".pair-ok")).not_to_have_attribute("aria-disabled", "true")
    photograph(page, jpeg((640, 480)))
    expect(page.locator(".w-photo img")).to_be_visible()
    worker.ok(page).click()
    worker.at_step(page, 2, 2)
    worker.ok(page).click()
    arrived(page, site)
    first, second = body(site)["steps"]
    assert first["e"] == "P" and "blob" in first
    assert second["e"] == "C" and "blob" not in second


def test_a_photo_goes_with_what_is_wrong(site: Site, phone: Open) -> None:
    page = phone("worker")
    publish(site, "C")
    begin(page, site, 1)
    page.locator(".pair-abn").click()
    expect(page.locator("h1")).to_have_text("哪里不对？")
    page.wait_for_timeout(worker.GUARD_MS)
    photograph(page, jpeg((640, 480)))
    expect(page.locator(".w-photo img")).to_be_visible()
    page.locator(".w-tray .btn-act").click()
    arrived(page, site)
    (step,) = body(site)["steps"]
    assert step["r"] == "bad" and body(site)["blobs"] == [step["blob"]]


def test_a_photo_goes_with_a_report(site: Site, phone: Open) -> None:
    page = phone("worker")
    worker.open_station(page, site)
    page.locator(".w-report").click()
    page.locator("#what").fill("P-202B 机封滴油")
    photograph(page, jpeg((640, 480)))
    expect(page.locator(".w-photo img")).to_be_visible()
    page.wait_for_timeout(worker.GUARD_MS)
    page.locator(".w-tray .btn-act").click()
    arrived(page, site)
    (sha,) = body(site, "hazard")["blobs"]
    assert content(site, sha).startswith(b"\xff\xd8")


def test_a_photo_taken_away_is_in_no_record(site: Site, phone: Open) -> None:
    page = phone("worker")
    publish(site, "CP")
    begin(page, site, 1)
    photograph(page, jpeg((640, 480)))
    page.get_by_role("button", name="不要这张照片").click()
    worker.ok(page).click()
    arrived(page, site)
    assert body(site)["blobs"] == [] and "blob" not in body(site)["steps"][0]


def test_a_file_that_is_no_picture_says_so(site: Site, phone: Open) -> None:
    page = phone("worker")
    publish(site, "P")
    begin(page, site, 1)
    photograph(page, b"not a picture")
    expect(page.locator(".w-photo")).to_contain_text("这张照片打不开，再拍一张。")


def test_a_phone_that_is_full_says_so_and_the_step_goes_on(site: Site, phone: Open) -> None:
    page = phone("worker")
    page.expected.append("full")  # type: ignore[attr-defined]
    publish(site, "P")
    begin(page, site, 1)
    page.evaluate(REFUSE_FILES)
    photograph(page, jpeg((640, 480)))
    expect(page.locator(".w-photo")).to_contain_text("手机里存不下照片了，先连网传完。")
    worker.normal(page)
    arrived(page, site)
    assert body(site)["steps"][0]["e"] == "C"


# What a full phone says to a photo, and to nothing smaller.
REFUSE_FILES = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, key) {
    if (this.name === 'blobs') throw new DOMException('full', 'QuotaExceededError');
    return put.call(this, value, key);
  };
}"""


def test_a_signature_is_kept_as_a_path_and_goes_with_the_commitment(
    site: Site, phone: Open
) -> None:
    page = phone("worker")
    publish(site, "C")
    worker.open_station(page, site)
    worker.start(page, "开始：承诺 + 1 步")
    worker.answer_all(page)
    sign(page)
    expect(page.locator(".w-tray")).to_contain_text("名也签了")
    worker.hold(page)
    worker.at_step(page, 1, 1)
    worker.ok(page).click()
    arrived(page, site)
    promise = body(site, "commit")
    (sha,) = promise["blobs"]
    assert promise["sign"] == {"how": "hold", "blob": sha}
    drawn = json.loads(content(site, sha))
    assert drawn["strokes"] == 2 and drawn["path"].count("M") == 2 and len(drawn["path"]) < 2000
    assert drawn["w"] > 300 and drawn["h"] > 100


def test_a_slip_is_no_signature_and_can_be_cleared(site: Site, phone: Open) -> None:
    page = phone("worker")
    worker.open_station(page, site)
    worker.start(page)
    worker.answer_all(page)
    pad = page.locator(".w-sign")
    pad.click(position={"x": 50, "y": 50})
    expect(page.locator(".w-tray")).not_to_contain_text("名也签了")
    sign(page)
    expect(page.locator(".w-tray")).to_contain_text("名也签了")
    page.get_by_role("button", name="重签").click()
    expect(page.locator(".w-tray")).not_to_contain_text("名也签了")
    assert page.locator(".w-sign path").get_attribute("d") == ""


def sign(page: Page) -> None:
    """Two strokes of a name."""
    pad = page.locator(".w-sign")
    pad.evaluate("(pad) => pad.scrollIntoView({ block: 'center' })")
    box = pad.bounding_box()
    assert box is not None
    for down in (30, 70):
        page.mouse.move(box["x"] + 40, box["y"] + down)
        page.mouse.down()
        for step in range(1, 30):
            page.mouse.move(box["x"] + 40 + 6 * step, box["y"] + down + (step % 7) * 4)
        page.mouse.up()
