"""Files of recipients and lists of ids as people have them, read: what a file is, and its rows.

    one_file.py      one open file, one digest
    containers.py    what it is, by its first bytes
    encodings.py, detection.py      its encoding
    dialect.py       what parts its cells
    delimited.py, json_text.py, spreadsheet.py      its rows
    cell_forms.py, xlsx_sheet.py, ods_sheet.py      what a sheet shows beside its values
    bearable.py      whether a workbook of another form can be held
    header.py, rows.py      its columns; one row
    source.py        all of that behind `open_recipients`
    found.py         told in one line

Knows nothing of briefs. Imports errors alone.
"""

from campaign.recipients.rows import RecipientRow, clean_id
from campaign.recipients.source import Recipients, open_recipients

__all__ = ["RecipientRow", "Recipients", "clean_id", "open_recipients"]
