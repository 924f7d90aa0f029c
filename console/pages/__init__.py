"""The console's pages, thin: a door, a form, a service of console.cases, a template."""
