"""A reader of our own OpenAPI document: whether an answer is what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent.parent / "shiftapp/static/api/openapi.json"
DOCUMENT: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema, or the one it points to."""
    if "$ref" not in schema:
        return schema
    found: Any = DOCUMENT
    for part in schema["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)


def faults(value: Any, schema: dict[str, Any], at: str = "$") -> list[str]:
    """Where a value is not what the schema says; an object's undocumented fields are faults too."""
    schema = resolve(schema)
    if "oneOf" in schema:
        tried = [faults(value, one, at) for one in schema["oneOf"]]
        return [] if [] in tried else tried[0]
    wanted = schema.get("type", [])
    names = [wanted] if isinstance(wanted, str) else wanted
    if names and not any(_is(value, name) for name in names):
        return [f"{at} is no {names}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at} is none of {schema['enum']}"]
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        return [f"{at} has another form"]
    if isinstance(value, list):
        return [
            fault
            for number, one in enumerate(value)
            for fault in faults(one, schema.get("items", {}), f"{at}[{number}]")
        ]
    return _object_faults(value, schema, at) if isinstance(value, dict) else []


def _is(value: Any, name: str) -> bool:
    return type(value) is TYPES[name]


def _object_faults(value: dict[str, Any], schema: dict[str, Any], at: str) -> list[str]:
    known, other = schema.get("properties", {}), schema.get("additionalProperties", {})
    missing = [
        f"{at}.{name} is missing" for name in schema.get("required", []) if name not in value
    ]
    if known and not other:
        missing += [f"{at}.{name} is not documented" for name in value if name not in known]
    return missing + [
        fault
        for name, one in value.items()
        for fault in faults(one, known.get(name) or other or {}, f"{at}.{name}")
    ]
