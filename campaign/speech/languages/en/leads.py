"""What stands before a number in English and says how it is read."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Leads, leading
from campaign.speech.languages.shaping import dialled
from campaign.speech.wordlist import words

_HEADS: Final = (
    r"call(?:s|ed|ing)?|dial(?:s|led|ed|ling|ing)?|ring|phone[sd]?|phoning|telephone|tel|tel\. no|phone number"
    r"|fax|hotline|helpline|hot line|help line|whatsapp|sms|reach(?: us| me)? (?:at|on)|phone line"
    r"|contact (?:us|me|them) (?:at|on|by phone)|emergency number|voicemail|toll[- ]free|freephone"
)
_SERVICE: Final = (
    r"mobile|cell(?: ?phone)?|emergency|emergencies|nhs|police|ambulance|fire brigade|non-emergency|samaritans"
    r"|crisis line"
)
_FILLERS: Final = (
    r"us|me|him|her|them|our|your|my|the|a|on|at|to|via|by phone|number|no|is|are|now|free|toll[- ]free|freephone|back"
    r"|again|direct|directly|please|today|this|emergency|non-emergency|services?|helpline|hotline|team|support|line"
    r"|customer|care|office|branch|clinic|nurse|surgery|doctor|nhs|police|any ?time|immediately|straight away|or|text"
    r"|mobile|work|home|desk|switchboard|reception|front desk"
)

_NUMBERED: Final = (
    "Section", "Subsection", "Chapter", "Clause", "Subclause", "Paragraph", "Example", "Figure", "Table", "Annex",
    "Appendix", "Rule", "Step", "Article", "Exercise", "Question", "Problem", "Equation", "Diagram", "Chart",
    "Regulation", "Exhibit", "Requirement", "Criterion", "Theorem", "Definition", "Listing", "Recital", "Provision",
    "Guideline",
)  # fmt: skip
"""Nouns of what is numbered with points: `Figure 2.6.10`."""

ROOMS: Final = tuple(
    f"{head} "
    for noun in words(
        "Room Suite Apartment Unit Ward Flight Highway Interstate Exit Bus Flat Form Box Boeing Airbus"
    )
    for head in (noun, noun.lower())
)
"""Before a number in pairs: `Room 1204`."""
LANES: Final = tuple(
    f"{head} "
    for noun in words("Platform Gate Level Floor Lane Table Seat Row Lot Desk Bay Door")
    for head in (noun, noun.lower())
)
LEADS: Final = Leads(
    dial=dialled(_HEADS, _SERVICE, _FILLERS),
    dial_also=re.compile(r"(?:,|\s?/|,?\s(?:or|and|not|then))\s(?:(?:call|dial|ring|on|to)\s)?"),
    extension=re.compile(r"\b(?:extension|ext\.?)\s?(?:no\.\s|number\s|:\s)?"),
    keys=re.compile(r"\b(?:press(?:ing)?|hit|push|key|enter|dial|star|hash|pound)\b", re.I),
    code=(
        "ZIP ", "Sort code ", "sort code ", "sort code: ", "Account ", "ending in ", "ends in ", "ending with ",
        "card ending ", "account ending ", "acct. ending ", "Text ", "YES to ", "STOP to ", "HELP to ", "JOIN to ",
        "text to ",
        *leading(
            "PIN", "OTP", "code", "Code", "passcode", "password", "account", "PIN number", "account number",
            "card number", "customer number", "reference number", "order number", "SSN", "EIN", "NPI", "MRN",
            "member ID", "Member ID", "patient ID", "Patient ID", "customer ID", "Customer ID", "routing number",
            "Routing number", "confirmation number", "Confirmation number", "tracking number", "Tracking number",
            "Reference number", "Order number", "Account number", "case number", "Case number",
            links=(" ", ": ", " is "),
        ),
    ),
    day=(
        "Due ", "due ", "Due: ", "due: ", "due date ", "Due date: ", "due date: ", "Deadline: ", "deadline: ",
        "deadline is ", "Date: ", "date: ", "Appt ", "appt ", "Appt: ", "appointment is ", "appointment: ",
        "Appointment: ", "visit: ", "Visit: ", "visit ", "Visit ", "before ", "after ", "Closed ", "closed ",
        "except ",
        "week of ", "Week of ", "week beginning ", "Week beginning ", "week commencing ",
        "Week commencing ", "starts ", "Starts ", "begins ", "Begins ", "starting ", "beginning ",
        "since ", "from ", "From ", "Valid ", "valid ", "next visit: ", "expires ",
        "on ", "On ", "by ", "until ",
        *leading(
            "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Mon.", "Tues.", "Wed.", "Thurs.", "Fri.", "Monday",
            "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
            links=(" ", ", "),
        ),
    ),
    time=(
        "Arrive ", "arrive ", "arrival ", "arrive by ", "till ",
        "at ", "At ", "from ", "until ", "till ",
    ),
    section=(
        *leading(*_NUMBERED, *(noun.lower() for noun in _NUMBERED), links=(" ", "s ")),
        "Appendices ", "appendices ", "Annexes ", "annexes ", "Indices ", "Fig. ", "fig. ", "Figs. ", "figs. ",
        "Sec. ", "sec. ", "Ch. ", "ch. ", "Art. ", "art. ", "Para. ", "para. ", "Cl. ", "cl. ", "Reg. ", "reg. ",
        "App. ", "app. ", "§ ", "§",
    ),
    places=(
        *ROOMS, *LANES,
        "Route ", "route ", "Rte ", "Rte. ", "Hwy ", "Apt ", "Apt. ", "Block ", "Building ", "Zone ", "Stand ",
    ),
    ratio=(
        "ratio ", "ratio of ", "ratio is ", "ratio: ", "Ratio: ", "diluted to ", "proportion ",
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
    cards=re.compile(r"\bcards?\b", re.I),
    month=re.compile(r"\b(?:in|by|until|since|from|this|next|last|end of|and)\s$"),
    expiry=("expires ", "expiry ", "expiry date ", "exp ", "exp. ", "valid thru ", "valid until ", "valid to "),
    numbering=("No. ", "no. ", "number ", "Invoice ", "invoice ", "Order ", "order ", "Account ", "account ",
        "Ticket ", "ticket ", "Case ", "case ", "Claim ", "claim ", "Policy ", "policy ", "Booking ", "booking ",
        "Page ", "page ", "Week ", "Day ", "Flat ", "flat ", "Part ", "part ",),
)  # fmt: skip
