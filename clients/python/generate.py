"""Writes latchkey/operations.py from build/openapi.json: a type for each schema, a method for each operation."""

from __future__ import annotations

import json
import keyword
import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DOCUMENT = json.loads((HERE / "build/openapi.json").read_text())
HEAD = '''"""Made from the document of the native API; not to be edited."""

from __future__ import annotations

import uuid
from typing import Any, Literal, NotRequired, TypedDict

from .transport import Answer, Request, Transport, segment

'''


def snake(name: str) -> str:
    plain = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).replace("-", "_").lower()
    return f"{plain}_" if keyword.iskeyword(plain) else plain


def resolve(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    found: Any = DOCUMENT
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return found


def type_of(schema: dict[str, Any]) -> str:
    """A Python type for a schema; Any for what has no better one."""
    if "$ref" in schema:
        return f'"{schema["$ref"].rsplit("/", 1)[1]}"'
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    if "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema['enum']))}]"
    if any(kind in schema for kind in ("anyOf", "oneOf")):
        return union(type_of(one) for one in schema.get("anyOf") or schema["oneOf"])
    kinds = schema.get("type", "any")
    return union(simple(kind, schema) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def union(types: Any) -> str:
    """Forward references are text, which `|` does not join."""
    return '"' + " | ".join(dict.fromkeys(one.strip('"') for one in types)) + '"'


def simple(kind: str, schema: dict[str, Any]) -> str:
    if kind == "array":
        return f"list[{type_of(schema.get('items', {})).strip(chr(34))}]"
    names = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
    return names.get(kind, "dict[str, Any]" if kind == "object" else "Any")


def typed_dict(name: str, schema: dict[str, Any]) -> str:
    """The types of components. A record of any names, and whatever is no object, is an alias."""
    properties = schema.get("properties")
    if schema.get("type") != "object" or not properties:
        return f"{name} = {type_of(schema).strip(chr(34)) if 'type' in schema else 'Any'}\n"
    required = schema.get("required", [])
    entries = [
        f'    "{key}": {type_of(value) if key in required else f"NotRequired[{type_of(value)}]"},'
        for key, value in properties.items()
    ]
    return "\n".join([f"{name} = TypedDict(", f'    "{name}",', "    {", *("    " + one for one in entries), "    },", ")", ""])


def method(path: str, verb: str, operation: dict[str, Any]) -> str:
    parameters = [resolve(one) for one in operation.get("parameters", [])]
    by_place = {place: [one["name"] for one in parameters if one["in"] == place] for place in ("path", "query", "header")}
    types = {one["name"]: type_of(one["schema"]) for one in parameters}
    content = operation.get("requestBody", {}).get("content", {})
    merges = "application/merge-patch+json" in content
    arguments = [f"{snake(name)}: str" for name in by_place["path"]]
    if content:
        body = union(type_of(one["schema"]) for one in content.values())
        optional = "" if operation["requestBody"].get("required") else " | None = None"
        arguments.append(f"body: {body}" if not optional else f'body: "{body.strip(chr(34))} | None" = None')
    named = [f'{snake(name)}: "{types[name].strip(chr(34))} | None" = None' for name in by_place["query"] + by_place["header"]]
    named += ["merge: bool = False"] if merges else []
    signature = ", ".join(["self", *arguments, *(["*", *named] if named else [])])
    target = re.sub(r"\{(\w+)\}", lambda found: "{segment(" + snake(found[1]) + ")}", path)
    lines = [
        f"    def {snake(operation['operationId'])}({signature}) -> Answer[{answer_of(operation).strip(chr(34))}]:",
        f'        """{operation["summary"].rstrip(".")}."""',
        f'        request = Request("{verb.upper()}", f"{target}")',
    ]
    if by_place["query"]:
        lines.append("        request.query = {" + ", ".join(f'"{one}": {snake(one)}' for one in by_place["query"]) + "}")
    for name in by_place["header"]:
        value = f"{snake(name)} or str(uuid.uuid4())" if name == "Idempotency-Key" else snake(name)
        guard = "" if name == "Idempotency-Key" else f"if {snake(name)} is not None:\n            "
        lines.append(f'        {guard}request.headers["{name}"] = {value}')
    if content:
        lines.append("        request.body = body")
    if merges:
        lines.append('        request.media_type = "application/merge-patch+json" if merge else request.media_type')
    return "\n".join([*lines, "        return self._transport.send(request)", ""])


def answer_of(operation: dict[str, Any]) -> str:
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            content = resolve(response).get("content", {}).get("application/json")
            return type_of(content["schema"]) if content else "None"
    return "None"


def is_for_programs(operation: dict[str, Any]) -> bool:
    """Not the pages that a browser is sent back to, and not what is refused whatever is sent."""
    good = [one for status, one in operation["responses"].items() if status.startswith("2")]
    return any("text/html" not in resolve(one).get("content", {}) for one in good)


def main() -> None:
    types = [typed_dict(name, schema) for name, schema in DOCUMENT["components"]["schemas"].items()]
    # Aliases name nothing that comes later.
    types.sort(key=lambda one: "TypedDict(" in one)
    methods = [
        method(path, verb, operation)
        for path, operations in DOCUMENT["paths"].items()
        for verb, operation in operations.items()
        if is_for_programs(operation)
    ]
    start = 'class Operations:\n    """One method for each operation."""\n\n    def __init__(self, transport: Transport) -> None:\n        self._transport = transport\n'
    (HERE / "latchkey/operations.py").write_text(HEAD + "\n".join(types) + "\n\n" + start + "\n" + "\n".join(methods))


main()
