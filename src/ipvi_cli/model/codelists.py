"""Short code lists with the words that extracts use for them.

Codes and meanings are those of NIBRS where it has them (FBI, NIBRS Technical Specification, data elements 4, 9, 25, 27,
28, 43); those of partner agencies' files (levels, methods of notification, supervision, totals) are ours. The words are
common US records-system wording. A word that is not listed is not guessed.
"""

from __future__ import annotations

from typing import Final

CODE_LISTS: Final[dict[str, dict[str, str]]] = {
    "sex": {
        "F": "F", "FEMALE": "F", "WOMAN": "F", "MUJER": "F", "FEMENINO": "F",
        "M": "M", "MALE": "M", "MAN": "M", "HOMBRE": "M", "MASCULINO": "M",
        "X": "X", "NONBINARY": "X", "NON-BINARY": "X", "GENDER X": "X",
        "U": "U", "UNK": "U", "UNKNOWN": "U", "NOT STATED": "U",
    },
    "race": {
        "W": "W", "WHITE": "W", "B": "B", "BLACK": "B", "BLACK OR AFRICAN AMERICAN": "B",
        "AFRICAN AMERICAN": "B", "I": "I", "AMERICAN INDIAN OR ALASKA NATIVE": "I",
        "AMERICAN INDIAN": "I", "NATIVE AMERICAN": "I", "A": "A", "ASIAN": "A", "P": "P",
        "NATIVE HAWAIIAN OR OTHER PACIFIC ISLANDER": "P", "PACIFIC ISLANDER": "P",
        "U": "U", "UNK": "U", "UNKNOWN": "U",
    },
    "victim_type": {
        "I": "I", "INDIVIDUAL": "I", "PERSON": "I", "L": "L", "LAW ENFORCEMENT OFFICER": "L",
        "LAW ENFORCEMENT": "L", "B": "B", "BUSINESS": "B", "F": "F", "FINANCIAL INSTITUTION": "F",
        "FINANCIAL": "F", "G": "G", "GOVERNMENT": "G", "R": "R", "RELIGIOUS ORGANIZATION": "R",
        "S": "S", "SOCIETY": "S", "SOCIETY/PUBLIC": "S", "O": "O", "OTHER": "O", "U": "U",
        "UNKNOWN": "U",
    },
    "clearance": {
        "A": "A", "DEATH OF OFFENDER": "A", "B": "B", "PROSECUTION DECLINED": "B", "C": "C",
        "EXTRADITION DENIED": "C", "IN CUSTODY OF OTHER JURISDICTION": "C", "D": "D",
        "VICTIM REFUSED TO COOPERATE": "D", "E": "E", "JUVENILE/NO CUSTODY": "E", "N": "N",
        "NOT APPLICABLE": "N",
    },
    "arrest_type": {
        "O": "O", "ON-VIEW": "O", "ON VIEW": "O", "ON-VIEW ARREST": "O", "S": "S", "SUMMONED": "S",
        "SUMMONED/CITED": "S", "CITED": "S", "CITATION": "S", "SUMMONS": "S", "T": "T",
        "TAKEN INTO CUSTODY": "T", "CUSTODY": "T", "WARRANT": "T",
    },
    "location": {
        "01": "01", "AIR/BUS/TRAIN TERMINAL": "01", "1": "01", "02": "02",
        "BANK/SAVINGS AND LOAN": "02", "2": "02", "03": "03", "BAR/NIGHTCLUB": "03", "3": "03",
        "04": "04", "CHURCH/SYNAGOGUE/TEMPLE/MOSQUE": "04", "4": "04", "05": "05",
        "COMMERCIAL/OFFICE BUILDING": "05", "5": "05", "06": "06", "CONSTRUCTION SITE": "06",
        "6": "06", "07": "07", "CONVENIENCE STORE": "07", "7": "07", "08": "08",
        "DEPARTMENT/DISCOUNT STORE": "08", "8": "08", "09": "09",
        "DRUG STORE/DOCTOR'S OFFICE/HOSPITAL": "09", "9": "09", "10": "10", "FIELD/WOODS": "10",
        "11": "11", "GOVERNMENT/PUBLIC BUILDING": "11", "12": "12", "GROCERY/SUPERMARKET": "12",
        "13": "13", "HIGHWAY/ROAD/ALLEY/STREET/SIDEWALK": "13", "14": "14",
        "HOTEL/MOTEL/ETC.": "14", "15": "15",
        "JAIL/PRISON/PENITENTIARY/CORRECTIONS FACILITY": "15", "16": "16",
        "LAKE/WATERWAY/BEACH": "16", "17": "17", "LIQUOR STORE": "17", "18": "18",
        "PARKING/DROP LOT/GARAGE": "18", "19": "19", "RENTAL STORAGE FACILITY": "19", "20": "20",
        "RESIDENCE/HOME": "20", "21": "21", "RESTAURANT": "21", "22": "22", "SCHOOL/COLLEGE": "22",
        "23": "23", "SERVICE/GAS STATION": "23", "24": "24", "SPECIALTY STORE": "24", "25": "25",
        "OTHER/UNKNOWN": "25", "37": "37", "ABANDONED/CONDEMNED STRUCTURE": "37", "38": "38",
        "AMUSEMENT PARK": "38", "39": "39", "ARENA/STADIUM/FAIRGROUNDS/COLISEUM": "39", "40": "40",
        "ATM SEPARATE FROM BANK": "40", "41": "41", "AUTO DEALERSHIP NEW/USED": "41", "42": "42",
        "CAMP/CAMPGROUND": "42", "44": "44", "DAYCARE FACILITY": "44", "45": "45",
        "DOCK/WHARF/FREIGHT/MODAL TERMINAL": "45", "46": "46", "FARM FACILITY": "46", "47": "47",
        "GAMBLING FACILITY/CASINO/RACE TRACK": "47", "48": "48", "INDUSTRIAL SITE": "48",
        "49": "49", "MILITARY INSTALLATION": "49", "50": "50", "PARK/PLAYGROUND": "50", "51": "51",
        "REST AREA": "51", "52": "52", "SCHOOL-COLLEGE/UNIVERSITY": "52", "53": "53",
        "SCHOOL-ELEMENTARY/SECONDARY": "53", "54": "54", "SHELTER-MISSION/HOMELESS": "54",
        "55": "55", "SHOPPING MALL": "55", "56": "56", "TRIBAL LANDS": "56", "57": "57",
        "COMMUNITY CENTER": "57", "58": "58", "CYBERSPACE": "58", "RESIDENCE": "20", "HOME": "20",
        "HOUSE": "20", "APARTMENT": "20", "DWELLING": "20", "SINGLE FAMILY RESIDENCE": "20",
        "MULTI-FAMILY RESIDENCE": "20", "STREET": "13", "HIGHWAY": "13", "SIDEWALK": "13",
        "PARKING LOT": "18", "HOTEL": "14", "MOTEL": "14", "BAR": "03", "NIGHTCLUB": "03",
        "PARK": "50", "UNKNOWN": "25", "OTHER": "25", "OTHER/UNKNOWN LOCATION": "25",
    },
    "grade": {
        "FELONY": "felony", "FEL": "felony", "F": "felony", "FELONIA": "felony",
        "MISDEMEANOR": "misdemeanor", "MISD": "misdemeanor", "M": "misdemeanor",
        "GROSS MISDEMEANOR": "misdemeanor", "VIOLATION": "violation", "V": "violation",
        "INFRACTION": "violation", "PETTY OFFENSE": "violation", "SUMMARY": "violation",
        "SUMMARY OFFENSE": "violation",
    },
    "level": {
        "A": "A", "B": "B", "C": "C", "D": "D", "LEVEL A": "A", "LEVEL B": "B", "LEVEL C": "C",
        "LEVEL D": "D", "A LIST": "A", "B LIST": "B", "C LIST": "C", "D LIST": "D", "A-LIST": "A",
        "B-LIST": "B", "C-LIST": "C", "D-LIST": "D",
    },
    "notification_method": {
        "CALL-IN": "call_in", "CALL IN": "call_in", "CALL_IN": "call_in",
        "GROUP NOTIFICATION": "call_in", "GROUP": "call_in", "CUSTOM": "custom",
        "CUSTOM NOTIFICATION": "custom", "HOME VISIT": "custom", "IN PERSON": "custom",
        "FACE TO FACE": "custom", "FACE-TO-FACE": "custom", "LETTER": "letter", "MAIL": "letter",
        "NOTICE": "letter", "DETECTIVE": "detective", "DETECTIVE MESSAGE": "detective",
        "OTHER": "other",
    },
    "exit_kind": {
        "DEATH": "death", "DIED": "death", "DECEASED": "death", "PRISON": "prison",
        "INCARCERATED": "prison", "JAIL": "prison", "MOVED": "moved", "MOVED AWAY": "moved",
        "RELOCATED": "moved", "OUT OF STATE": "moved",
    },
    "supervision_kind": {
        "PROBATION": "probation", "PROB": "probation", "PAROLE": "parole",
        "POST-RELEASE SUPERVISION": "parole", "PRS": "parole", "SUPERVISED RELEASE": "parole",
        "PRETRIAL": "pretrial", "PRE-TRIAL": "pretrial", "PRETRIAL RELEASE": "pretrial",
        "BAIL": "pretrial", "BOND": "pretrial", "OTHER": "other", "COMMUNITY CONTROL": "other",
        "DIVERSION": "other",
    },
    "event_kind": {
        "ARREST": "arrest", "ARRESTED": "arrest", "CUSTODY": "arrest", "CITATION": "arrest",
        "CHARGE": "charge", "CHARGED": "charge", "FILED": "charge", "COURT": "charge",
        "CONVICTION": "conviction", "CONVICTED": "conviction", "GUILTY": "conviction",
        "SENTENCE": "conviction",
    },
    "focus": {
        "GROUP": "group", "GANG": "group", "GROUP VIOLENCE": "group", "GVI": "group", "GUN": "gun",
        "GUNS": "gun", "FIREARM": "gun", "SHOOTING": "gun", "WEAPON": "gun", "DRUG": "drug",
        "DRUGS": "drug", "NARCOTICS": "drug", "DRUG MARKET": "drug", "DMI": "drug",
        "OTHER": "other",
    },
    "change_kind": {
        "RECORDS_SYSTEM": "records_system", "RECORDS SYSTEM": "records_system",
        "RMS": "records_system", "SYSTEM": "records_system", "CAD": "records_system",
        "POLICY": "policy", "PRACTICE": "policy", "TRAINING": "policy", "LAW": "law",
        "STATUTE": "law", "LEGISLATION": "law", "DEFINITION": "definition",
        "CODE LIST": "definition", "CODES": "definition", "OTHER": "other",
    },
    "tally_measure": {
        "CLIENTS_SERVED": "clients_served", "CLIENTS SERVED": "clients_served",
        "CLIENTS": "clients_served", "SERVED": "clients_served",
        "VICTIMS SERVED": "clients_served", "SHELTER_NIGHTS": "shelter_nights",
        "SHELTER NIGHTS": "shelter_nights", "BED NIGHTS": "shelter_nights",
        "NIGHTS": "shelter_nights", "TURNED_AWAY": "turned_away", "TURNED AWAY": "turned_away",
        "UNMET REQUESTS": "turned_away", "ORDERS_PETITIONED": "orders_petitioned",
        "ORDERS PETITIONED": "orders_petitioned", "PETITIONS": "orders_petitioned",
        "PETITIONS FILED": "orders_petitioned", "ORDERS_GRANTED": "orders_granted",
        "ORDERS GRANTED": "orders_granted", "GRANTED": "orders_granted",
        "SUPERVISED": "supervised", "CASELOAD": "supervised", "SUPERVISED CASELOAD": "supervised",
        "SUPERVISED_IPV": "supervised_ipv", "SUPERVISED IPV": "supervised_ipv",
        "IPV CASELOAD": "supervised_ipv", "PLACES": "places", "CAPACITY": "places",
        "BEDS": "places", "SLOTS": "places",
    },
}  # fmt: skip
"""Vocabulary to the upper-cased word to its code."""
