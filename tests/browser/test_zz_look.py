from tests.browser.conftest import *
from tests.permits import register, gas, close, cancel, at
from tests.plant import HOUR_MS

def test_look(site, desk, phone):
    plant = site.plant
    a = register(plant, "DH-1124-01", contractor="濮阳某检修公司", workers=("1002","1003"))
    gas(plant, a, at("08:20"))
    b = register(plant, "SX-1124-01", kind="confined", level="", place="V-305 罐内", area="A2", guardians=("1002",), starts_ms=at("08:00"))
    c = register(plant, "DH-1124-02", level="2", starts_ms=at("08:00"), ends_ms=at("08:50"), guardians=())
    d = register(plant, "GC-1124-01", kind="height", level="2", guardians=("1004",), gas_every_min=0)
    e = register(plant, "GC-1124-02", kind="height", level="1", starts_ms=at("13:00"), ends_ms=at("17:00"))
    f = register(plant, "LS-1124-01", kind="power", level="", starts_ms=at("07:40"))
    close(plant, f, at("08:40"))
    g = register(plant, "DH-1124-09", level="2", starts_ms=at("08:10"))
    gas(plant, g, at("08:15"), passed=False, result="LEL 12 %")
    site.clock.at("09:00")
    shot = lambda page, name, full=True: page.screenshot(path=f"/dev/shm/t2/{name}.png", full_page=full)
    for name, page in (("tab", desk("leader", size=TABLET)), ("desk", desk("manager", size=DESK)), ("ph", phone("leader"))):
        page.goto("/special-work"); shot(page, name + "1")
        page.goto(f"/special-work/{a}"); shot(page, name + "2")
    page = desk("manager", size=TABLET)
    page.goto("/special-work/new"); shot(page, "new")
    page.goto(f"/special-work/{a}/change"); shot(page, "change")
    page = desk("manager", size=TABLET, lang="en")
    page.goto("/special-work"); shot(page, "en")
