"""What members of an organisation do with cases.

Every function here runs inside `console.walls.within(member)`, checks what the member's role
allows, adds a line to the audit, and tells open pages after the commit.
"""
