"""Rules about the shape of the delivery, found while reading: files, lines, fields, identifiers."""

from __future__ import annotations

from typing import Final

from ipvi_cli.validate.rule import Rule

_RFC: Final = "RFC 4180, Common Format for CSV Files, section 2."
_LETTER: Final = "Compare the row counts with the agency's letter, and ask for a clean export."

RULES: Final = (
    Rule(
        "IPVI-101", "encoding-fallback", "warning", "structure",
        "The file is not UTF-8 and was read in another encoding.",
        "A wrong encoding changes letters in names and codes, which breaks matching.",
        "Ask which encoding the export uses and declare it as the source's encoding.",
    ),
    Rule(
        "IPVI-102", "mixed-newlines", "info", "structure",
        "The file mixes several kinds of line ends.",
        "It has been joined or edited by hand, so other parts may have changed too.",
        "Ask for the file as the system wrote it.", _RFC,
    ),
    Rule(
        "IPVI-103", "preamble-skipped", "info", "structure",
        "Lines above the header were skipped.",
        "A title block often states the period and filters of the export.",
        "Read the skipped lines, and carry what they say into the profile.",
    ),
    Rule(
        "IPVI-104", "footer-skipped", "info", "structure",
        "Lines below the last record were skipped.",
        "A footer often states a row count or an unfinished export.",
        "Compare a stated count with the rows read, and put it under control in the profile.",
    ),
    Rule(
        "IPVI-105", "duplicate-header", "warning", "structure",
        "Two columns have the same name.",
        "A profile that names such a column may mean the other one.",
        "Ask which is which, and map the renamed column that is meant.", _RFC,
    ),
    Rule(
        "IPVI-106", "blank-header", "info", "structure",
        "A column has no name.",
        "Nobody can say what its values mean.",
        "Ask what the column holds, or leave it unmapped.", _RFC,
    ),
    Rule(
        "IPVI-107", "record-quarantined", "error", "structure",
        "A record could not be read as one row and was set aside.",
        "Every row that is set aside is an incident or a person that is not counted.",
        "Look at the quarantine with its reasons, and ask for the records again.", _RFC,
    ),
    Rule(
        "IPVI-108", "no-data-rows", "error", "structure",
        "The file holds no data row.",
        "An empty file reads as a place without violence.",
        "Ask for the file again.",
    ),
    Rule(
        "IPVI-109", "repeated-header-line", "warning", "structure",
        "The header line is repeated among the data.",
        "Several exports were glued together; their periods may overlap.",
        _LETTER,
    ),
    Rule(
        "IPVI-110", "trailing-empty-fields", "info", "structure",
        "Records end in empty fields beyond the header.",
        "The fields hold nothing, but tell of a hand-edited file.",
        "Nothing need be done if the rows agree with the agency's count.", _RFC,
    ),
    Rule(
        "IPVI-111", "unclosed-quote", "error", "structure",
        "A quotation mark is opened and never closed.",
        "Other readers swallow all rows that follow it.",
        "Ask for an export that doubles quotation marks inside fields.", _RFC,
    ),
    Rule(
        "IPVI-116", "text-passed-over", "warning", "structure",
        "Text between two records, or behind the last one, is damaged and was passed over.",
        "Where a file is damaged between its records, whole records may be lost without a trace.",
        _LETTER,
    ),
    Rule(
        "IPVI-120", "merged-header", "info", "structure",
        "The header of the sheet spans several cells or rows.",
        "Names of columns were put together from them.",
        "Check the names that the profile maps.",
    ),
    Rule(
        "IPVI-121", "excel-error-cells", "warning", "structure",
        "Cells of the workbook hold a formula error.",
        "The value that belongs there is lost and reads as unknown.",
        "Ask for the sheet with values in place of formulas.",
    ),
    Rule(
        "IPVI-122", "hidden-sheet-skipped", "warning", "structure",
        "A hidden sheet of the workbook was not read.",
        "It may hold rows that belong to the delivery, or ones that were not meant to be sent.",
        "Ask the agency, and name the sheet in the profile if it is meant.",
    ),
    Rule(
        "IPVI-123", "leading-zeros-lost", "warning", "structure",
        "Identifiers seem to have lost their leading zeros.",
        "They no longer match the same identifiers in other files.",
        "Ask for the column as text, or declare incident_number.pad in the profile.",
    ),
    Rule(
        "IPVI-124", "numbers-stored-as-text", "info", "structure",
        "Numbers are stored as text in the workbook.",
        "They were read as numbers; a mixed column tells of typing by hand.",
        "Nothing need be done if no value was reported as unreadable.",
    ),
    Rule(
        "IPVI-125", "mojibake-repaired", "warning", "structure",
        "Text had been decoded wrongly before and was repaired.",
        "The repair was certain, but what was lost before it cannot be seen.",
        "Ask for the export in UTF-8.",
    ),
    Rule(
        "IPVI-126", "sheet-skipped", "warning", "structure",
        "A sheet of the workbook was not read.",
        "It holds fewer of the mapped columns than the sheets that were read, but may hold rows all the same.",
        "Name the sheets that are meant as the source's sheet.",
    ),
    Rule(
        "IPVI-127", "digits-lost", "warning", "structure",
        "Numbers in the workbook are longer than Excel can keep.",
        "Excel keeps 15 digits and sets zeros for the rest, so that different identifiers become one.",
        "Ask for the column as text.",
        "Microsoft, Excel specifications and limits: number precision 15 digits.",
    ),
    Rule(
        "IPVI-128", "day-numbers-read", "info", "structure",
        "Dates in the workbook are stored as plain day numbers.",
        "They were read as dates, because the other cells of the column are dates.",
        "Look at the rows named, and ask for the column in one date format.",
    ),
    Rule(
        "IPVI-130", "source-missing", "error", "structure",
        "A source that the profile names has no file in the delivery.",
        "The audit goes on without it and is incomplete.",
        "Ask for the files, or set required = false for the source.",
    ),
    Rule(
        "IPVI-131", "source-unreadable", "error", "structure",
        "A file of the delivery cannot be read.",
        "None of its rows is counted, and the audit is incomplete.",
        "Ask for the file again.",
    ),
    Rule(
        "IPVI-132", "file-not-in-profile", "info", "structure",
        "A file of the delivery belongs to no source of the profile.",
        "It was not read.",
        "Add a source for it, or take the file out of the delivery.",
    ),
    Rule(
        "IPVI-133", "incident-number-missing", "error", "structure",
        "A row has no incident number and was set aside.",
        "Without a number nothing can be joined to it, and it cannot be counted once.",
        "Ask for the number of these rows.", "FBI NIBRS data element 2.", column="incident_number",
    ),
    Rule(
        "IPVI-134", "incident-number-suspect", "error", "structure",
        "An incident number is not of the declared form, and its row was set aside.",
        "A number changed by a spreadsheet joins persons to the wrong incident.",
        "Ask for the column as text, or correct incident_number in the profile.",
        "FBI NIBRS data element 2.", column="incident_number",
    ),
    Rule(
        "IPVI-135", "agency-unknown", "error", "structure",
        "A row names an agency that the profile does not list, and was set aside.",
        "Incident numbers are unique only within an agency.",
        "Add the agency or its alias to the profile.", "FBI NIBRS data element 1.",
        column="agency",
    ),
    Rule(
        "IPVI-136", "repeated-row", "warning", "duplicate",
        "A row repeats an earlier one in every cell.",
        "It is kept as a duplicate and not counted; it tells of a join that multiplied rows.",
        "Ask how the export was joined.", "FBI NIBRS edit 056.",
    ),
    Rule(
        "IPVI-137", "repeated-file", "warning", "duplicate",
        "Two files hold the same bytes.",
        "The rows of the second are not counted; another file may be missing in its place.",
        "Ask whether another file was meant.",
    ),
    Rule(
        "IPVI-138", "incident-in-two-files", "info", "duplicate",
        "An incident stands in more than one file of a source.",
        "It is counted once; the periods of the files overlap.",
        "Nothing need be done if the overlap is meant.", "FBI NIBRS edit 056.",
    ),
    Rule(
        "IPVI-139", "expunged-row", "info", "structure",
        "A row is expunged; it was set aside and its cells were not kept.",
        "The law lets nobody keep or use it; only its being there is counted.",
        "Ask the agency to leave expunged records out of the export.",
    ),
    Rule(
        "IPVI-140", "table-fed-by-no-row", "warning", "structure",
        "A table of a source has a condition or a packed list that no row meets.",
        "A role word or column that is written otherwise than the profile says leaves out everybody whom it names.",
        "Compare the words under 'where', 'unless' or 'packed' of the profile with those of the file.",
    ),
)  # fmt: skip
"""Rules of the shape of the delivery."""
