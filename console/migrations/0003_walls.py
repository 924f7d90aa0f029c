"""The walls: a role for console requests, what it may read, and which rows (docs/decisions/0012).

The role owns nothing, so row-level security binds it; the application's own role owns the tables
and is not bound. Written out here and not imported, so that it stays as it was applied.
"""

from django.db import migrations, models

ROLE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'haki_console') THEN
        BEGIN
            CREATE ROLE haki_console NOLOGIN;
        EXCEPTION
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'The role haki_console is missing. As a superuser: '
                    'CREATE ROLE haki_console NOLOGIN; GRANT haki_console TO %;', current_user;
            WHEN duplicate_object OR unique_violation THEN
                NULL;  -- another database of this server made it at the same moment
        END;
    END IF;
    IF NOT pg_has_role(current_user, 'haki_console', 'MEMBER') THEN
        BEGIN
            EXECUTE format('GRANT haki_console TO %I', current_user);
        EXCEPTION
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'As a superuser: GRANT haki_console TO %;', current_user;
        END;
    END IF;
END
$$;
"""

# Who asks, as set by console.walls for one transaction. Nothing set: NULL, which equals nothing.
WHO = """
CREATE FUNCTION haki_organisation() RETURNS bigint LANGUAGE sql STABLE
    AS $$ SELECT NULLIF(current_setting('haki.organisation', true), '')::bigint $$;
CREATE FUNCTION haki_member() RETURNS bigint LANGUAGE sql STABLE
    AS $$ SELECT NULLIF(current_setting('haki.member', true), '')::bigint $$;
CREATE FUNCTION haki_writes() RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT coalesce(current_setting('haki.role', true), '')
          IN ('coordinator', 'case_worker') $$;
CREATE FUNCTION haki_coordinates() RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT coalesce(current_setting('haki.role', true), '') = 'coordinator' $$;
"""

# Whole tables, without DELETE unless something may be thrown away; single columns where a row
# holds what the console must not know or must not move.
GRANTS = """
GRANT USAGE ON SCHEMA public TO haki_console;
GRANT SELECT ON console_organisation, console_membership, console_target, console_cannedreply,
    console_case, console_caseentry, console_consent, console_referral, console_draft,
    console_auditline, console_invitation TO haki_console;
GRANT INSERT ON console_target, console_cannedreply, console_caseentry, console_referral,
    console_draft, console_auditline, console_invitation TO haki_console;
GRANT UPDATE ON console_target, console_cannedreply, console_draft TO haki_console;
GRANT DELETE ON console_target, console_cannedreply, console_draft TO haki_console;
GRANT UPDATE (name, countries, origins, topics, languages, hours, zone, capacity)
    ON console_organisation TO haki_console;
GRANT UPDATE (name, role, trained_for_sensitive, active) ON console_membership TO haki_console;
GRANT UPDATE (expires_at) ON console_invitation TO haki_console;
GRANT UPDATE (assignee_id, status, one_touch, urgency, topic, first_reply_at, first_reply_due,
    waiting_since, last_entry_at, snoozed_until, resolved_at, reopened, reopens_until, outcome)
    ON console_case TO haki_console;
GRANT UPDATE (text, masks) ON console_caseentry TO haki_console;
GRANT UPDATE (state, answered_at) ON console_referral TO haki_console;
GRANT SELECT (id, contact_id, hours_from, hours_until, zone, neutral_first, hidden_since)
    ON console_safetyplan TO haki_console;
GRANT SELECT (id, channel, language, country, origin, stage, holder, opted_out_at, unreachable_at,
    last_inbound_at, window_closed_at) ON messaging_contact TO haki_console;
GRANT SELECT (id, contact_id, channel, direction, kind, state, error_code, card, card_version,
    language, segments, created_at, updated_at) ON messaging_message TO haki_console;
"""

POLICIES = {
    "console_organisation": [
        # Names and what they can do: a case worker refers to them, a person is told them.
        ("directory", "SELECT", "active OR id = (SELECT haki_organisation())", ""),
        (
            "own_coordinator",
            "UPDATE",
            "id = (SELECT haki_organisation()) AND (SELECT haki_coordinates())",
            "id = (SELECT haki_organisation())",
        ),
    ],
    "console_membership": [
        ("own", "SELECT", "organisation_id = (SELECT haki_organisation())", ""),
        (
            "own_coordinator",
            "UPDATE",
            "organisation_id = (SELECT haki_organisation()) AND (SELECT haki_coordinates())",
            "organisation_id = (SELECT haki_organisation())",
        ),
    ],
    "console_invitation": [
        (
            "own_coordinator",
            "ALL",
            "organisation_id = (SELECT haki_organisation()) AND (SELECT haki_coordinates())",
            "organisation_id = (SELECT haki_organisation()) AND (SELECT haki_coordinates())",
        ),
    ],
    "console_target": [
        ("own", "SELECT", "organisation_id = (SELECT haki_organisation())", ""),
        (
            "own_coordinator",
            "ALL",
            "organisation_id = (SELECT haki_organisation()) AND (SELECT haki_coordinates())",
            "organisation_id = (SELECT haki_organisation()) AND (SELECT haki_coordinates())",
        ),
    ],
    "console_cannedreply": [
        ("own", "SELECT", "organisation_id = (SELECT haki_organisation())", ""),
        (
            "own_writers",
            "ALL",
            "organisation_id = (SELECT haki_organisation()) AND (SELECT haki_writes())",
            "organisation_id = (SELECT haki_organisation()) AND (SELECT haki_writes())",
        ),
    ],
    "console_case": [
        ("own", "SELECT", "organisation_id = (SELECT haki_organisation())", ""),
        (
            "own_writers",
            "UPDATE",
            "organisation_id = (SELECT haki_organisation()) AND (SELECT haki_writes())",
            "organisation_id = (SELECT haki_organisation())",
        ),
    ],
    "console_caseentry": [
        # `hidden`: the person took the consent back.
        ("own", "SELECT", "organisation_id = (SELECT haki_organisation()) AND NOT hidden", ""),
        (
            "own_writers_add",
            "INSERT",
            "",
            "organisation_id = (SELECT haki_organisation()) AND (SELECT haki_writes())"
            " AND kind IN ('reply', 'note', 'system') AND EXISTS"
            " (SELECT FROM console_case c WHERE c.id = case_id)",
        ),
        (
            "own_writers_mask",
            "UPDATE",
            "organisation_id = (SELECT haki_organisation()) AND NOT hidden"
            " AND (SELECT haki_writes())",
            "organisation_id = (SELECT haki_organisation())",
        ),
    ],
    "console_consent": [
        ("own", "SELECT", "organisation_id = (SELECT haki_organisation())", ""),
    ],
    "console_safetyplan": [
        (
            "of_own_cases",
            "SELECT",
            "EXISTS (SELECT FROM console_case c WHERE c.contact_id ="
            " console_safetyplan.contact_id AND c.withdrawn_at IS NULL)",
            "",
        ),
    ],
    "console_referral": [
        # Who asks sees it; who is asked only once the person said yes; the coordinating
        # organisation sees that referrals happen, and no case by it.
        (
            "made_or_agreed",
            "SELECT",
            "from_organisation_id = (SELECT haki_organisation()) OR"
            " (to_organisation_id = (SELECT haki_organisation()) AND state = 'agreed')",
            "",
        ),
        (
            "coordination",
            "SELECT",
            "EXISTS (SELECT FROM console_organisation o WHERE o.id ="
            " (SELECT haki_organisation()) AND o.coordinating AND o.active)",
            "",
        ),
        (
            "own_writers_ask",
            "INSERT",
            "",
            "from_organisation_id = (SELECT haki_organisation()) AND (SELECT haki_writes())"
            " AND state = 'asked' AND EXISTS (SELECT FROM console_case c WHERE c.id = case_id)",
        ),
        (
            "own_writers_end",
            "UPDATE",
            "from_organisation_id = (SELECT haki_organisation()) AND (SELECT haki_writes())"
            " AND state = 'asked'",
            "from_organisation_id = (SELECT haki_organisation()) AND state = 'lapsed'",
        ),
    ],
    "console_draft": [
        (
            "own_member",
            "ALL",
            "member_id = (SELECT haki_member()) AND EXISTS"
            " (SELECT FROM console_case c WHERE c.id = case_id)",
            "member_id = (SELECT haki_member()) AND EXISTS"
            " (SELECT FROM console_case c WHERE c.id = case_id)",
        ),
    ],
    "console_auditline": [
        # One's own lines are seen as well: INSERT ... RETURNING needs that.
        (
            "coordinator_or_self",
            "SELECT",
            "organisation_id = (SELECT haki_organisation()) AND"
            " ((SELECT haki_coordinates()) OR member_id = (SELECT haki_member()))",
            "",
        ),
        (
            "in_own_name",
            "INSERT",
            "",
            "organisation_id = (SELECT haki_organisation()) AND"
            " member_id = (SELECT haki_member())",
        ),
    ],
    "messaging_contact": [
        (
            "of_own_cases",
            "SELECT",
            "EXISTS (SELECT FROM console_case c WHERE c.contact_id = messaging_contact.id"
            " AND c.withdrawn_at IS NULL)",
            "",
        ),
    ],
    "messaging_message": [
        (
            "of_own_entries",
            "SELECT",
            "EXISTS (SELECT FROM console_caseentry e WHERE e.message_id = messaging_message.id)",
            "",
        ),
    ],
}


def _forward() -> str:
    lines = []
    for table, policies in POLICIES.items():
        lines.append(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;")
        for name, verb, using, check in policies:
            clauses = f" USING ({using})" if using else ""
            clauses += f" WITH CHECK ({check})" if check else ""
            lines.append(f"CREATE POLICY {name} ON {table} FOR {verb} TO haki_console{clauses};")
    return "\n".join(lines)


def _backward() -> str:
    lines = []
    for table, policies in POLICIES.items():
        lines += [f"DROP POLICY {name} ON {table};" for name, _, _, _ in policies]
        lines.append(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;")
    return "\n".join(lines)


# Who answers a person follows from the cases, so that no two parts of the program can disagree:
# a code word silences everybody, an unresolved case gives the conversation to its organisation.
HOLDER = """
CREATE FUNCTION haki_set_holder(person uuid) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    UPDATE messaging_contact SET holder = found.holder FROM (SELECT CASE
        WHEN EXISTS (SELECT FROM console_safetyplan p
            WHERE p.contact_id = person AND p.hidden_since IS NOT NULL) THEN 'nobody'
        WHEN EXISTS (SELECT FROM console_case c
            WHERE c.contact_id = person AND c.status <> 'resolved') THEN 'partner'
        ELSE 'bot' END AS holder) found
    WHERE id = person AND messaging_contact.holder IS DISTINCT FROM found.holder
$$;
CREATE FUNCTION haki_holder_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM haki_set_holder(CASE WHEN TG_OP = 'DELETE' THEN OLD.contact_id ELSE NEW.contact_id END);
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION haki_set_holder(uuid) FROM PUBLIC;
CREATE TRIGGER holder_follows AFTER INSERT OR UPDATE OF status OR DELETE ON console_case
    FOR EACH ROW EXECUTE FUNCTION haki_holder_follows();
CREATE TRIGGER holder_follows AFTER INSERT OR UPDATE OF hidden_since OR DELETE
    ON console_safetyplan FOR EACH ROW EXECUTE FUNCTION haki_holder_follows();
"""

AUDIT = """
CREATE FUNCTION haki_audit_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Lines of the audit are added and never changed.'
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER audit_stands BEFORE UPDATE OR DELETE ON console_auditline
    FOR EACH ROW EXECUTE FUNCTION haki_audit_stands();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0002_preferences"),
        ("messaging", "0004_service_window"),
    ]

    operations = [
        migrations.CreateModel(
            name="Precautions",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contact_id", models.UUIDField()),
                ("hours_from", models.TimeField(null=True)),
                ("hours_until", models.TimeField(null=True)),
                ("zone", models.CharField(max_length=40)),
                ("neutral_first", models.BooleanField()),
                ("hidden_since", models.DateTimeField(null=True)),
            ],
            options={"db_table": "console_safetyplan", "managed": False},
        ),
        migrations.AddField(
            model_name="case",
            name="reopens_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="sensitive",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="person",
            name="window_closed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(
            WHO,
            "DROP FUNCTION haki_organisation(), haki_member(), haki_writes(), haki_coordinates();",
        ),
        migrations.RunSQL(
            GRANTS,
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM haki_console;"
            "REVOKE USAGE ON SCHEMA public FROM haki_console;",
        ),
        migrations.RunSQL(_forward(), _backward()),
        migrations.RunSQL(
            HOLDER,
            "DROP TRIGGER holder_follows ON console_case;"
            "DROP TRIGGER holder_follows ON console_safetyplan;"
            "DROP FUNCTION haki_holder_follows();"
            "DROP FUNCTION haki_set_holder(uuid);",
        ),
        migrations.RunSQL(
            AUDIT,
            "DROP TRIGGER audit_stands ON console_auditline; DROP FUNCTION haki_audit_stands();",
        ),
    ]
