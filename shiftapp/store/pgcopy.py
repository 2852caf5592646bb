"""All tables of a PostgreSQL database as files and back, in one snapshot.

`pg_dump` refuses a server newer than itself and has to be installed; COPY is always there.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

try:
    import psycopg
    from psycopg import sql
except ImportError:  # the extra is not installed, and there is no such store
    if not TYPE_CHECKING:
        psycopg = None

TABLES = """
SELECT table_name FROM information_schema.tables
WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> '_migrations'
ORDER BY table_name
"""
COLUMNS = """
SELECT column_name, is_identity FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = %(table)s ORDER BY ordinal_position
"""
PARENTS = """
SELECT child.relname AS child, parent.relname AS parent FROM pg_constraint
JOIN pg_class child ON child.oid = conrelid JOIN pg_class parent ON parent.oid = confrelid
WHERE contype = 'f' AND child.oid <> parent.oid ORDER BY child.relname, parent.relname
"""


def save(address: str, folder: Path) -> dict[str, list[str]]:
    """Write `<table>.copy` for every table into a folder; gives the columns of each."""
    columns: dict[str, list[str]] = {}
    with psycopg.connect(address) as db:
        db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for (table,) in db.execute(TABLES).fetchall():
            columns[table] = [name for name, _ in db.execute(COLUMNS, {"table": table})]
            out = _statement("COPY {table} ({columns}) TO STDOUT", table, columns[table])
            with (folder / f"{table}.copy").open("wb") as file, db.cursor().copy(out) as copy:
                for piece in copy:
                    file.write(piece)
    return columns


def load(address: str, folder: Path, columns: dict[str, list[str]]) -> None:
    """Fill the freshly migrated tables of a database from such files, in one transaction."""
    with psycopg.connect(address) as db:
        tables = [table for (table,) in db.execute(TABLES).fetchall()]
        names = sql.SQL(", ").join(map(sql.Identifier, tables))
        db.execute(sql.SQL("TRUNCATE {}").format(names))
        for table in _parents_first(db, tables):
            if table in columns:
                _fill(db, folder / f"{table}.copy", table, columns[table])
                _advance(db, table)


def _fill(
    db: psycopg.Connection[tuple[Any, ...]], path: Path, table: str, columns: list[str]
) -> None:
    into = _statement("COPY {table} ({columns}) FROM STDIN", table, columns)
    with path.open("rb") as file, db.cursor().copy(into) as copy:
        while piece := file.read(1024 * 1024):
            copy.write(piece)


def _advance(db: psycopg.Connection[tuple[Any, ...]], table: str) -> None:
    """Let the identity column go on after the highest number there is."""
    for name, identity in db.execute(COLUMNS, {"table": table}).fetchall():
        if identity == "YES":
            text = "SELECT setval(pg_get_serial_sequence({name}, {column}), MAX({id})) FROM {table}"
            db.execute(
                sql.SQL(text).format(
                    name=sql.Literal(table),
                    column=sql.Literal(name),
                    id=sql.Identifier(name),
                    table=sql.Identifier(table),
                )
            )


def _parents_first(db: psycopg.Connection[tuple[Any, ...]], tables: list[str]) -> list[str]:
    parents: dict[str, set[str]] = {table: set() for table in tables}
    for child, parent in db.execute(PARENTS).fetchall():
        if child in parents and parent in parents:
            parents[child].add(parent)
    ordered: list[str] = []
    while len(ordered) < len(tables):
        ready = [t for t in tables if t not in ordered and parents[t] <= set(ordered)]
        if not ready:
            raise ValueError("tables refer to each other in a circle")
        ordered += ready
    return ordered


def _statement(text: str, table: str, columns: list[str]) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    # The texts are the two literals above.
    return sql.SQL(text).format(table=sql.Identifier(table), columns=names)
