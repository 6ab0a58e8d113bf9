"""Short forms and what is said for them, one table a language; case and dots as written."""

from __future__ import annotations

from collections.abc import Mapping

SHORT_FORMS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "Mr.": "Mister", "Mr": "Mister", "Mrs.": "Missus", "Mrs": "Missus", "Ms.": "Miz", "Ms": "Miz",
        "Dr.": "Doctor", "Dr": "Doctor", "Prof.": "Professor", "Rev.": "Reverend", "e.g.": "for example",
        "i.e.": "that is", "etc.": "et cetera", "vs.": "versus", "approx.": "approximately", "Apt.": "Apartment",
        "Ave.": "Avenue", "Blvd.": "Boulevard", "Rd.": "Road", "Inc.": "Incorporated", "Ltd.": "Limited",
        "St.": "Saint", "tel.": "telephone", "Tel.": "Telephone",
    },
    "de": {
        "Hr.": "Herr", "Hrn.": "Herrn", "Fr.": "Frau", "Dr.": "Doktor", "Prof.": "Professor", "z. B.": "zum Beispiel",
        "z.B.": "zum Beispiel", "z.\u00a0B.": "zum Beispiel", "d. h.": "das heißt", "d.h.": "das heißt",
        "usw.": "und so weiter", "bzw.": "beziehungsweise", "ca.": "circa", "Nr.": "Nummer", "Tel.": "Telefon",
        "inkl.": "inklusive", "zzgl.": "zuzüglich", "ggf.": "gegebenenfalls", "evtl.": "eventuell",
        "Abt.": "Abteilung",
        "Std.": "Stunden", "Min.": "Minuten", "mind.": "mindestens", "max.": "maximal", "St.": "Sankt",
        "u. a.": "unter anderem", "u.a.": "unter anderem", "Mio.": "Millionen", "bes.": "besonders",
        "vgl.": "vergleiche",
        "tägl.": "täglich", "sog.": "sogenannte", "GmbH": "G M B H", "e. V.": "E V", "MwSt.": "Mehrwertsteuer",
        "Art.-Nr.": "Artikelnummer", "Kd.-Nr.": "Kundennummer", "Abs.": "Absatz", "zw.": "zwischen",
    },
    "es": {
        "Sr.": "señor", "Sra.": "señora", "Srta.": "señorita", "Sres.": "señores", "Dr.": "doctor", "Dra.": "doctora",
        "D.": "don", "Dña.": "doña", "Ud.": "usted", "Uds.": "ustedes", "Vd.": "usted", "Vds.": "ustedes",
        "p. ej.": "por ejemplo", "p.ej.": "por ejemplo", "etc.": "etcétera", "Av.": "Avenida", "Avda.": "Avenida",
        "C/": "calle", "pág.": "página", "n.º": "número", "nº": "número", "N.º": "número", "Nº": "número",
        "núm.": "número", "aprox.": "aproximadamente", "tel.": "teléfono", "Tel.": "Teléfono", "Prof.": "profesor",
        "EE. UU.": "Estados Unidos", "depto.": "departamento", "máx.": "máximo", "mín.": "mínimo",
    },
    "fr": {
        "M.": "monsieur", "MM.": "messieurs", "Mme": "madame", "Mmes": "mesdames", "Mlle": "mademoiselle",
        "Dr": "docteur", "Dr.": "docteur", "etc.": "et cetera",
        "c.-à-d.": "c'est-à-dire", "p. ex.": "par exemple", "p.ex.": "par exemple", "n°": "numéro", "N°": "numéro",
        "nº": "numéro", "bd": "boulevard", "tél.": "téléphone", "Tél.": "Téléphone",
        "réf.": "référence", "env.": "environ", "St": "Saint", "Ste": "Sainte", "max.": "maximum", "min.": "minimum",
        "SNCF": "S N C F", "TVA": "T V A",
    },
    "it": {
        "Sig.": "signor", "Sigg.": "signori", "Sig.ra": "signora", "Sig.na": "signorina", "Dott.": "dottor",
        "Dott.ssa": "dottoressa", "Dr.": "dottor", "Prof.": "professor", "Prof.ssa": "professoressa",
        "Avv.": "avvocato",
        "Ing.": "ingegner", "ecc.": "eccetera", "n°": "numero", "nº": "numero",
        "tel.": "telefono", "Tel.": "Telefono", "pag.": "pagina", "p.es.": "per esempio", "ca.": "circa",
    },
    "pt": {
        "Sr.": "senhor", "Sra.": "senhora", "Srs.": "senhores", "Dr.": "doutor", "Dra.": "doutora", "D.": "dona",
        "Prof.": "professor", "Profa.": "professora", "etc.": "et cetera", "p. ex.": "por exemplo",
        "p.ex.": "por exemplo", "n.º": "número", "nº": "número", "N.º": "número", "Av.": "Avenida", "tel.": "telefone",
        "Tel.": "Telefone", "pág.": "página", "máx.": "máximo", "mín.": "mínimo", "aprox.": "aproximadamente",
    },
}  # fmt: skip

NUMERIC_FORMS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "No.": "number",
        "no.": "number",
        "No": "number",
        "p.": "page",
        "pp.": "pages",
        "Apt.": "Apartment",
    },
    "de": {
        "S.": "Seite",
        "Nr.": "Nummer",
        "Str.": "Straße",
        "str.": "straße",
        "Art.": "Artikel",
        "Kap.": "Kapitel",
    },
    "es": {"p.": "página", "pp.": "páginas", "págs.": "páginas", "art.": "artículo", "n.": "número"},
    "fr": {"p.": "page", "pp.": "pages", "art.": "article", "no.": "numéro", "no": "numéro", "av.": "avenue"},
    "it": {"n.": "numero", "pag.": "pagina", "art.": "articolo"},
    "pt": {"p.": "página", "art.": "artigo", "n.": "número"},
}
"""Short forms that are read so before a number only."""
