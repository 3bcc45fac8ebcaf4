"""croissant.json, as MLCommons describes data sets (docs.mlcommons.org/croissant, version 1.0)."""

import json
from typing import Any

from broadsheet.cards.facts import Facts
from broadsheet.schema import Column, Table, tables

_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {
    "string": "sc:Text",
    "bool": "sc:Boolean",
    "int32": "sc:Integer",
    "int64": "sc:Integer",
    "float32": "sc:Float",
}
_MEDIA_TYPE = "application/x-parquet"


def _type(kind: str) -> str:
    return "sc:DateTime" if kind.startswith("timestamp") else _TYPES[kind]


def _field(table: str, files: dict[str, Any], column: Column) -> dict[str, Any]:
    name = f"{table}/{column.name}"
    kind = column.type.removeprefix("list<")[: -1 if column.type.startswith("list<") else None]
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": name,
        "name": column.name,
        "description": column.description,
        "dataType": _type(kind),
        "source": files | {"extract": {"column": column.name}},
    }
    if column.type.startswith("list<"):
        field["repeated"] = True
    return field


def _distribution(table: str, files: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The parts of a table, one object each, and the set of them."""
    objects = [
        {
            "@type": "cr:FileObject",
            "@id": path,
            "name": path,
            "contentUrl": path,
            "contentSize": f"{entry['bytes']} B",
            "encodingFormat": _MEDIA_TYPE,
            "sha256": entry["sha256"],
        }
        for path, entry in files.items()
    ]
    if len(files) == 1:
        return objects
    together = {
        "@type": "cr:FileSet",
        "@id": f"{table}-parts",
        "name": f"{table}-parts",
        "description": f"All parts of {table}.",
        "encodingFormat": _MEDIA_TYPE,
        "includes": f"{table}/*.parquet",  # a star stands for folders too: the parts of all stages
    }
    return [*objects, together]


def _records(table: Table, files: dict[str, dict[str, Any]]) -> dict[str, Any]:
    origin = (
        {"fileObject": {"@id": next(iter(files))}} if len(files) == 1 else {"fileSet": {"@id": f"{table.name}-parts"}}
    )
    keys = [{"@id": f"{table.name}/{name}"} for name in table.key]
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        "key": keys[0] if len(keys) == 1 else keys,
        # Lists of structs (marks, images) are left out: Croissant's own library cannot read them from Parquet.
        "field": [_field(table.name, origin, column) for column in table.columns if "struct<" not in column.type],
    }


def croissant(facts: Facts) -> str:
    """The card as JSON-LD."""
    names = sorted(tables())
    card: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": facts.title,
        "description": facts.summary,
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "license": list(facts.licences),
        "creator": [{"@type": "sc:Organization", "name": name} for name in facts.creators],
        "inLanguage": list(facts.languages),
        "version": facts.version,
        "identifier": f"sha256:{facts.manifest['content_sha256']}",
        "distribution": [entry for name in names for entry in _distribution(name, facts.files(name))],
        "recordSet": [_records(tables()[name], facts.files(name)) for name in names],
    }
    return json.dumps({key: value for key, value in card.items() if value}, ensure_ascii=False, indent=1) + "\n"
