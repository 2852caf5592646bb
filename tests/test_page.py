"""The page checker itself: it passes a good page and names what is wrong with a bad one."""

from __future__ import annotations

import pytest

from tests.page import Html, check_html

GOOD = (
    "<!doctype html><html lang='zh-CN'><head><title>甲</title>"
    "<meta name='viewport' content='width=device-width'></head><body><h1>甲</h1>"
    "<form action='/x' method='post'><label>工号 <input name='no'></label>"
    "<label for='p'>密码</label><input id='p' name='p'><button>登录</button></form></body></html>"
)


def test_a_good_page_has_no_mistakes() -> None:
    assert check_html(Html(GOOD)) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("<title>甲</title>", "", "no title"),
        ("lang='zh-CN'", "", "language None"),
        ("<h1>甲</h1>", "", "0 h1"),
        ("<h1>甲</h1>", "<h1>甲</h1><h1>乙</h1>", "2 h1"),
        ("<label for='p'>密码</label>", "", "no label: <input name='p'>"),
        ("<button>登录</button>", "<button></button>", "a button without words"),
        ("action='/x'", "action=''", "form action ''"),
        ("action='/x'", "action='https://example.com'", "form action 'https://example.com'"),
        ("<h1>", "<h1 style='color:red'>", "inline style on <h1>"),
        ("<h1>", "<h1 onclick='x()'>", "onclick on <h1>"),
        ("<h1>", "<script>x()</script><h1>", "an inline script"),
        ("<h1>", "<p id='p'></p><h1>", "id 'p' is there twice"),
        ("for='p'", "for='q'", "for='q' points nowhere"),
        ("<h1>", "<img src='/a.png'><h1>", "image without alt: /a.png"),
        ("<h1>", "<div><h1>", "</body> closes <div>"),
        ("<h1>", "<a href='#'>x</a><h1>", "link '#'"),
    ],
)
def test_it_names_the_mistake(old: str, new: str, says: str) -> None:
    assert says in check_html(Html(GOOD.replace(old, new)))


def test_it_reads_the_fields_of_a_form() -> None:
    html = Html(GOOD.replace("<input name='no'>", "<input name='no' value='1'>"))
    assert html.form("/x") == {"no": "1", "p": ""}
    assert html.one("button").text == "登录"
