"""Twilio's OpenAPI descriptions as a judge of requests: path, method, parameters, body.

Understands what the descriptions use: path patterns, query and form parameters of simple types,
JSON bodies with `$ref`, `enum`, `nullable` and `additionalProperties: false`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema

FOLDER = Path(__file__).parent / "twilio-oai"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True)
class Request:
    """One HTTP request as it was on the wire. `host` is the provider's real one."""

    method: str
    host: str
    target: str
    content_type: str
    authorized: bool
    body: bytes


class Description:
    """One description file."""

    def __init__(self, name: str) -> None:
        self._whole = json.loads((FOLDER / name).read_text(encoding="utf-8"))
        self._paths = {
            re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path)) + r"\Z"): item
            for path, item in self._whole["paths"].items()
        }

    def problems(self, request: Request) -> list[str]:
        """Return what in `request` does not fit; empty when it is as described."""
        operation, values = self._find(request)
        if operation is None:
            return [f"no operation {request.method} {urlsplit(request.target).path}"]
        found = [] if request.authorized else ["no Basic authorization"]
        found += self._parameters(operation, "path", values)
        query = dict(parse_qsl(urlsplit(request.target).query, keep_blank_values=True))
        found += self._parameters(operation, "query", query)
        return found + self._body(operation, request)

    def operation_id(self, request: Request) -> str:
        """Return the name of the operation that `request` calls."""
        operation, _ = self._find(request)
        return str(operation["operationId"]) if operation else ""

    def example(self, request: Request) -> tuple[int, Any]:
        """Return status and body of the fullest example that the description gives."""
        operation, _ = self._find(request)
        assert operation is not None
        status, answer = next((int(s), a) for s, a in operation["responses"].items() if s[0] == "2")
        examples = answer["content"][JSON]["examples"]
        return status, max((e["value"] for e in examples.values()), key=lambda v: len(str(v)))

    def _find(self, request: Request) -> tuple[dict[str, Any] | None, dict[str, str]]:
        path = urlsplit(request.target).path
        for pattern, item in self._paths.items():
            match = pattern.match(path)
            servers = [server["url"] for server in item["servers"]]
            if match and f"https://{request.host}" in servers:
                values = {name: unquote(value) for name, value in match.groupdict().items()}
                return item.get(request.method.lower()), values
        return None, {}

    def _parameters(
        self, operation: dict[str, Any], place: str, given: Mapping[str, str]
    ) -> list[str]:
        known = {p["name"]: p for p in operation.get("parameters", ()) if p["in"] == place}
        found = [f"unknown {place} parameter {name}" for name in given if name not in known]
        for name, parameter in known.items():
            if name in given:
                found += self._value(name, given[name], parameter["schema"])
            elif parameter.get("required"):
                found.append(f"{place} parameter {name} is missing")
        return found

    def _body(self, operation: dict[str, Any], request: Request) -> list[str]:
        described = operation.get("requestBody", {}).get("content", {})
        if not described:
            return ["a body where none is described"] if request.body else []
        kind = request.content_type.partition(";")[0]
        if kind not in described:
            return [f"content type {kind!r}, not one of {sorted(described)}"]
        schema = described[kind]["schema"]
        if kind == JSON:
            return self._json(json.loads(request.body), schema)
        return self._form(request.body.decode("utf-8"), schema)

    def _form(self, body: str, schema: dict[str, Any]) -> list[str]:
        fields = parse_qsl(body, keep_blank_values=True, strict_parsing=True)
        known = schema["properties"]
        names = [name for name, _ in fields]
        found = [f"unknown form field {name}" for name in names if name not in known]
        found += [
            f"form field {name} is missing"
            for name in schema.get("required", ())
            if name not in names
        ]
        for name, value in fields:
            if name in known:
                found += self._value(name, value, known[name])
        return found

    def _value(self, name: str, text: str, schema: dict[str, Any]) -> list[str]:
        """Judge one text of a query or a form by its schema."""
        schema = schema.get("items", schema)
        value: Any = text
        if schema.get("type") == "integer":
            if not re.fullmatch(r"-?[0-9]+", text):
                return [f"{name} is no integer: {text!r}"]
            value = int(text)
        elif schema.get("type") == "boolean":
            if text not in ("true", "false"):
                return [f"{name} is no boolean: {text!r}"]
            value = text == "true"
        if schema.get("format") == "uri" and not re.match(r"https?://[^\s_/]+(/|\Z|\?|#)", text):
            return [f"{name} is no address: {text!r}"]
        return [f"{name}: {problem}" for problem in self._json(value, schema)]

    def _json(self, value: Any, schema: dict[str, Any]) -> list[str]:
        whole = {**self._whole, **schema}
        validator = jsonschema.Draft4Validator(
            whole, resolver=jsonschema.RefResolver.from_schema(whole)
        )
        return [error.message for error in validator.iter_errors(value)]


API, CONTENT = Description("twilio_api_v2010.json"), Description("twilio_content_v1.json")


def judge(request: Request) -> Description:
    """Return the description of the host that `request` goes to."""
    return CONTENT if request.host.startswith("content.") else API
