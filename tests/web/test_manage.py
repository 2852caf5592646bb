"""The manager's first page: what is there, what is missing, the next step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

from shiftapp.model import people, places, settings
from shiftapp.model.people import Person, Role
from shiftapp.store import Store
from tests.managing import scoped
from tests.page import Html, Page
from tests.plant import MADE_MS, URL, Clock, Plant, client_of, fixed_bytes, make_app, make_keys

PageOf = Callable[..., Page]


def steps(html: Html) -> dict[str, str]:
    """What stands at every step: its title → its state and sentence."""
    items = [li for li in html.all("li") if li.children and li.children[0].tag == "svg"]
    found = {}
    for li in items:
        mark, words = li.children[0], li.children[1]
        title = words.children[0].text
        found[title] = f"{mark.attrs['aria-label']}：{''.join(words.texts).strip()}"
    return found


def empty(store: Store, folder: Path, **facts: object) -> Page:
    """The browser of the administrator of an install in which nothing is."""
    plant = Plant(store, make_keys(folder / "keys"), fixed_bytes("empty"))
    plant.ids["admin"] = "a" * 36
    admin = Person("a" * 36, "admin", "管理员", roles=(Role("admin"),))
    with store.tx() as db:
        settings.put(db, **{"url": URL, "origin": "aq.example.cn/log", **facts})
        people.save_person(db, admin, MADE_MS)
    return Page(client_of(make_app(plant, folder, Clock()), plant, "admin"))


def test_after_init_it_says_what_to_do_first(store: Store, tmp_path: Path) -> None:
    browser = empty(store, tmp_path)
    html = browser.get("/manage")
    assert html.one("h2", id="steps").text == "下一步：企业名称和公告时间"
    assert {said.partition("：")[0] for said in steps(html).values()} >= {"还没做"}
    assert "一个工位也没有" in steps(html)["区域和工位"]
    assert [a.attrs["href"] for a in html.all("a", class_="btn-must")] == ["/manage/settings"]
    for name in ("areas", "stations", "jobs", "crews", "patterns", "devices", "audit", "settings"):
        assert browser.get(f"/manage/{name}").one("h1").text


def test_every_empty_list_says_the_next_step(store: Store, tmp_path: Path) -> None:
    browser = empty(store, tmp_path, name="示例")
    for path, words in (
        ("areas", "先加厂区"),
        ("stations", "导入工作簿"),
        ("jobs", "从库里拿一个"),
        ("crews", "先加厂区"),
        ("patterns", "从库里拿一种"),
        ("devices", "登记卡"),
        ("people?lack=post", "换个姓名"),
        ("audit", "都会列在这里"),
    ):
        html = browser.get(f"/manage/{path}")
        assert any(words in one.text for one in html.all("div", class_="empty")), path
    html = browser.get("/manage")
    assert html.one("h2", id="steps").text == "下一步：区域和工位"
    assert [a.attrs["href"] for a in html.all("a", class_="btn-must")] == ["/manage/exchange"]


def test_a_plant_from_nothing_by_hand(store: Store, tmp_path: Path) -> None:
    """Set up by the forms alone, in the order of the page: then nothing is left to do."""
    browser = empty(store, tmp_path, name="示例")

    def add(noun: str, **typed: object) -> Html:
        url = f"/manage/new/{noun}"
        fields = browser.get(url).form(url)
        return browser.post(url, {**fields, **{k.replace("__", "."): v for k, v in typed.items()}})

    add("site", code="YC", name="一厂", phone="0393-000 0119")
    add("area", code="A1", name="生产一部", risk="A")
    browser.post("/manage/new/job/library", {"code": "J02"})
    add("station", label="P-201", name="泵区", area="A1", jobs="J02")
    browser.post("/manage/new/pattern/library", {"code": "4C2S-4"})
    add("group", code="G1", name="甲班")
    add("crew", code="JIA", name="甲班", group="G1", area="A1", pattern="4C2S-4")
    code = store.value("SELECT code FROM station")
    add("person", no="1", name="王五", crew="JIA", post__0=f"{code} J02", role__0="leader",
        scope__0="crew:JIA")  # fmt: skip
    add("person", no="2", name="周九", role__0="signatory", scope__0="all")
    left = steps(browser.get("/manage"))
    assert left["班前承诺"].startswith("还没做") and left["手机登记"] == (
        "要看一眼：1 人还没登记。印登记卡，一人一张。"
    )
    # Today's window opened before there were people: the leader adds them on the board.
    assert left["排班名单"] == "要看一眼：甲班 2026-11-24 的班一个人也没有"
    done = {title for title, said in left.items() if said.startswith("好了")}
    assert done == left.keys() - {"班前承诺", "手机登记", "排班名单"}
    assert store.value("SELECT COUNT(*) FROM roster") > 0


def test_a_plant_at_work(page: PageOf, plant: Plant) -> None:
    html = page("manager").get("/manage")
    said = steps(html)
    assert said["岗位和手指口述卡"] == "好了：3 个岗位，都有卡"
    assert said["班制和班组"] == "还没做：没有班长：丙班"
    assert said["公开地址"] == f"好了：{URL}"
    assert html.one("h2", id="steps").text == "下一步：班制和班组"
    counts = [a.text for a in html.all("a", class_="g-count")]
    assert counts[:2] == ["18 在册的人", "3 班组"] and len(counts) == 6


def test_what_is_missing_is_named(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        places.save_job(db, places.Job("OWN", "自己的岗位"))
        db.run("DELETE FROM role WHERE role IN ('leader', 'signatory')")
        db.run("DELETE FROM post WHERE person = :p", p=plant.id("mate"))
        db.run("DELETE FROM station_job WHERE job = 'J09'")
        db.run("DELETE FROM roster")
        settings.put(db, url="http://aq.example.cn")
    client = page("admin").client
    secret, _ = plant.session("admin")
    client.set_cookie("sid", secret, domain="localhost", path="/")
    said = steps(Page(client).get("/manage"))
    assert said["岗位和手指口述卡"] == "还没做：还没有卡：自己的岗位"
    assert said["班制和班组"] == "还没做：没有班长：丙班 甲班 乙班"
    assert said["承诺签发人"].startswith("还没做：还没有，公告没人能发")
    assert said["人员"] == "要看一眼：1 人还没有工位，排不进名单"
    assert said["区域和工位"] == "要看一眼：1 个工位还没有岗位，扫了没有卡可做"
    assert "的班一个人也没有" in said["排班名单"]
    assert "是 http" in said["公开地址"]


def test_an_inspector_sees_it_without_buttons_to_change(page: PageOf) -> None:
    html = page("inspector").get("/manage")
    assert not html.all("a", class_="btn-must")


def test_who_manages_a_part_sees_that_part(page: PageOf, plant: Plant) -> None:
    scoped(plant, "manager", Role("manager", "area", "A2"))
    html = page("manager").get("/manage")
    assert html.one("h1").text == "你管的" and "/manage/areas/A2" in html.links
    assert "/manage/areas/A1" not in html.links and not html.all("h2", id="steps")
    scoped(plant, "manager", Role("manager", "crew", "YI"))
    assert "/manage/crews/YI" in page("manager").get("/manage").links


def test_who_may_not(page: PageOf) -> None:
    for part in ("worker", "leader", "signatory"):
        page(part).get("/manage", 403)
    assert "/login" in page(None).client.get("/manage").headers["Location"]
    assert page("admin").client.post("/manage").status_code in (403, 405)


def test_in_english(page: PageOf) -> None:
    html = page("manager").get("/manage?lang=en")
    assert html.one("h1").text == "Puyang Example Chemicals (demo)"


def test_every_link_to_a_part_of_a_page_finds_it(store: Store, tmp_path: Path) -> None:
    """From every page that links lead to, of a plant that is set up and of one that is not."""
    assert _dead_parts(empty(store, tmp_path)) == []


def test_every_link_to_a_part_of_a_page_finds_it_in_a_plant(page: PageOf) -> None:
    assert _dead_parts(page("admin")) == []


def _dead_parts(browser: Page) -> list[str]:
    """The links with a fragment, from all of `/manage`, that point at no element."""
    pages: dict[str, Html] = {}
    parts: set[str] = set()
    left = ["/manage"]
    while left:
        url = left.pop()
        pages[url] = browser.get(url)
        for link in pages[url].links:
            path, _, part = urljoin(f"http://x{url}", link).removeprefix("http://x").partition("#")
            if part and path.startswith("/manage"):
                parts.add(f"{path}#{part}")
            kin = path.startswith("/manage") and "." not in path and path.count("/") <= 3
            if kin and path not in pages and path not in left and _one_of_a_kind(path, pages):
                left.append(path)
    return sorted(one for one in parts if not _is_there(browser, pages, one))


def _one_of_a_kind(path: str, pages: dict[str, Html]) -> bool:
    """Of a long list of people or stations three stand for all."""
    folder = path.rpartition("/")[0]
    return sum(one.rpartition("/")[0] == folder for one in pages) < 3 or folder == "/manage"


def _is_there(browser: Page, pages: dict[str, Html], url: str) -> bool:
    path, _, part = url.partition("#")
    html = pages.get(path) or browser.get(path)
    return any(element.attrs.get("id") == part for element in html.elements)
