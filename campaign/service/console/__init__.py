"""Pages for people: server-rendered, one style sheet, plain modules, nothing to build.

pages.py       what is shown where
templates/     one file a page
static/        console.css, and one module a page that needs one
"""
