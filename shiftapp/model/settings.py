"""Facts of the install: who we are, our public address, the times of the announcement."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields

from shiftapp.store import Db


@dataclass(frozen=True)
class Settings:
    """One value a fact; the defaults are those of a fresh install."""

    name: str = ""  # the enterprise, e.g. 濮阳示例化工有限公司
    name_en: str = ""
    url: str = ""  # public address without a trailing slash; fixed by init
    origin: str = ""  # of the log: host + '/log'; fixed by init
    demo: bool = False  # a database made by `shiftapp demo`
    clock_offset_ms: int = 0  # demo only: plant time minus wall time
    cutoff: str = "09:00"  # the announcement counts shifts started in the 24 h before, site time
    due: str = "10:00"  # the announcement should be out by then, site time
    rhythm: str = "daily"  # how often it is due: daily, weekly, monthly, quarterly, yearly
    due_day: int = 3  # of a period: due on that day after its end (1 = the first)
    company_code: str = ""  # nine digits of the regulator's registration; '' = none
    valid_hours: int = 24  # how long an announcement holds
    opens_before_min: int = 45  # the window opens that long before the start of the shift
    grace_s: int = 120  # public; only absorbs a witness's clock
    contact: str = ""  # telephone that the public page gives for complaints; '' = none
    privacy_zh: str = ""  # '' = the template that ships
    privacy_en: str = ""
    # How many days things are kept, 0 = for ever (retention.py). Nothing is shorter than what is
    # asked by law: fault ledgers 2 years and more, and safety records 3 years as a rule.
    keep_commit_days: int = 1095
    keep_run_days: int = 1095
    keep_hazard_days: int = 1825  # of the report, once what it opened is closed that long too
    keep_photo_days: int = 1095  # photos and signatures; the words beside them may stay longer
    keep_unread_days: int = 365  # what was kept unread (quarantine)
    keep_cannot_days: int = 30  # "not today" is health data: never for ever

    @property
    def https(self) -> bool:
        """Whether the public address is https: cookie names and HSTS follow it."""
        return self.url.startswith("https://")


def get(db: Db) -> Settings:
    """The settings as stored, defaults for what was never set."""
    known = {field.name for field in fields(Settings)}
    rows = db.rows("SELECT key, value FROM setting ORDER BY key")
    return Settings(**{r["key"]: json.loads(r["value"]) for r in rows if r["key"] in known})


def put(db: Db, **values: object) -> None:
    """Store some settings by name.

    :raises TypeError: for a name that is not a setting.
    """
    Settings(**{**asdict(Settings()), **values})  # refuses unknown names
    for key, value in values.items():
        db.run(
            "INSERT INTO setting (key, value) VALUES (:key, :value)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            key=key,
            value=json.dumps(value, ensure_ascii=False),
        )
