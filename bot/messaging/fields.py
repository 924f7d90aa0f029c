"""Model fields whose values are sealed in the database and plain in Python."""

import json
from typing import Any

from django.db import models

from bot.messaging.sealing import sealer


class SealedTextField(models.BinaryField):  # type: ignore[type-arg]
    """A text that stands sealed in its column. It cannot be searched or compared in SQL."""

    description = "Sealed text"

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else sealer().seal(str(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else sealer().open(bytes(value))

    def get_default(self) -> Any:
        return self.default() if callable(self.default) else self.default

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return sealer().seal(str(self.value_from_object(obj))).decode("ascii")


class SealedJSONField(SealedTextField):
    """A JSON value that stands sealed in its column."""

    description = "Sealed JSON"

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(json.dumps(value, ensure_ascii=False, sort_keys=True))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        text = super().from_db_value(value, expression, connection)
        return None if text is None else json.loads(text)
