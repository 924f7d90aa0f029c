"""The content security policy of everything that Django serves."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Everything comes from us and nothing is inline, so a text that somebody sends can never run.
# `data:` images are the QR code of the authenticator app.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=()"


class ContentPolicyMiddleware:
    """Adds the policy to every answer, and keeps the console's pages out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers added."""
        response = self._get_response(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Permissions-Policy"] = PERMISSIONS
        if request.path.startswith("/console/"):
            # A shared laptop's back button must not bring a case back after sign-out.
            response.headers["Cache-Control"] = "no-store"
        return response
