"""``python -m bot.simulator --port 8030``: the stand-ins alone, for tests and benchmarks."""

from __future__ import annotations

import argparse
import os
import sys

import uvicorn

from bot.simulator.app import create_app
from bot.simulator.settings import MissingSettingError, from_environment


def main() -> int:
    """Serve until interrupted; 2 when the environment lacks a value."""
    parser = argparse.ArgumentParser(prog="python -m bot.simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8030)
    parser.add_argument("--log-level", default="warning")
    options = parser.parse_args()
    own = f"http://{options.host}:{options.port}/simulator/twilio"
    try:
        settings = from_environment({"HAKI_TWILIO_API_URL": own, **os.environ})
    except MissingSettingError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"Stand-in phones and providers: http://{options.host}:{options.port}/simulator/")
    uvicorn.run(
        create_app(settings),
        host=options.host,
        port=options.port,
        log_level=options.log_level,
        access_log=False,
        timeout_graceful_shutdown=1,  # a page with its event streams would hold it open
        ws="none",  # no websockets here, and Rasa pins a release that uvicorn cannot load
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
