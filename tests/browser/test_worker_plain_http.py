"""The whole job over plain http under a host name: no secure context.

There is no `crypto.subtle`, no `crypto.randomUUID`, no lock, no clipboard and no `__Host-` cookie
there, and the browser sends no `Sec-Fetch-Site`. Records are sealed and received all the same;
they only carry no signature.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import worker_round as worker
from tests.browser.conftest import Site


def test_a_worker_does_the_job_where_secure_apis_are_missing(
    plain_site: Site, phone: Callable[..., Page]
) -> None:
    worker.quicken(plain_site)
    page = phone(None, base=plain_site)
    page.expected.append("401")  # type: ignore[attr-defined]
    page.goto(f"/enrol/{plain_site.enrol_code('worker')}")
    missing = "[isSecureContext, crypto.subtle, crypto.randomUUID, navigator.locks].map(Boolean)"
    assert page.evaluate(missing) == [False] * 4
    page.locator(".btn-act").click()
    page.wait_for_url("**/W/")
    assert {one["name"] for one in page.context.cookies()} == {"dev", "sid", "lang"}

    worker.open_station(page, plain_site)
    worker.start(page)
    worker.commit(page)
    worker.walk(page)
    expect(page.locator(".w-line")).to_contain_text("公司已收到")

    rows = plain_site.store.rows("SELECT body, sig, flags, unverified FROM record ORDER BY seq")
    assert [json.loads(bytes(row["body"]))["kind"] for row in rows] == ["commit", "run"]
    assert [(row["sig"], row["flags"], row["unverified"]) for row in rows] == [(None, "[]", 0)] * 2

    page.get_by_text("复制").click()  # no clipboard: the code is selected instead
    expect(page.locator(".w-copy")).to_have_text("已选中，长按复制")
    assert page.evaluate("getSelection().toString()") == page.locator(".w-code b").inner_text()


def test_a_browser_that_stores_nothing_still_delivers(
    plain_site: Site, phone: Callable[..., Page]
) -> None:
    worker.quicken(plain_site)
    page = phone("worker", base=plain_site)
    page.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    worker.open_station(page, plain_site)
    worker.start(page)
    worker.commit(page)
    worker.type_reading(page, "9")
    worker.abnormal(page)
    expect(page.locator(".w-line")).to_contain_text("公司已收到")
    assert plain_site.store.value("SELECT COUNT(*) FROM record") == 2
