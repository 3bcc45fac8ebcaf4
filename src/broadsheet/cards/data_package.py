"""datapackage.json, as Frictionless Data describes tables (specs.frictionlessdata.io)."""

import json
from typing import Any

from broadsheet.cards.facts import Facts
from broadsheet.schema import Column, Table, tables

_TYPES = {"string": "string", "bool": "boolean", "int32": "integer", "int64": "integer", "float32": "number"}
# Frictionless patterns match the whole value.
_CONSTRAINTS = {
    "expect_column_values_to_match_regex": lambda kwargs: {
        "pattern": kwargs["regex"].removeprefix("^").removesuffix("$")
    },
    "expect_column_values_to_be_in_set": lambda kwargs: {"enum": kwargs["value_set"]},
    "expect_column_value_lengths_to_be_between": lambda kwargs: {"minLength": kwargs["min_value"]},
}


def _type(kind: str) -> str:
    if kind.startswith("list<"):
        return "array"
    return "datetime" if kind.startswith("timestamp") else _TYPES[kind]


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    for expectation in column.expectations:
        if expectation.type in _CONSTRAINTS:
            constraints |= _CONSTRAINTS[expectation.type](expectation.kwargs)
    field = {"name": column.name, "type": _type(column.type), "description": column.description}
    return field | ({"constraints": constraints} if constraints else {})


def _resource(table: Table, files: dict[str, dict[str, Any]]) -> dict[str, Any]:
    paths = list(files)
    resource: dict[str, Any] = {
        "name": table.name,
        "description": table.description,
        "path": paths[0],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {"fields": [column.name], "reference": {"resource": of, "fields": [field]}}
                for column in table.columns
                if column.references
                for of, field in [column.references.split(".")]
            ],
        },
    }
    if len(paths) > 1:
        return resource | {"extrapaths": paths[1:]}
    return resource | {"hash": f"sha256:{files[paths[0]]['sha256']}", "bytes": files[paths[0]]["bytes"]}


def data_package(facts: Facts) -> str:
    """The card as JSON."""
    package: dict[str, Any] = {
        "name": "corpus",
        "id": f"sha256:{facts.manifest['content_sha256']}",
        "title": facts.title,
        "description": facts.summary,
        "contributors": [{"title": name, "role": "author"} for name in facts.creators],
        "licenses": [{"name": licence, "title": licence} for licence in facts.licences],
        "sources": [
            {"title": source["title"] or source["source"]} | ({"path": source["url"]} if source["url"] else {})
            for source in facts.sources
        ],
        "resources": [_resource(table, facts.files(name)) for name, table in sorted(tables().items())],
    }
    if facts.version:
        package["version"] = facts.version
    return json.dumps({key: value for key, value in package.items() if value}, ensure_ascii=False, indent=1) + "\n"
