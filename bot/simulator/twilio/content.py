"""The Content API: create, read, list, delete, ask WhatsApp for approval."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from typing import Any

from bot.simulator.twilio.content_rules import check_types
from bot.simulator.twilio.errors import TwilioError, not_found

#: Contents kept; the oldest is forgotten first.
CONTENTS_KEPT = 5000
_CATEGORIES = {"UTILITY", "MARKETING", "AUTHENTICATION"}

Resource = dict[str, Any]


class ContentShelf:
    """Contents of one account. An asked approval is granted at once, lists excepted."""

    def __init__(self, account_sid: str, base_url: str) -> None:
        self._account, self._base = account_sid, base_url
        self._contents: OrderedDict[str, Resource] = OrderedDict()
        self._approvals: dict[str, Resource] = {}

    def create(self, values: dict[str, Any]) -> Resource:
        """POST /v1/Content. Raises `TwilioError` 20001 for anything over a limit."""
        language = values.get("language")
        if not isinstance(language, str) or not language:
            raise TwilioError(20001, message="language is required")
        types = values.get("types")
        check_types(types)
        sid = "HX" + secrets.token_hex(16)
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        url = f"{self._base}/v1/Content/{sid}"
        resource: Resource = {
            "sid": sid,
            "account_sid": self._account,
            "friendly_name": values.get("friendly_name") or None,
            "language": language,
            "variables": values.get("variables") or {},
            "types": types,
            "url": url,
            "date_created": now,
            "date_updated": now,
            "links": {
                "approval_create": f"{url}/ApprovalRequests/whatsapp",
                "approval_fetch": f"{url}/ApprovalRequests",
            },
        }
        self._contents[sid] = resource
        if len(self._contents) > CONTENTS_KEPT:
            self.delete(next(iter(self._contents)))
        return resource

    def get(self, sid: str) -> Resource:
        """One content. Raises `TwilioError` 20404."""
        if sid not in self._contents:
            raise not_found(f"/Content/{sid}")
        return self._contents[sid]

    def find(self, sid: str) -> Resource | None:
        """One content or None."""
        return self._contents.get(sid)

    def delete(self, sid: str) -> None:
        """Remove one content. Raises `TwilioError` 20404."""
        self.get(sid)
        del self._contents[sid]
        self._approvals.pop(sid, None)

    def page(self, query: dict[str, str], *, approvals: bool = False) -> Resource:
        """GET /v1/Content (or ContentAndApprovals) with PageSize and Page."""
        size = min(max(_number(query.get("PageSize"), 50), 1), 1000)
        page = max(_number(query.get("Page"), 0), 0)
        everything = list(self._contents.values())
        chosen = everything[page * size : (page + 1) * size]
        if approvals:
            chosen = [{**c, "approval_requests": self.approval(c["sid"])} for c in chosen]
        name = "ContentAndApprovals" if approvals else "Content"

        def link(number: int) -> str:
            token = f"&PageToken=P{number}" if number else ""
            return f"{self._base}/v1/{name}?PageSize={size}&Page={number}{token}"

        more = (page + 1) * size < len(everything)
        return {
            "contents": chosen,
            "meta": {
                "page": page,
                "page_size": size,
                "first_page_url": link(0),
                "previous_page_url": link(page - 1) if page else None,
                "url": link(page),
                "next_page_url": link(page + 1) if more else None,
                "key": "contents",
            },
        }

    def request_approval(self, sid: str, values: dict[str, Any]) -> Resource:
        """POST …/ApprovalRequests/whatsapp; granted at once, as no reviewer sits here."""
        content = self.get(sid)
        name, category = values.get("name"), values.get("category")
        if not isinstance(name, str) or not name.replace("_", "").isalnum() or name != name.lower():
            raise TwilioError(20001, message="name: lower case letters, digits and _ only")
        if category not in _CATEGORIES:
            raise TwilioError(20001, message="category: UTILITY, MARKETING or AUTHENTICATION")
        if "twilio/list-picker" in content["types"]:
            raise TwilioError(20001, message="twilio/list-picker cannot be submitted for approval")
        approval = {
            "name": name,
            "category": category,
            "content_type": next(iter(content["types"])),
            "status": "approved",
            "rejection_reason": "",
            "allow_category_change": True,
        }
        self._approvals[sid] = approval
        return {**approval, "status": "received"}

    def approval(self, sid: str) -> Resource:
        """The WhatsApp approval of a content, ``unsubmitted`` by default."""
        content = self.get(sid)
        return self._approvals.get(sid) or {
            "name": "",
            "category": "",
            "content_type": next(iter(content["types"])),
            "status": "unsubmitted",
            "rejection_reason": "",
            "allow_category_change": True,
        }

    def is_approved(self, sid: str) -> bool:
        """Whether a content may be sent outside the service window."""
        return self._approvals.get(sid, {}).get("status") == "approved"

    def approvals_of(self, sid: str) -> Resource:
        """GET …/ApprovalRequests."""
        return {
            "sid": sid,
            "account_sid": self._account,
            "whatsapp": {**self.approval(sid), "type": "whatsapp"},
            "url": f"{self._base}/v1/Content/{sid}/ApprovalRequests",
        }


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() else default
