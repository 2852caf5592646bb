"""What may be an address, and how much of a secret is shown."""

from __future__ import annotations

import pytest

from shiftapp.model import channels


@pytest.mark.parametrize(
    "url",
    [
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7abc-4bc4",
        "http://10.1.2.3:8080/hook",
        "http://[::1]:9/x",
        "https://relay.example",
    ],
)
def test_webhooks_are_web_addresses(url: str) -> None:
    assert channels.is_web_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "qyapi.weixin.qq.com/send",
        "ftp://example.cn/x",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://user:pass@example.cn/",
        "https://example.cn:0/",
        "https://example.cn:99999/",
        "https://example.cn:port/",
        "https://例子.cn/",
        "https://example.cn/a b",
        "https://example.cn/\r\nHost: evil",
        "https://example.cn/\x00",
        "https://[::1/",
        "javascript:alert(1)",
    ],
)
def test_what_is_none(url: str) -> None:
    assert not channels.is_web_address(url)


def test_mail_addresses_stand_apart_by_commas_blanks_or_lines() -> None:
    found = channels.mail_addresses("a@x.cn, b.c+d@mail.x.cn；e@x.cn\nf@localhost、a@x.cn")
    assert found == ["a@x.cn", "b.c+d@mail.x.cn", "e@x.cn", "f@localhost"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " , ",
        "a",
        "a@",
        "@x.cn",
        "a@x..cn",
        "a@x.cn <b@x.cn>",
        "张三@x.cn",
        "a@例子.cn",
        "a@x.cn\0",
        "a@@x.cn",
        "a" * 65 + "@x.cn",
        ",".join(f"a{n}@x.cn" for n in range(21)),
    ],
)
def test_what_is_no_mail_address(text: str) -> None:
    assert channels.mail_addresses(text) is None


def test_only_the_end_of_a_long_secret_is_shown() -> None:
    assert channels.in_part("SEC0123456789abcdef") == "…abcdef"
    assert channels.in_part("short") == "…" and channels.in_part("") == ""


def test_a_channel_does_not_tell_its_secrets_when_it_is_printed() -> None:
    one = channels.Channel("群", "webhook", "https://x.cn/?key=1234", "wecom", (), "SEC1234")
    assert "1234" not in repr(one)
