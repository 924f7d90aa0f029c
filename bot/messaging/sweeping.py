"""The periodic look for what no job would ever come to.

A message and its job are stored in one transaction, so there should be nothing to find. This is
the net below: a job removed by hand, a restored backup, a bug.
"""

import logging

from django.db import connection

from bot.messaging.incidents import close_old_events
from bot.messaging.tasks import tend_soon

log = logging.getLogger(__name__)

# What is younger may be under way.
SECONDS = 60
MOST = 1000
_WITHOUT_JOB = """
SELECT DISTINCT contact_id FROM messaging_message
WHERE state IN ('received', 'queued', 'sending')
  AND updated_at < now() - make_interval(secs => %s)
  AND NOT EXISTS (
    SELECT 1 FROM procrastinate_jobs
    WHERE lock = messaging_message.contact_id::text AND status IN ('todo', 'doing')
  )
LIMIT %s
"""


def sweep() -> int:
    """Give a job to every conversation that waits without one; return how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_JOB, [SECONDS, MOST])
        forgotten = [str(row[0]) for row in cursor.fetchall()]
    for contact_id in forgotten:
        tend_soon(contact_id)
    if forgotten:
        log.warning("%d conversations waited without a job", len(forgotten))
    close_old_events()
    return len(forgotten)
