"""One import direction (design.md §2), read from the source: imports only go down."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent

# A room may import from the rooms on its line, and from itself as SIBLINGS says.
MAY_IMPORT = {
    "top": {"commands", "demo", "web", "exchange", "model", "ledger", "store", "base", "qr"},
    "commands": {"demo", "top", "web", "exchange", "model", "ledger", "store", "base", "qr"},
    "demo": {
        "commands",
        "top",
        "web",
        "exchange",
        "model",
        "ledger",
        "store",
        "base",
        "library",
        "qr",
    },
    "web": {"top", "exchange", "model", "ledger", "store", "base", "qr"},
    "exchange": {"model", "ledger", "store", "base", "qr", "library"},
    "model": {"ledger", "store", "base", "library"},
    "ledger": {"store", "base"},
    "store": {"base"},
    "base": set(),
    "library": set(),
    "qr": set(),
}
# Modules of the base import nothing of ours but problems.
BASE = {"shiftapp.problems", "shiftapp.config"}

# In these rooms every module is a step of one thing and may use its neighbours.
OWN_ROOM = {"qr", "store", "library", "ledger", "demo", "exchange"}
# In the others: who uses whom, and why. A module that everybody in the room stands on is a floor.
FLOORS = {
    "commands": {
        "install": "the folder, the store and the keys every command opens",
        "speech": "the language of the terminal and how refusals are said",
        "locking": "one process at a time on a folder",
    },
    "web": {
        "context": "store, clock, keys and settings of the request",
        "numbers": "figures as they are typed",
        "auth": "who is asking",
        "language": "which language the page speaks",
        "security": "the same-origin rule and the headers",
        "scope": "which crews somebody may look at or act for",
        "manage_scope": "who may see and change what on the manager's pages",
        "manage_fields": "forms of the manager's pages",
        "manage_nouns": "how every thing on the manager's pages is shown, changed and added",
        "pin": "number and PIN, checked and throttled in one way",
        "scanned": "the station that somebody scanned or typed",
        "sealing": "what accepting a record needs of the keys, and its receipt",
    },
    "model": {
        "counters": "every write that a board shows touches the one counter",
        "settings": "the facts of the install",
        "audit": "who changed what at a desk",
    },
}
SIBLINGS: dict[tuple[str, str], str] = {
    ("web.board_rescue", "web.shell"): "where the worker that reads codes lies",
    ("commands.checkup", "commands.private_ca"): "when a certificate is made anew",
    ("commands.backup", "commands.archive"): "the file that a backup is",
    ("commands.restore", "commands.archive"): "the file that a backup is",
    ("commands.demo", "commands.server"): "the one server",
    ("commands.doctor", "commands.checkup"): "the single checks",
    ("commands.private_ca", "commands.certificates"): "the making of them",
    ("commands.serve", "commands.private_ca"): "a certificate for a plant without a domain",
    ("commands.serve", "commands.server"): "the one server",
    ("commands.serve", "commands.trust_port"): "the page for a phone that does not trust yet",
    ("commands.trust_port", "commands.server"): "the one server",
    ("commands.user", "commands.init"): "how a password to print is made",
    ("model.shapes", "model.fields"): "checks of single fields",
    ("web.compression", "web.assets"): "where static files lie",
    ("commands.export", "commands.cards"): "one command for all that goes out",
    ("commands.export", "commands.posters"): "one command for all that goes out",
    ("model.blobs", "model.hazards"): "who sees a hazard sees its photo",
    ("model.blobs", "model.people"): "roles say whose files somebody may see",
    ("model.judging", "model.blobs"): "which of the files a record names are here",
    ("model.flags_now", "model.blobs"): "which files are still missing",
    ("model.flags_now", "model.chain"): "what continues a chain",
    ("model.kept", "model.flags_now"): "what still holds of a record's flags",
    ("model.record_rows", "model.blobs"): "which files a new record names",
    ("web.api", "web.api_blobs"): "taking a file",
    ("web.api", "web.api_pack"): "what a phone is told",
    ("web.api_pack", "web.sealing"): "the codes of the stations, and the secret of the tokens",
    ("web.api_blobs", "web.api_sync"): "reading what a phone sends",
    ("web.api", "web.api_selfcheck"): "taking a self-check",
    ("web.api_selfcheck", "web.api_sync"): "reading what a phone sends",
    ("model.selfchecks", "model.throttle"): "so many in a minute, and no more",
    ("model.belief", "model.people"): "who leads which crew",
    ("model.chain", "model.shapes"): "what a device and a number in a chain look like",
    ("model.facts", "model.chain"): "what a body continues",
    ("model.quarantine", "model.chain"): "what is kept unread keeps its place in the chain",
    ("model.record_rows", "model.chain"): "the place of a record in its device's chain",
    ("model.step_evidence", "model.belief"): "a second person shows who they are as the first does",
    ("model.step_evidence", "model.facts"): "what there is of a second person",
    ("model.judging", "model.step_evidence"): "a verdict is put together from these",
    ("model.belief", "model.facts"): "what there is of the things a record names",
    ("model.contents", "model.findings"): "the kinds of what a record opens",
    ("model.contents", "model.verdicts"): "the body against its version",
    ("model.contents", "model.versions"): "the versions that a body names",
    ("model.judging", "model.belief"): "a verdict is put together from these",
    ("model.judging", "model.facts"): "what there is of the things a record names",
    ("model.judging", "model.contents"): "a verdict is put together from these",
    ("model.judging", "model.shapes"): "a verdict is put together from these",
    ("model.judging", "model.states"): "the window and what can be said of a time",
    ("model.judging", "model.tokens"): "the bounds of a record's time",
    ("model.quarantine", "model.judging"): "a sealed record and how it came",
    ("model.leaves", "model.slots"): "the slot that an entry speaks of",
    ("model.leaves", "model.states"): "whether a commitment is marked offline",
    ("model.record_rows", "model.belief"): "the crew that a finding belongs to",
    ("model.records", "model.devices"): "a delivery is noted in its own transaction",
    ("model.record_rows", "model.findings"): "a finding opens with its record",
    ("model.records", "model.judging"): "what is judged is written",
    ("model.record_rows", "model.leaves"): "the entry of a record that counts",
    ("model.records", "model.quarantine"): "what cannot be read is kept there",
    ("model.record_rows", "model.judging"): "the verdict that is written",
    ("model.records", "model.record_rows"): "the rows of a record that is new",
    ("model.records", "model.roster"): "the leader adds who has come",
    ("model.record_rows", "model.slots"): "a first record opens its series",
    ("model.record_rows", "model.states"): "whether a commitment is marked offline",
    ("model.replan", "model.roster"): "a plant brought in during a shift has its roster filled",
    ("model.replan", "model.shifts"): "what a changed plan lacks is made ahead",
    ("model.replan", "model.slots"): "a shift no longer planned gives its slots up",
    ("model.roster", "model.leaves"): "who is added late has entries waiting",
    ("model.roster", "model.slots"): "every change of the roster is told to the slots",
    ("model.history", "model.findings"): "what a record asks",
    ("model.history", "model.roster"): "who is expected",
    ("model.history", "model.states"): "the one function of states",
    ("model.shifts", "model.cycles"): "windows and who works on a day",
    ("model.pack", "model.findings"): "what was answered",
    ("model.pack", "model.pack_shifts"): "my shifts",
    ("model.pack_people", "model.pack_shifts"): "the shifts of each of them",
    ("model.pack_shifts", "model.findings"): "what is handed over",
    ("model.pack_shifts", "model.history"): "the state of my shift",
    ("model.pack_shifts", "model.roster"): "how far ahead rosters are filled",
    ("model.pack_shifts", "model.shifts"): "what runs and what opens",
    ("model.pack", "model.people"): "who is signed in",
    ("model.pack", "model.places"): "stations and jobs",
    ("model.pack", "model.records"): "my own records",
    ("model.pack", "model.versions"): "the current texts",
    ("model.clockwork", "model.roster"): "rosters are filled ahead",
    ("model.clockwork", "model.shifts"): "shifts are made ahead",
    ("model.clockwork", "model.slots"): "windows open",
    ("model.clockwork", "model.throttle"): "old tries are forgotten",
    ("model.devices", "model.device_sites"): "where a shared one is used",
    ("model.sessions", "model.device_sites"): "a shared one is where who signs in works",
    ("model.device_sites", "model.places"): "else the first site",
    ("model.pack", "model.device_sites"): "the site of a person's crew",
    ("model.sessions", "model.devices"): "a cookie's secret is stored as its digest",
    ("web.api", "web.pin_proofs"): "sealed PINs are checked before the write",
    ("web.board_rescue", "web.pin_proofs"): "sealed PINs are checked before the write",
    ("web.api", "web.api_sync"): "reading what a phone sends",
    ("web.api", "web.pin"): "number and PIN are checked in one place",
    ("web.api", "web.sealing"): "receipts, and what judging needs of the keys",
    ("web.joined", "web.assets"): "where the modules lie",
    ("web.worker", "web.worker_page"): "what all pages of a worker's phone need",
    ("web.worker_page", "web.shell"): "the addresses of script, style and manifest",
    ("web.shell", "web.joined"): "the script and the style that a phone keeps",
    ("web.shell", "web.assets"): "the addresses of the icons",
    ("web.worker", "web.plant_time"): "hours in sentences",
    ("web.enrol", "web.shell"): "the addresses of script, style and manifest",
    ("web.enrol", "web.api"): "one way to use a code up",
    ("web.form", "web.form_sealing"): "where a form was opened",
    ("web.form_sealing", "web.form_answers"): "the type of a form's fields",
    ("web.form_taking", "web.form"): "number and PIN on the sheet itself",
    ("web.form_taking", "web.form_answers"): "what is missing",
    ("web.form_taking", "web.form_sealing"): "sealing what was read",
    ("web.form_sheets", "web.form"): "the blueprint and the station of a URL",
    ("web.form_sheets", "web.form_answers"): "reading what was typed",
    ("web.form_sheets", "web.form_sealing"): "minting a sheet",
    ("web.form_sheets", "web.form_taking"): "taking a sheet",
    ("web.dates", "web.plant_time"): "days and instants are those of the site",
    ("web.public", "web.plant_time"): "public pages are drawn without the context of others",
    ("web.trust", "web.public"): "one more public page",
    ("web.public", "web.squares"): "41 of 43 as squares",
    ("model.counts", "model.history"): "commitments are counted a second time from the states",
    ("model.disclosure", "model.counts"): "decides which counts may be published",
    ("model.figures", "model.counts"): "an announcement is derived from counts",
    ("model.figures", "model.disclosure"): "only what may be published is totalled",
    ("model.figures", "model.findings"): "open hazards are figures",
    ("model.figures", "model.signoffs"): "a crew without a signature is a gap",
    ("model.announcements", "model.figures"): "a draft is figures put into a document",
    ("model.publishing", "model.announcements"): "what was shown is derived again and signed",
    ("model.publishing", "model.reasons"): "reasons that stand in public name nobody",
    ("model.board", "model.history"): "states come from there and nowhere else",
    ("model.board", "model.states"): "the tally of states",
    ("model.board", "model.seats"): "who sits where",
    ("model.board", "model.signoffs"): "what stands in the way of the signature",
    ("model.board", "model.findings"): "what waits for an answer",
    ("model.board", "model.absences"): "why somebody has not started",
    ("model.seats", "model.history"): "a person with rows, records and state",
    ("model.seats", "model.states"): "states and marks as they are named",
    ("model.seats", "model.signoffs"): "whether a finding waits for an answer",
    ("model.signoffs", "model.history"): "the people whose shift is signed",
    ("model.signoffs", "model.states"): "the figures that are signed",
    ("model.signoffs", "model.findings"): "what is open",
    ("model.mine", "model.people"): "whose role covers my crew",
    ("model.mine", "model.devices"): "my phones",
    ("model.mine", "model.audit"): "what was changed about me",
    ("model.hazards", "model.people"): "roles and their scopes say who sees what",
    ("web.board_rescue", "web.api_sync"): "a record in a file is read as one in a request",
    ("web.board_todos", "web.board_people"): "a stand-in is named and put in place in one way",
    ("web.hazards", "web.plant_time"): "a time typed is of the site's clock",
    ("web.manage_checklist", "web.manage_rows"): "rows that are added and moved without a script",
    ("web.manage_exchange", "web.manage_uploads"): "a workbook between preview and import",
    ("web.manage_badges", "web.manage_people"): "a person is fetched with their scope",
    ("web.api", "web.badges"): "a badge is looked up in one place",
    ("web.manage_people", "web.manage_posts"): "the lines of roles and posts",
    ("web.manage_crews", "web.manage_strip"): "the next four weeks of a crew",
    ("web.manage_patterns", "web.manage_strip"): "the next four weeks of its crews",
    ("web.manage_patterns", "web.manage_rows"): "a row for each letter",
    ("web.manage_patterns", "web.plant_time"): "today is a day of the site",
    (
        "web.manage_checklist",
        "web.manage_drafts",
    ): "a draft is kept, published or thrown away in one way",
    ("web.manage_commitment", "web.manage_rows"): "rows that are added and moved without a script",
    (
        "web.manage_commitment",
        "web.manage_drafts",
    ): "a draft is kept, published or thrown away in one way",
    ("web.manage_print", "web.manage_exchange"): "files to keep, and whose card may be printed",
    ("web.manage_print", "web.manage_stations"): "a station is fetched with its scope",
    ("web.manage_print", "web.plant_time"): "cards are good until an hour of the site's clock",
    ("web.demo", "web.demo_seats"): "who sits where in the visitor's browser",
    ("web.demo", "web.demo_steps"): "how far the visitor has come",
    ("web.demo", "web.plant_time"): "the clock's buttons are instants of the site's day",
    ("web.demo_seats", "web.api"): "a visitor's browser is enrolled like any phone",
    ("model.ladder", "model.findings"): "what a crew's shift still asks",
    ("model.ladder", "model.history"): "who is ready on a shift",
    ("model.ladder", "model.signoffs"): "a crew's gaps and its signature",
    ("model.ladder", "model.states"): "how many are in which state",
    ("model.ladder", "model.rungs"): "what it is made of",
    ("model.ladder_sign", "model.rungs"): "what the ladder is made of",
    ("model.rungs", "model.signoffs"): "a crew's change, and which gaps block",
    ("model.ladder", "model.units"): "who stands above whom",
    ("model.placing", "model.units"): "the units that crews are placed in",
    ("model.ladder_sign", "model.ladder"): "what is open below a unit",
    ("model.ladder_sign", "model.units"): "who signs a unit",
    ("model.clockwork", "model.placing"): "crews find their place in the ladder",
    ("model.cover", "model.cycles"): "the times of a shift",
    ("model.places", "model.zones"): "no shift without a time zone",
    ("model.crews", "model.cover"): "a crew can work a pattern that is saved",
    ("model.crews", "model.cycles"): "the times of a shift",
    ("web.manage_cover", "web.manage_strip"): "the example crews of a pattern nobody works",
    ("web.manage_cover", "web.plant_time"): "today is a day of the site",
    ("web.manage_crews", "web.manage_cover"): "two crews in one shift",
    ("web.manage_patterns", "web.manage_cover"): "gaps, two crews in one shift",
    ("web.manage_strip", "web.plant_time"): "today, where nobody works a pattern yet",
    ("model.roster", "model.posts_ahead"): "whom people's posts put on rosters",
    ("model.roster", "model.elsewhere"): "a stand-in is not on duty elsewhere",
    ("model.replan", "model.posts_ahead"): "whom people's posts put on rosters",
    ("model.records", "model.elsewhere"): "who is added is not on duty elsewhere",
    ("model.leave", "model.elsewhere"): "who comes back is not on duty elsewhere",
    ("model.leave", "model.people"): "who has left does not come back",
    ("model.leave", "model.roster"): "leave ends rows, and taken back puts them on again",
    ("model.leave", "model.shifts"): "the day at the site",
    ("model.roster_changes", "model.elsewhere"): "who is added is not on duty elsewhere",
    ("model.roster_changes", "model.roster"): "a swap is rows ended and rows added",
    ("model.guests", "model.people"): "a guest is a person",
    ("model.guests", "model.shifts"): "the day at the site",
    ("model.clockwork", "model.guests"): "guests of yesterday leave",
    ("web.board_roster", "web.plant_time"): "the list begins yesterday at the site",
    ("web.board_leave", "web.board_people"): "somebody is named by list or number in one way",
    ("web.board_leave", "web.board_roster"): "the pages that a refusal shows again",
    ("web.board_swap", "web.board_roster"): "where a swap leads back to",
    ("web.board_extra", "web.board_people"): "somebody is named by list or number in one way",
    ("web.board_extra", "web.board_roster"): "the page that a refusal shows again",
    ("web.form_guest", "web.form"): "the station of a URL, and how a shift is named in it",
    ("web.form_guest", "web.form_sealing"): "where a form was opened",
    ("web.form_guest", "web.form_taking"): "what anybody may send is counted by address",
    ("model.clockwork", "model.signal_watch"): "new records are looked at beside all requests",
    ("model.clockwork", "model.signals"): "what is kept no longer",
    ("model.signal_watch", "model.signal_rules"): "the published rules",
    ("model.signal_watch", "model.versions"): "what a step asks",
    ("web.worker_signals", "web.worker_page"): "what all pages of a worker's phone need",
    ("web.public_signals", "web.public"): "one more public page",
    ("web.manage_areas", "web.manage_signals"): "a site's thresholds are fields of its page",
    ("web.board", "web.board_handover"): "who may take over what was left",
    ("model.board", "model.handover"): "what earlier shifts left",
    ("model.board", "model.heard"): "when phones last sent something",
    ("model.board", "model.staffing"): "how many people a station needs",
    ("model.roster_view", "model.staffing"): "how many people a station needs",
    ("model.report", "model.absences"): "why somebody had not started",
    ("model.report", "model.findings"): "what was found, and its answer",
    ("model.report", "model.history"): "states come from there and nowhere else",
    ("model.report", "model.report_figures"): "a report is put together from these",
    ("model.report", "model.report_parts"): "a report is put together from these",
    ("model.report", "model.seats"): "what is shown for somebody who declared not to be fit",
    ("model.report", "model.signoffs"): "whether the newest signature holds",
    ("model.report", "model.states"): "marks in their order",
    ("model.report_figures", "model.history"): "states come from there and nowhere else",
    ("model.report_figures", "model.states"): "the names of the states",
    ("model.my_shifts", "model.findings"): "what became of what I reported",
    ("model.my_shifts", "model.history"): "states come from there and nowhere else",
    ("model.my_shifts", "model.shifts"): "the shape of an instance",
    ("web.worker_shifts", "web.worker_page"): "what all pages of a worker's phone need",
    ("model.roster_plan", "model.shifts"): "a shift weeks ahead is made when a workbook names it",
    ("model.roster_plan", "model.slots"): "who is put on a roster has a slot",
    ("model.report_parts", "model.verdicts"): "whether a reading is outside its limits",
    ("model.rounds", "model.history"): "states come from there and nowhere else",
    ("model.rounds", "model.seats"): "people are called in the order of the board",
    ("model.rounds", "model.states"): "what counts in the window",
    ("web.round_sealing", "web.badges"): "a badge is looked up in one place",
    ("web.round_sealing", "web.form_answers"): "the items of a text as a job shows them",
    ("web.round_sealing", "web.form_sealing"): "the server seals, as for a plain form",
    ("web.board_round", "web.form_sealing"): "minting a sheet",
    ("web.board_round", "web.round_sealing"): "sealing what was said",
    ("web.board_paper", "web.board_round"): "who leads the shift, and where its board stands",
    ("web.board_paper", "web.form_sealing"): "minting a sheet",
    ("web.board_paper", "web.plant_time"): "the hours on paper are those of the site",
    ("web.board_paper", "web.round_sealing"): "sealing what stands on the paper",
    ("web.worker_proxies", "web.worker_page"): "what all pages of a worker's phone need",
    ("commands.server", "commands.messenger"): "what is queued is sent beside the requests",
    ("model.clockwork", "model.deliveries"): "what is told is queued",
    ("model.clockwork", "model.notices"): "what the clock brings is worth telling",
    ("model.notices", "model.board"): "when somebody is late",
    ("model.notices", "model.channels"): "who listens",
    ("model.notices", "model.deliveries"): "what was told already",
    ("model.notices", "model.announcement_due"): "when the announcement is due",
    ("model.notices", "model.notice_facts"): "whether it is so",
    ("model.notices", "model.shifts"): "the shifts of these days",
    ("model.notice_facts", "model.announcement_due"): "whether it is published, and when it is due",
    ("model.notice_facts", "model.board"): "the figures are those of the board",
    ("model.notice_facts", "model.deliveries"): "what fills a template",
    ("model.notice_facts", "model.findings"): "what is open in a shift",
    ("model.notice_facts", "model.ladder"): "whether a unit's signature holds",
    ("model.notice_facts", "model.rungs"): "what the ladder is made of",
    ("model.notice_facts", "model.history"): "states come from there and nowhere else",
    ("model.notice_facts", "model.places"): "the day of the plant is that of the first site",
    ("model.notice_facts", "model.shifts"): "the shift it is about",
    ("model.notice_facts", "model.signoffs"): "whether a signature holds",
    ("model.quiet", "model.cycles"): "an hour of the wall clock as an instant",
    ("web.manage_reach", "web.manage_channel"): "the form of a channel",
    ("web.manage_reach", "web.reach"): "a test message goes the way of all others",
    ("web.reach", "web.reach_http"): "a webhook",
    ("web.reach", "web.reach_mail"): "a mail",
    ("model.posts_ahead", "model.elsewhere"): "how long two shifts may meet",
    ("model.ladder", "model.handover"): "what nobody has asked about",
    ("model.signoffs", "model.handover"): "what nobody has asked about",
    ("model.pack_shifts", "model.handover"): "what the last shift left",
    ("model.announcement_text", "model.announcement_items"): "every public figure in its order",
    ("model.announcement_note", "model.announcement_items"): "the type of a document",
    ("model.announcement_note", "model.announcement_text"): "the words under the signature",
    ("model.announcement_tail", "model.announcement_words"): "gaps signed over are named",
    ("model.announcement_tail", "model.announcements"): "a document is a draft and its signature",
    ("model.announcement_tail", "model.delegations"): "who signs with whose leave",
    ("model.announcement_tail", "model.people"): "a signatory signs",
    ("model.announcement_tail", "model.reasons"): "reasons as they are kept",
    ("model.delegations", "model.people"): "a signatory gives leave",
    ("model.delegations", "model.reasons"): "the paper's number is published and names nobody",
    ("model.publishing", "model.announcement_items"): "the type of a document",
    ("model.publishing", "model.announcement_note"): "the note that is signed",
    ("model.publishing", "model.announcement_tail"): "a document is a draft and its signature",
    ("model.publishing", "model.announcement_text"): "the text that somebody has read",
    ("model.special_works", "model.special_work_people"): "who is named, and has committed",
    ("model.special_work_changes", "model.special_work_checks"): "a permit as it is told",
    ("model.special_work_entry", "model.special_work_changes"): "what is said otherwise",
    ("model.special_work_entry", "model.special_work_checks"): "whether it can be a permit",
    ("model.special_work_entry", "model.special_work_rows"): "what is decided is written",
    ("model.special_work_rows", "model.people"): "who is named, by employee number",
    ("model.special_work_rows", "model.special_work_changes"): "the columns of a permit",
    ("model.special_work_rows", "model.special_work_checks"): "permit numbers as they are compared",
    ("model.special_work_people", "model.history"): "records as they count come from there",
    ("model.special_work_people", "model.shifts"): "the shifts that meet a permit's window",
    ("model.special_work_people", "model.states"): "whether a record came in its window",
    ("web.facilities", "web.plant_time"): "the hours of a state are those of the site",
    ("web.special_work_acts", "web.special_work"): "refused, the page again",
    ("web.special_work_acts", "web.special_work_scope"): "whose works these are",
    ("web.special_work_acts", "web.special_work_times"): "a time as typed",
    ("web.special_work", "web.special_work_scope"): "whose works these are",
    ("web.special_work", "web.plant_time"): "the day is that of the first site",
    ("web.special_work_form", "web.plant_time"): "the hours of a permit are those of the site",
    ("web.special_work_form", "web.special_work_acts"): "who enters it",
    ("web.special_work_form", "web.special_work_scope"): "whose works these are",
    ("web.special_work_form", "web.special_work_times"): "times as typed",
    ("web.special_work_times", "web.plant_time"): "the hours are those of the site",
    ("model.ladder", "model.days"): "the shifts of a day",
    ("model.days", "model.cycles"): "cut-off and due are instants of the site's day",
    ("model.days", "model.periods"): "which days an announcement tells of",
    ("model.days", "model.places"): "the day is that of the first site",
    ("model.days", "model.shifts"): "the shifts of a day",
    ("model.figures", "model.days"): "its instants and its shifts",
    ("model.figures", "model.ladder"): "which levels have signed",
    ("model.figures", "model.level_figures"): "an announcement is derived from these",
    ("model.figures", "model.open_points"): "an announcement is derived from these",
    ("model.figures", "model.period_counts"): "an announcement is derived from these",
    ("model.figures", "model.periods"): "which days an announcement tells of",
    ("model.figures", "model.plant_figures"): "an announcement is derived from these",
    ("model.figures", "model.work_figures"): "an announcement is derived from these",
    ("model.level_figures", "model.days"): "the day whose announcement counts a shift",
    ("model.level_figures", "model.periods"): "which days are signed",
    ("model.level_figures", "model.rungs"): "what the ladder is made of",
    ("model.level_figures", "model.units"): "who stands above whom",
    ("model.open_points", "model.plant_figures"): "what is open in the plant",
    ("model.open_points", "model.work_figures"): "what is open in special work",
    ("model.plant_figures", "model.facilities"): "the state of the plant",
    ("model.work_figures", "model.special_works"): "the register of special work",
    ("model.work_figures", "model.special_work_people"): "who is named on a permit",
    ("model.period_counts", "model.counts"): "a period is counted as its days are",
    ("model.period_counts", "model.leaves"): "the times of a record",
    ("model.period_counts", "model.states"): "what can be said of a time",
    (
        "model.disclosure",
        "model.period_counts",
    ): "decides which counts of a period may be published",
    ("model.counts", "model.states"): "the marks of a commitment",
    ("model.announcements", "model.announcement_note"): "whether what is stored was altered",
    ("model.announcements", "model.announcement_changes"): "what differs between two",
    ("model.announcements", "model.announcement_content"): "a draft is figures put into a document",
    ("model.announcements", "model.periods"): "the kinds of announcements",
    ("model.announcement_changes", "model.special_works"): "the names of the kinds",
    ("model.announcement_changes", "model.work_figures"): "the kinds in their order",
    ("model.announcement_content", "model.announcement_words"): "what is open is named",
    ("model.announcement_content", "model.counts"): "the document lists the counts",
    ("model.announcement_content", "model.day_risk"): "the grade follows from the figures",
    ("model.announcement_content", "model.disclosure"): "only what may be published stands in it",
    ("model.announcement_content", "model.figures"): "a document is figures put into words",
    ("model.announcement_content", "model.promise"): "the sentence that fits the figures",
    ("model.publishing", "model.days"): "which days can be signed",
    ("model.publishing", "model.periods"): "the kinds of announcements",
    ("model.announcement_tail", "model.announcement_items"): "the type of a document",
    ("model.announcement_tail", "model.periods"): "the kinds of announcements",
    ("model.announcement_due", "model.announcements"): "what is out",
    ("model.announcement_due", "model.days"): "which announcement is asked for, and by when",
    ("model.announcement_due", "model.periods"): "the kinds of announcements",
    ("web.publish", "web.publish_access"): "who reads, who signs, and who they are once more",
    ("web.publish", "web.publish_points"): "what to settle before the signature",
    ("web.publish", "web.publish_rows"): "the table of sources beside the words",
    ("web.publish_access", "web.pin"): "number and PIN are checked in one place",
    ("web.publish_delegations", "web.publish_access"): "only the principal gives leave",
    ("web.publish_facts", "web.dates"): "when somebody last looked",
    ("web.publish_facts", "web.publish_marks"): "rows and their numbers",
    ("web.publish_rows", "web.dates"): "a shift is named with its day",
    ("web.publish_rows", "web.publish_facts"): "the rows that are not of shifts",
    ("web.publish_rows", "web.publish_marks"): "rows and their numbers",
    ("web.publish_sources", "web.publish"): "the day or period that is asked for",
    ("web.publish_sources", "web.publish_access"): "who reads",
    ("web.auth", "web.account"): "the person who is signed in",
    ("web.worker_work", "web.special_work_acts"): "a gas test is entered in one way",
    ("web.worker_work", "web.worker_page"): "what all pages of a worker's phone need",
    ("model.announcement_years", "model.periods"): "the calendar of periods",
    ("web.public", "web.public_caching"): "how long what anybody may read is kept",
    ("web.public", "web.public_seal"): "whether it still is what was signed",
    ("web.public", "web.public_view"): "what is said of a document",
    ("web.public", "web.public_words"): "how parts of a sentence stand together",
    ("web.public_archive", "web.errors"): "a bad date is answered in the page itself",
    ("web.public_archive", "web.public"): "one more public page",
    ("web.public_archive", "web.public_seal"): "whether it still is what was signed",
    ("web.public_archive", "web.public_view"): "what is said of a document",
    ("web.public_feed", "web.plant_time"): "the clock of the site",
    ("web.public_feed", "web.public"): "one more public page",
    ("web.public_feed", "web.public_caching"): "how long what anybody may read is kept",
    ("web.public_feed", "web.public_seal"): "whether it still is what was signed",
    ("web.public_feed", "web.public_view"): "what is said of a document",
    ("web.public_feed", "web.public_words"): "how parts of a sentence stand together",
    ("web.public_figures", "web.public_words"): "how parts of a sentence stand together",
    ("web.public_files", "web.public"): "one more public page",
    ("web.public_files", "web.public_caching"): "how long what anybody may read is kept",
    ("web.public_files", "web.public_seal"): "whether it still is what was signed",
    ("web.public_files", "web.public_sheet"): "what is printed of an announcement",
    ("web.public_risk", "web.public"): "one more public page",
    ("web.public_risk", "web.public_figures"): "the plant, the work and the risk in lines of words",
    ("web.public_sheet", "web.plant_time"): "the clock of the site",
    ("web.public_sheet", "web.public_view"): "what is said of a document",
    ("web.public_sheet", "web.public_words"): "how parts of a sentence stand together",
    ("web.public_view", "web.dates"): "days and instants in words",
    ("web.public_view", "web.plant_time"): "the clock of the site",
    ("web.public_view", "web.public_figures"): "the plant, the work and the risk in lines of words",
    ("web.public_view", "web.public_words"): "how parts of a sentence stand together",
    ("web.public_years", "web.public"): "one more public page",
    ("web.public_years", "web.public_seal"): "whether it still is what was signed",
    ("web.publish_access", "web.plant_time"): "until when it is due",
    ("web.publish_access", "web.dates"): "until when a period's is due",
    ("web.worker", "web.publish_access"): "the announcement that waits for a signatory",
    ("web.manage", "web.publish_access"): "whether the announcement is overdue",
    ("model.figures", "model.roster_figures"): "an announcement is derived from these",
    ("model.roster_figures", "model.counts"): "who was on a roster when",
    ("model.roster_figures", "model.history"): "who was put on a roster or taken off it",
    ("model.roster_figures", "model.period_counts"): "the same over a period",
    ("model.promised_day", "model.announcements"): "the published day that a form is made of",
    ("model.promised_day", "model.days"): "the calendar day of its permits",
    ("model.promised_day", "model.facilities"): "the units as they were known then",
    ("model.promised_day", "model.special_works"): "the permits behind its counts",
    ("model.inspection", "model.cycles"): "the midnights of the days looked at",
    ("model.inspection", "model.inspection_floor"): "a self-check is put together from these",
    ("model.inspection", "model.inspection_items"): "a self-check is put together from these",
    ("model.inspection", "model.inspection_published"): "a self-check is put together from these",
    ("model.inspection", "model.inspection_register"): "a self-check is put together from these",
    ("model.inspection", "model.inspection_texts"): "a self-check is put together from these",
    ("model.inspection_floor", "model.days"): "the day whose announcement counts a shift",
    ("model.inspection_floor", "model.inspection_items"): "what an item is made of",
    ("model.inspection_floor", "model.signals"): "who has had a day to see a signal",
    ("model.inspection_published", "model.announcement_note"): "whether it was altered",
    ("model.inspection_published", "model.cycles"): "when an announcement was due",
    ("model.inspection_published", "model.inspection_items"): "what an item is made of",
    ("model.inspection_published", "model.periods"): "which days and periods were due",
    ("model.inspection_register", "model.cycles"): "the midnights of a day",
    ("model.inspection_register", "model.inspection_items"): "what an item is made of",
    ("model.inspection_register", "model.shifts"): "the calendar day of an instant",
    ("model.inspection_register", "model.special_works"): "the register as it is now",
    ("model.inspection_register", "model.work_figures"): "permits are counted in one way",
    ("model.inspection_texts", "model.inspection_items"): "what an item is made of",
    ("web.worker_shifts", "web.account"): "the type of who is asking",
    ("model.notices", "model.work_notices"): "gas to be tested, permits past their end",
    ("model.notice_facts", "model.work_notices"): "whether it is still so",
    ("model.work_notices", "model.special_works"): "what is open in the register",
    ("web.api", "web.api_work"): "permits from another system",
    ("web.api_work", "web.api_sync"): "reading what is sent",
    ("commands.announce", "commands.site_folder"): "where the copy lies",
    ("commands.announce", "commands.site_pages"): "what is in the copy",
    ("web.display", "web.copied"): "a copy counts down to nothing",
    ("web.display", "web.dates"): "days in words",
    ("web.display", "web.display_figures"): "the figures it shows",
    ("web.display", "web.display_fit"): "how large the words may be",
    ("web.display", "web.display_lines"): "the same for LED controllers",
    ("web.display", "web.plant_time"): "the clock of the demo's bar",
    ("web.display", "web.public"): "one more public page",
    ("web.display", "web.public_caching"): "how long the lines may be kept",
    ("web.display", "web.public_seal"): "what is not what was signed is not shown",
    ("web.display_lines", "web.dates"): "until when, in words",
    ("web.display_lines", "web.display_figures"): "the figures it tells",
    ("commands.server", "commands.http_server"): "the server underneath",
    ("commands.trust_port", "commands.http_server"): "the server underneath",
    ("commands.witness_server", "commands.http_server"): "the server underneath",
    ("commands.witness", "commands.server"): "what a line of the log looks like",
    ("commands.witness", "commands.witness_folder"): "what a witness keeps",
    ("commands.witness", "commands.witness_server"): "its answers over the network",
    ("commands.log", "commands.log_policy"): "one group of commands",
    ("commands.log_policy", "commands.log_policy_words"): "why a policy is not taken, in words",
    ("commands.log_policy", "commands.keeper"): "the policy and the keys that the keeper uses",
    ("web.public_log", "web.public_caching"): "how long a file may be kept",
    ("web.public_proof", "web.public"): "one more public page",
    ("web.public_proof", "web.public_caching"): "how long a file may be kept",
    ("model.my_shifts", "model.log_proofs"): "which records are sealed",
    ("model.log_keeping", "model.log_asking"): "what is published is shown to the witnesses",
    ("model.log_keeping", "model.log_keeper"): "who keeps the log",
    ("model.log_asking", "model.log_keeper"): "who keeps the log",
    ("commands.server", "commands.sequencer"): "the server keeps the log",
    ("commands.sequencer", "commands.keeper"): "keys, policy, own witness and guard",
    ("commands.log", "commands.log_sequence"): "one group of commands",
    ("commands.log_sequence", "commands.keeper"): "keys, policy, own witness and guard",
    ("commands.log_sequence", "commands.sequencer"): "the threads that keep the log",
    ("commands.log_sequence", "commands.server"): "the log of a process that stays",
    ("commands.log", "commands.log_fsck"): "one group of commands",
    ("commands.log_fsck", "commands.log_reading"): "where a log is read",
    ("commands.log_fsck", "commands.log_fsck_words"): "a sentence a fault",
    ("model.citations", "model.announcements"): "what is cited of a draft",
    ("model.citations", "model.counts"): "a shift, and where it can be counted again",
    ("model.citations", "model.disclosure"): "which shifts are published",
    ("model.citations", "model.log_marks"): "the newest tree that is known whole",
    ("model.counts", "model.leaves"): "the times of a record",
    ("model.counts", "model.log_marks"): "what the public entries say, by their place",
    ("model.period_counts", "model.log_marks"): "what the public entries say, by their place",
    ("model.publishing", "model.citations"): "what is signed is an entry of the log",
    ("web.publish", "web.publish_sealing"): "the log catches up before something is signed",
    ("commands.demo", "commands.demo_log"): "its log, kept while it runs",
    ("commands.demo_log", "commands.witness_server"): "the second witness answers as any",
    ("commands.demo_log", "commands.http_server"): "on a port of its own",
    ("commands.demo_log", "commands.sequencer"): "as often as any log is kept",
    ("commands.demo_log", "commands.witness_folder"): "from a folder like any witness's",
    ("commands.doctor", "commands.log_checkup"): "the check of the log",
    ("commands.log_checkup", "commands.checkup"): "what a check gives",
    ("web.public_verify", "web.plant_time"): "times of the site in the script",
    ("web.public_verify", "web.public"): "one more public page",
    ("web.public_verify", "web.public_view"): "what the announcement is called",
    ("web.public_verify", "web.verify_words"): "what the script says",
    ("web.verify_words", "web.language"): "in which language it says it",
    ("commands.verify", "commands.verify_fetch"): "where the files of a log come from",
    ("commands.verify", "commands.verify_memory"): "what was seen of a log before",
    ("commands.verify", "commands.verify_progress"): "how far it is",
    ("commands.verify", "commands.verify_saved"): "the same files in a zip",
    ("commands.verify", "commands.verify_words"): "what is said of a report",
    ("commands.verify_words", "commands.verify_limits"): "what is proven and what is not",
    ("web.publish_sealing", "web.publish_rows"): "the name of a shift",
    ("model.erasure", "model.findings"): "what a record opened forgets who reported it",
    ("model.erasure", "model.slots"): "a slot forgets whose it was",
    ("model.retention", "model.erasure"): "what has been kept long enough is erased",
    ("model.retention", "model.traces"): "files and the engine follow the database",
    ("model.traces", "model.blobs"): "which files have a row",
    ("model.erasing", "model.days"): "when the day of a shift is over",
    ("model.erasing", "model.erasure"): "what may go is erased",
    ("model.erasing", "model.reasons"): "a reason without names",
    ("model.erasing", "model.retention"): "how long a record must stay",
    ("model.erasing", "model.traces"): "files, and the list of what was erased",
    ("model.clockwork", "model.retention"): "the clock ends what is kept",
    ("model.clockwork", "model.traces"): "the files of what is erased",
    ("model.history", "model.erased_seats"): "seats that no longer say whose they were",
    ("model.counts", "model.erased_seats"): "what stands for a name that was erased",
    ("model.report", "model.erased_seats"): "what stands for a name that was erased",
    ("commands.server", "commands.remains"): "what an erasure left, looked for at the start",
    ("commands.log_reading", "commands.verify_fetch"): "the files of a log by http",
    ("model.erasure_view", "model.erasing"): "what would go, and why the rest stays",
    ("model.erasure_view", "model.erasure"): "where the log says that something was erased",
    ("web.manage_settings", "web.manage_facts"): "facts on a page of their own",
    ("web.manage_retention", "web.manage_facts"): "facts on a page of their own",
    ("model.log_proofs", "model.log_state"): "who must have seen what a proof stands on",
}

# Reading the clock, the environment or a random source is for the top rooms only.
AMBIENT_MODULES = {"secrets", "random", "uuid"}
AMBIENT_CALLS = {
    "time.time",
    "time.time_ns",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "os.environ",
    "os.getenv",
    "os.urandom",
    "uuid.uuid4",
    "uuid.uuid1",
}
TOP_ROOMS = {"top", "commands", "demo", "web"}
# Bookkeeping that no rule reads: when a migration was applied.
AMBIENT_ALLOWED = {("shiftapp.store.migrations", "datetime.now")}


class Import(NamedTuple):
    module: str  # importing
    target: str  # imported module, or package.name
    line: int
    inside: str  # the function it stands in, '' at the top


def files() -> dict[str, Path]:
    found = {}
    for package in ("shiftapp", "qr"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return found


FILES = files()


@functools.cache
def parsed(name: str) -> ast.Module:
    """The tree of a module; not read before a test needs it: every process collects this file."""
    return ast.parse(FILES[name].read_text("utf-8"))


def room(module: str) -> str:
    """The room of a module; '' for what is not ours."""
    if module == "qr" or module.startswith("qr."):
        return "qr"
    if module != "shiftapp" and not module.startswith("shiftapp."):
        return ""
    if module in BASE:
        return "base"
    part = module.split(".")[1] if "." in module else ""
    return part if part in MAY_IMPORT else "top"


def imports(name: str) -> Iterator[Import]:
    """What a module imports of ours; imports for type checking only count as well."""
    for node, inside in _walk(parsed(name), ""):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(name, alias.name, node.lineno, inside)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno} imports relatively"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                target = full if full in FILES else str(node.module)
                yield Import(name, target, node.lineno, inside)


def _walk(node: ast.AST, inside: str) -> Iterator[tuple[ast.AST, str]]:
    for child in ast.iter_child_nodes(node):
        is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        within = child.name if is_function else inside  # type: ignore[attr-defined]
        yield child, within
        yield from _walk(child, within)


@functools.cache
def all_imports() -> list[Import]:
    return [one for name in FILES for one in imports(name)]


def test_imports_go_down_only() -> None:
    wrong = [
        f"{one.module}:{one.line} imports {one.target}"
        for one in all_imports()
        if room(one.target)
        and room(one.target) != room(one.module)
        and room(one.target) not in MAY_IMPORT[room(one.module)]
        and not _is_version(one)
    ]
    assert wrong == []


def _is_version(one: Import) -> bool:
    """`from shiftapp import __version__`: a constant, and the package is loaded anyway."""
    return one.target == "shiftapp" and room(one.module) in ("web", "exchange", "model")


def test_siblings_do_not_import_siblings() -> None:
    wrong = [
        f"{one.module}:{one.line} imports its sibling {one.target}"
        for one in all_imports()
        if room(one.module) == room(one.target)
        and room(one.module) not in OWN_ROOM | {"base", "top"}
        and one.module != "shiftapp.web.rooms"  # the list of them all
        and not _named(one)
    ]
    assert wrong == []


def test_no_named_pair_is_stale() -> None:
    used = {(_short(one.module), _short(one.target)) for one in all_imports()}
    assert [pair for pair in SIBLINGS if pair not in used] == []


def _named(one: Import) -> bool:
    floor = one.target.rpartition(".")[2] in FLOORS.get(room(one.module), {})
    return floor or (_short(one.module), _short(one.target)) in SIBLINGS


def _short(module: str) -> str:
    return module.removeprefix("shiftapp.")


def test_no_two_modules_import_each_other() -> None:
    pairs = {
        (one.module, one.target)
        for one in all_imports()
        if one.module != one.target and not _is_version(one)
    }
    assert sorted(f"{a} and {b}" for a, b in pairs if a < b and (b, a) in pairs) == []


def test_only_create_app_imports_inside_a_function() -> None:
    wrong = [
        f"{one.module}:{one.line} in {one.inside}"
        for one in all_imports()
        if one.inside and (one.module, one.inside) != ("shiftapp", "create_app")
    ]
    assert wrong == []


@pytest.mark.parametrize("name", [m for m in FILES if room(m) not in TOP_ROOMS])
def test_nobody_below_web_reads_clock_environment_or_randomness(name: str) -> None:
    found = [
        f"line {one.line}: import {one.target}"
        for one in imports(name)
        if one.target in AMBIENT_MODULES and not _only_parses(name, one.target)
    ]
    for node in ast.walk(parsed(name)):
        if isinstance(node, ast.Attribute):
            dotted = ".".join(ast.unparse(node).split(".")[-2:])
            if dotted in AMBIENT_CALLS and (name, dotted) not in AMBIENT_ALLOWED:
                found.append(f"line {node.lineno}: {dotted}")
    assert found == []


def _only_parses(name: str, target: str) -> bool:
    """`uuid` is also a parser: fine where no uuid1/uuid4 is called (checked by AMBIENT_CALLS)."""
    return target == "uuid"


def test_only_web_knows_flask() -> None:
    wrong = [
        f"{one.module}:{one.line}"
        for one in all_imports()
        if one.target.split(".")[0] in ("flask", "flask_login", "flask_babel", "werkzeug")
        and room(one.module) not in {"web", "top", "commands", "demo"}
    ]
    assert wrong == []


def test_only_the_store_knows_the_engines() -> None:
    wrong = [
        f"{one.module}:{one.line} imports {one.target}"
        for one in all_imports()
        if one.target.split(".")[0] in ("sqlite3", "pysqlite3", "sqlite_utils", "psycopg")
        and room(one.module) != "store"
    ]
    assert wrong == []
