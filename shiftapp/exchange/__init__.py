"""The plant as a workbook, in and out, and what is printed: cards, posters, labels.

The order in which a workbook comes in; every step is a plain function and tells its faults:

    plan = reading.read_workbook(file)                  # .faults, .notes
    found = changes.changes(db, plan, now_ms)           # .faults (all), .nouns, .notes
    applying.apply(db, found, now_ms, random, by=…)     # one transaction, only without faults

and out: `writing.write_workbook(db, now_ms)`, `writing.write_template()`. `telling` has words for
what would change. Printed are enrolment cards (`cards`), posters and labels of stations
(`printed`).

What a workbook says is in forms.py: sheets and columns as data. A *record* is what one row says, a
dictionary by column key; the database is read into the same records (current.py), so a difference
is a change, and no difference means that nothing is written. Nothing here reads the clock or
chance.
"""
