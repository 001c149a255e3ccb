"""The people's pages: rendered on the server, useful without JavaScript, one language of form for everybody.

One folder a person (`coordinator`, `expert`, `patient`, `ops`); what they share lies here. docs/web.md says how a page
is added.
"""
