"""What stands before a number in English and says how it is read."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages.record import Leads, leading

LEADS: Final = Leads(
    dial=(
        "Call ", "call ", "Dial ", "dial ",
    ),
    code=(
        "ZIP ", "Sort code ", "sort code ", "sort code: ", "Account ", "ending in ", "ends in ", "ending with ",
        "card ending ", "account ending ", "acct. ending ", "Text ", "YES to ", "STOP to ", "HELP to ", "JOIN to ",
        "text to ",
        *leading(
            "PIN", "OTP", "code", "Code", "passcode", "password", "account", "PIN number", "account number",
            "card number", "customer number", "reference number", "order number",
            links=(" ", ": ", " is "),
        ),
    ),
    day=(
        "on ", "On ", "by ", "until ",
        *leading(
            "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Mon.", "Tues.", "Wed.", "Thurs.", "Fri.", "Monday",
            "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
            links=(" ", ", "),
        ),
    ),
    time=(
        "at ", "At ", "from ", "until ", "till ",
    ),
    section=(
        "Section ", "section ", "Chapter ", "chapter ", "Clause ", "clause ", "paragraph ",
    ),
    ratio=(
        "ratio ", "ratio of ", "diluted to ", "proportion ",
        "proportions ", "Mix ", "mix ", "diluted ", "scale ", "scale of ", "odds of ",
    ),
    year=(
        "dates from ", "dating from ", "circa ", "ca. ", "c. ", "est. ", "Est. ", "the year ",
        "built in ", "founded in ",
        "In ", "in ", "since ", "Since ", "year ", "until ", "before ", "after ", "during ", "Q1 ", "Q2 ", "Q3 ",
        "Q4 ", "FY ", "spring ", "summer ", "autumn ", "fall ", "winter ", "Spring ", "Summer ", "Autumn ", "Fall ",
        "Winter ", "January ", "February ", "March ", "April ", "May ", "June ", "July ", "August ", "September ",
        "October ", "November ", "December ", "Jan ", "Feb ", "Mar ", "Apr ", "Jun ", "Jul ", "Aug ", "Sep ",
        "Sept ", "Oct ", "Nov ", "Dec ", "January, ", "February, ", "March, ", "April, ", "June, ", "July, ",
        "August, ", "September, ", "October, ", "November, ", "December, ",
    ),
    expiry=("expires ", "expiry ", "expiry date ", "exp ", "exp. ", "valid thru ", "valid until ", "valid to "),
    numbering=("No. ", "no. ", "number ", "Invoice ", "invoice ",
        "Page ", "page ", "Week ", "Day ", "Flat ", "flat ", "Part ", "part ",),
)  # fmt: skip
