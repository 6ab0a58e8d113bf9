"""Abbreviations of French: addresses, titles, firms, and words of clinics, schools, banks and offices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ABBREVIATIONS: Final[Mapping[str, str]] = {
    "Mr": "monsieur", "Mr.": "monsieur", "Mlles": "mesdemoiselles", "Me": "maître", "Mgr": "monseigneur",
    "Drs": "docteurs", "Dre": "docteure", "Vve": "veuve", "Cdt": "commandant", "Cne": "capitaine", "Lt": "lieutenant",
    "Gal": "général", "Mal": "maréchal", "Pdt": "président", "pdt": "pendant",
    "Col.": "colonel", "Gal.": "général", "Mal.": "maréchal",
    "Cdt.": "commandant", "Dresse": "doctoresse", "Dresses": "doctoresses", "Bxl": "Bruxelles", "Bxl.": "Bruxelles",
    "BXL": "Bruxelles", "Pdte": "présidente", "Sté": "société",
    "Ets": "établissements", "Éts": "établissements", "M/Mme": "monsieur ou madame", "Mme/M": "madame ou monsieur",
    "Mr/Mme": "monsieur ou madame", "H/F": "homme ou femme", "h/f": "homme ou femme", "F/H": "femme ou homme",
    "c/o": "chez", "C/O": "chez", "s/c": "sous couvert de", "c/c": "compte courant", "A/R": "aller-retour",
    "N/A": "non applicable", "n/a": "non applicable", "N.B.": "nota bene", "P.-S.": "post-scriptum",
    "w.-e.": "week-end", "n°s": "numéros", "N°s": "numéros", "Nº": "numéro", "N.º": "numéro",
    "av. J.-C.": "avant Jésus-Christ", "apr. J.-C.": "après Jésus-Christ", "ap. J.-C.": "après Jésus-Christ",
    "av. JC": "avant Jésus-Christ", "ap. JC": "après Jésus-Christ", "apr.": "après",
    "pl.": "place", "rte": "route", "rte.": "route", "imp.": "impasse", "all.": "allée", "chem.": "chemin",
    "fg": "faubourg", "fbg": "faubourg", "sq.": "square", "bld": "boulevard", "blvd": "boulevard",
    "boul.": "boulevard", "rés.": "résidence", "résid.": "résidence", "esc.": "escalier", "apt.": "appartement",
    "appt": "appartement", "bât": "bâtiment", "RDC": "rez-de-chaussée", "rdc": "rez-de-chaussée",
    "dte": "droite", "gche": "gauche", "cf.": "confer", "al.": "alinéa", "chap.": "chapitre", "trim.": "trimestre",
    "sem.": "semaine", "hab.": "habitants", "pers.": "personnes", "qté": "quantité", "nbre": "nombre",
    "qqn": "quelqu'un", "qqch": "quelque chose", "tlj": "tous les jours", "tjs": "toujours", "bcp": "beaucoup",
    "suiv.": "suivants", "évent.": "éventuellement", "resp.": "respectivement", "moy.": "moyenne", "tél": "téléphone",
    "incl.": "inclus", "compl.": "complément", "ordon.": "ordonnance", "consult.": "consultation", "exp.": "expire",
    "vend.": "vendredi", "merc.": "mercredi", "asc.": "ascenseur",
    "voit.": "voiture", "kWh": "kilowattheure", "m²": "mètre carré", "m³": "mètre cube", "dép.": "département",
    "mens.": "mensuel", "cptes": "comptes", "virt.": "virement",
    "prél.": "prélèvement", "fact.": "facture", "doss.": "dossier", "ex.": "exemple", "obs.": "observations",
    "Mme.": "madame", "Mlle.": "mademoiselle", "cab.": "cabinet", "TEL.": "téléphone", "TÉL.": "téléphone",
    "DR": "docteur", "MME": "madame", "MLLE": "mademoiselle", "REF.": "référence", "RÉF.": "référence",
    "APPT": "appartement", "BAT.": "bâtiment", "BÂT.": "bâtiment", "AV.": "avenue", "BD": "boulevard",
    "sf": "sauf", "ss-sol": "sous-sol", "Tle": "terminale", "alt.": "altitude", "conso.": "consommation",
    "Conso.": "consommation",
    "c. à s.": "cuillère à soupe", "c. à c.": "cuillère à café", "éch.": "échelle",
}  # fmt: skip
BEFORE_NUMBERS: Final[Mapping[str, str]] = {
    "Art.": "article", "artt.": "articles", "vol.": "volume", "fig.": "figure", "tab.": "tableau", "ann.": "annexe",
    "sect.": "section", "par.": "paragraphe", "apt": "appartement", "esc": "escalier", "P.": "page",
    "app.": "appartement", "App.": "appartement", "bur.": "bureau", "Bur.": "bureau", "bte": "boîte", "bte.": "boîte",
}  # fmt: skip
