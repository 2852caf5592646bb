"""The poster that most tests print."""

from datetime import date

import pytest

from qr.notice import Row
from qr.poster import Poster, Sign
from tests.qr.printed import URL


@pytest.fixture
def poster():
    return Poster(
        url=URL,
        code="7K2M41QF",
        company="濮阳示例化工有限公司",
        place="MTBE 装置一层东侧",
        name="P-201 泵区",
        risk="B",
        made=date(2026, 11, 24),
        signs=tuple(Sign(kind) for kind in ("helmet", "goggles", "suit", "detector")),
        phone_free=True,
        phone="0393-000 0119",
        number="FX-201",
        version="3",
        job="外操巡检",
        rows=(
            Row("主要危险", "；吸入碳四蒸气中毒；联轴器卷入", strong="机封泄漏着火"),
            Row("后果", "火灾爆炸、中毒窒息、机械伤害"),
            Row("怎样防", "检测仪先开机，站上风；护罩在位才启泵；不漏、不响、不烫才放心"),
            Row("出了事", "；能按急停就按，不冒险关阀", strong="先撤到上风口，再打电话"),
            Row("责任人", "生产一部 王五 示例"),
        ),
    )
