"""People at the desk: found, changed with roles and posts, never above one's own access."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import directory, people, roster, sessions
from shiftapp.model.people import Person, Post, Role
from tests.managing import audited, change, faulty, scoped
from tests.page import Html, Page
from tests.plant import MADE_MS, NOW_MS, PUMPS, TANKS, Clock, Plant

PageOf = Callable[..., Page]


def of(plant: Plant, part: str = "worker") -> str:
    return f"/manage/people/{plant.id(part)}"


def names(html: Html) -> list[str]:
    """The people of the list, in its order."""
    return [e.text for e in html.all("a") if e.attrs["href"].startswith("/manage/people/")]


def roles(plant: Plant, part: str) -> set[Role]:
    return set(people.roles(plant.store, plant.id(part)))


def test_they_are_found_by_name_number_and_crew(page: PageOf, plant: Plant) -> None:
    browser = page("manager")
    assert names(browser.get("/manage/people?q=张三")) == ["张三"]
    assert names(browser.get("/manage/people?q=200")) == ["钱七"]
    assert set(names(browser.get("/manage/people?crew=YI"))) == {"赵六", "钱七"}
    assert names(browser.get("/manage/people?crew=YI&q=张三")) == []
    for odd in ("%27", "%25", "_", "%EF%BF%BD"):
        assert "没有这样的人" in browser.get(f"/manage/people?q={odd}").text
    assert "没有这样的人" in browser.get("/manage/people?crew=NONE").text


def test_who_lacks_something(page: PageOf, plant: Plant) -> None:
    plant.device("worker")
    with plant.store.tx() as db:
        db.run("DELETE FROM post WHERE person = :p", p=plant.id("mate"))
        db.run("UPDATE person SET active = 0 WHERE id = :p", p=plant.id("huang"))
    browser = page("manager")
    lacking = names(browser.get("/manage/people?lack=phone&crew=JIA"))
    assert "张三" not in lacking and "李四" in lacking
    assert names(browser.get("/manage/people?lack=post")) == ["李四"]
    assert names(browser.get("/manage/people?lack=left")) == ["黄三"]
    assert "黄三" not in names(browser.get("/manage/people?lack=nonsense"))


def test_they_come_fifty_a_page(page: PageOf, plant: Plant) -> None:
    more = [Person(f"{n:036}", f"7{n:03}", f"多{n}", crew="YI") for n in range(120)]
    with plant.store.tx() as db:
        people.save_people(db, more, MADE_MS)
    browser = page("manager")
    first = browser.get("/manage/people?crew=YI")
    assert len(names(first)) == directory.PAGE and "第 1 页，共 3 页" in first.text
    last = browser.get("/manage/people?crew=YI&page=3")
    assert len(names(last)) == 22 and not set(names(first)) & set(names(last))
    assert "q=&crew=YI&lack=&page=2" in " ".join(last.links)
    for odd in ("0", "-1", "x", "99999999"):
        browser.get(f"/manage/people?page={odd}")


def test_somebody_s_posts_fill_the_roster_ahead(page: PageOf, plant: Plant, clock: Clock) -> None:
    clock.at("12:00")
    tonight = plant.instance("YI", code="N")
    html = change(
        page("manager"), of(plant, "outsider"), post__0=f"{TANKS} J09", run__0="0", post__1=""
    )
    assert "存好了" in html.text
    assert people.posts(plant.store, plant.id("outsider")) == [Post(TANKS, "J09", 0)]
    rows = roster.posts(plant.store, tonight["id"], plant.id("outsider"))
    assert [(row["station"], row["job"], row["run_required"]) for row in rows] == [
        (TANKS, "J09", 0)
    ]
    assert audited(plant)[-1]["detail"] == "posts"


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"post__0": f"{TANKS} J02"}, "post.0", "这个工位没有这个岗位"),
        ({"post__0": "NOSUCH J02"}, "post.0", "这个工位没有这个岗位"),
        ({"post__1": f"{PUMPS} J02"}, "post.1", "写了两行"),
        ({"role__0": "king"}, "role.0", "没有这个角色"),
        ({"role__0": "leader", "scope__0": "planet:X"}, "role.0", "没有这个范围"),
        ({"lang": "fr"}, "lang", "不在选项里"),
        ({"no": "0" * 33}, "no", "太长"),
    ],
)
def test_what_cannot_be(
    page: PageOf, plant: Plant, typed: dict[str, str], field: str, words: str
) -> None:
    before = roles(plant, "worker")
    html = change(page("admin"), of(plant), status=422, **typed)
    assert words in faulty(html)[field] and f"#f-{field}" in html.links
    assert roles(plant, "worker") == before and audited(plant) == []


def test_a_scope_that_is_not_there(page: PageOf, plant: Plant) -> None:
    html = change(page("admin"), of(plant), status=422, role__0="leader", scope__0="crew:NO")
    assert "角色的范围没有：NO" in html.one("div", id="fault").text


def test_a_number_that_somebody_has(page: PageOf, plant: Plant) -> None:
    html = change(page("admin"), of(plant), status=409, no="1002", name="我写的")
    assert "已经有人在用" in faulty(html)["no"]
    assert html.one("input", id="f-name").attrs["value"] == "我写的"


def test_a_manager_makes_a_leader(page: PageOf, plant: Plant) -> None:
    change(page("manager"), of(plant), role__0="leader", scope__0="crew:JIA")
    assert roles(plant, "worker") == {Role("operator"), Role("leader", "crew", "JIA")}
    change(page("manager"), of(plant), role__0="")
    assert roles(plant, "worker") == {Role("operator")}


@pytest.mark.parametrize("role", ["admin", "signatory"])
def test_only_an_admin_gives_high_roles(page: PageOf, plant: Plant, role: str) -> None:
    page("manager").get(of(plant))
    html = page("manager").get(of(plant))
    assert role not in [e.attrs["value"] for e in html.all("option")]
    html = change(page("manager"), of(plant), status=403, role__0=role, scope__0="all")
    assert "要管理员来给" in html.text and roles(plant, "worker") == {Role("operator")}
    change(page("admin"), of(plant), role__0=role, scope__0="all")
    assert Role(role) in roles(plant, "worker")


def test_nobody_changes_who_stands_above(page: PageOf, plant: Plant) -> None:
    for part in ("admin", "signatory"):
        html = page("manager").get(of(plant, part))
        assert "权限比你大" in html.text and not html.all("form", action=of(plant, part))
        page("manager").post(of(plant, part), {"name": "x"}, status=403)
    change(page("admin"), of(plant, "signatory"), name="周九九")
    assert people.person(plant.store, plant.id("signatory"))["name"] == "周九九"  # type: ignore[index]


def test_one_admin_stays(page: PageOf, plant: Plant) -> None:
    html = change(page("admin"), of(plant, "admin"), status=409, role__0="manager")
    assert "至少要留一个系统管理员" in html.text and Role("admin") in roles(plant, "admin")
    change(page("admin"), of(plant, "admin"), status=409, active="0")
    change(page("admin"), of(plant), role__0="admin", scope__0="all")
    change(page("admin"), of(plant, "admin"), role__0="manager")
    assert roles(plant, "admin") == {Role("manager")}


def test_who_leaves_is_signed_out_and_the_number_is_free(page: PageOf, plant: Plant) -> None:
    secret, _ = plant.session("worker", plant.device("worker")[0])
    html = change(page("manager"), of(plant), active="0")
    assert "离职" in html.one("header").text
    assert sessions.find(plant.store, secret, NOW_MS) is None
    row = plant.store.value(
        "SELECT revoked_ms FROM session WHERE person = :p ORDER BY sid LIMIT 1",
        p=plant.id("worker"),
    )
    assert row is not None
    change(page("manager"), "/manage/new/person", no="1001", name="接替的", crew="JIA")
    html = change(page("manager"), of(plant), status=409, active="1")
    assert "已经有人在用" in faulty(html)["no"]


def test_the_manager_of_an_area_sees_its_crews(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE crew SET area = 'A2' WHERE code = 'YI'")
    scoped(plant, "manager", Role("manager", "area", "A2"))
    browser = page("manager")
    assert set(names(browser.get("/manage/people"))) == {"赵六", "钱七"}
    assert names(browser.get("/manage/people?crew=JIA")) == []
    browser.get(of(plant, "worker"), 403)
    browser.get(of(plant, "inspector"), 403)  # in no crew: of the whole plant
    change(browser, of(plant, "outsider"), title="外操")
    html = change(browser, of(plant, "outsider"), status=422, crew="JIA")
    assert "归你管的班组" in faulty(html)["crew"]
    html = change(browser, of(plant, "outsider"), status=422, crew="")
    change(browser, of(plant, "outsider"), role__0="leader", scope__0="crew:YI")
    change(browser, of(plant, "outsider"), status=403, role__0="manager", scope__0="all")
    change(browser, of(plant, "outsider"), status=403, role__0="leader", scope__0="crew:JIA")
    assert roles(plant, "outsider") == {Role("operator"), Role("leader", "crew", "YI")}
    change(browser, "/manage/new/person", no="6001", name="新人", crew="YI")
    change(browser, "/manage/new/person", status=422, no="6002", name="新人", crew="JIA")


def test_a_role_above_keeps_an_area_manager_off(page: PageOf, plant: Plant) -> None:
    scoped(plant, "manager", Role("manager", "area", "A1"))
    scoped(plant, "worker", Role("operator"), Role("manager"))
    assert "权限比你大" in page("manager").get(of(plant)).text
    page("manager").post(of(plant), {"name": "x"}, status=403)


def test_roles_saved_by_somebody_else_are_shown(page: PageOf, plant: Plant) -> None:
    mine = page("manager")
    fields = mine.get(of(plant)).form(of(plant))
    change(page("admin"), of(plant), role__0="leader", scope__0="crew:JIA", post__0="")
    html = mine.post(of(plant), {**fields, "name": "我写的"}, status=409)
    stored = [e.text for e in html.all("p", class_="g-stored")]
    assert stored == ["别人刚存的：空", "别人刚存的： 班长 甲班"]


def test_a_new_person_gets_a_code_next(page: PageOf, plant: Plant) -> None:
    html = change(
        page("manager"), "/manage/new/person?crew=JIA", action="/manage/new/person",
        no=" ５００１ ", name="新人",
    )  # fmt: skip
    assert "5001" in html.text and "甲班" in html.one("header").text
    made = people.by_no(plant.store, "5001")
    assert made is not None and f"/board/people/{made['id']}" in html.links
    page("manager").get(f"/board/people/{made['id']}")


def test_a_person_in_two_crews_is_refused(page: PageOf, plant: Plant) -> None:
    path = f"/manage/people/{plant.id('worker')}"
    html = change(page("admin"), path, status=422, crew=["JIA", "YI"])
    assert "不止一个" in faulty(html)["crew"]
    row = people.person(plant.store, plant.id("worker"))
    assert row is not None and row["crew"] == "JIA"
