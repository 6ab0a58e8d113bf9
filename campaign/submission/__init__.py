"""The way in: a recipients file and a brief become a campaign that workers can see.

The stages are the files: `prepare` (the brief decided) -> `recipients` (rows read) -> `compose` (rows to spoken text)
-> `plan` (utterances, keys) -> `draft`, `insert` (rows written) -> `lock` (what was fixed) -> `submit`. Beside them
`preflight` (what is known to go wrong), `estimate` (the dry run) and `replay` (a campaign gone through again). Imports
registry and what stands below it.
"""
