"""What Haki costs and how well it understands, measured; each module is a command."""
