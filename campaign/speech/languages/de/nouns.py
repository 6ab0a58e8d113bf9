"""Genders of German nouns: the last part of a compound decides, by closed lists and then by its ending."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from campaign.speech.wordlist import words

_FEMININE: Final = words(
    "abfahrt abwehr achse agenda aktion allee ampel angst ankunft anlage anschrift ansicht anstalt antwort"
    " apotheke apothekerin app arbeit armee art aufsicht auktion ausfahrt auskunft auswahl bahn bank bar basis"
    " batterie bauart bewegung bibliothek billion blutprobe brust brut brücke bucht burg butter bücherei cd city"
    " creme crew datei dauer demo disco diskothek dividende dosis dvd e-mail ecke ehe eile einfahrt einkunft email"
    " erkenntnis erlaubnis ethik fabrik fahrt faktur familie farbe faust feder fee feier firma flucht flut form"
    " formel frau freiheit frist frucht furcht gabel galerie gans geburt gebühr geduld gefahr gegend gemeinde"
    " geschichte gestalt gewalt gewähr gier glut grafik gruft guerilla gunst haft hand handvoll haut heimat heirat"
    " herkunft hilfe hochburg hochzeit hypothek idee insel jacht jugend junta justiz kamera kammer kantine kanzlei"
    " kapsel karte kartei kartoffel kasse kehr kenntnis kilowattstunde klasse klausur klima-anlage klingel klinik"
    " kluft konjunktur kost kraft krankenkasse kritik kuh kulisse kultur kunst kur last laune leber lehre leinwand"
    " lira liste logik luft lust macht mail mark matrix matura mauer maus maut medizin meinung mensa miete milch"
    " miliz milliarde million mode mundart musik mutter mutti nachricht nacht nadel nahrung naht natur niete not"
    " notdurft notiz notwehr nummer nuss oper partei pasta pension person pflicht phase pizza police politik"
    " polizei post praxis probe provinz prüfung qual ration regel reparatur republik rolle ruhe rückfahrt saat sau"
    " schaltung schau schicht schlacht schlange schnur schrift schuld schulter schwester sekunde show sicht sim"
    " sms sorgfalt spur stadt statistik steckdose steuer stirn story strafe struktur sucht summe tablette tafel"
    " tastatur taste tat technik tochter tour tracht trauer trommel tür uhr umwelt unfallaufnahme unterkunft"
    " unterschrift ursache vernunft version vielfalt villa vollmacht vorschau vorsicht waffe wahl wand ware watte"
    " wehr welt werkstatt wiederwahl wirtschaft woche wolle wucht wurst wut zahl zeit zentrale ziffer zucht"
    " zufahrt zukunft zulassung zunft zwiebel"
)
_MASCULINE: Final = words(
    "abend ablauf absatz abschlag abschluss abschnitt absender abstand affe akkord akku akt aktionär akzent alarm"
    " anfall anfang angehörige angestellte anhang anlass anruf ansatz anschluss anspruch anteil antrag anzug apfel"
    " apparat april arm artikel arzt ast atem auftrag auftritt aufwand august ausdruck ausfall ausflug ausgang"
    " ausschnitt ausschuss ausweis auszug automat autor bagger balken balkon ball bart bau bauch baum bayer beamte"
    " bedarf befehl befund beginn begriff beitrag beleg bereich berg bericht beruf besatz bescheid besen besitz"
    " besuch beton betrag betreff betrieb beweis bezirk bezug bildschirm blick block blutdruck boden bogen bon"
    " bote braten brei brief bruder brunnen bube buchstabe buchungstag bund bus busen cent champignon chef chinese"
    " chip christ code coupon cousin dank darm daumen deckel dezember dienst dienstag direktor docht doktor dollar"
    " donnerstag dorn drang druck duft durchfall durst däne eid eimer einfluss eingang einkauf einsatz eintrag"
    " einwand einzug ekel enkel entwurf erbe erfolg erlass ersatz ertrag esel esprit essig euro experte export"
    " faden fahrplan faktor fall falschalarm februar fehlbetrag fehler feiertag feind fels fernseher filter finger"
    " fisch fleck fleiß flieder flug flur fluss fonds fortschritt franken franzose freitag freund friede frieden"
    " friseur frosch funk funke fuß gang garten gast gebrauch gedanke gegenstand gehweg geist genosse geselle"
    " gewinn glaube grad grieche griff grund gruß gurt gürtel hafen hahn haken hals halt hammer handel hang hase"
    " haufe haushalt herbst herd herr hinweis hof honig hund hunger husten hut hügel import index infarkt inhalt"
    " insasse irrtum januar jubel jude juli junge juni jux kabeljau kabelsalat kaffee kalender kalk kamm kampf"
    " kanal karton kasten kater kauf kaugummi keks keller kern kessel kiefer kilometer kissenbezug kloß knabe"
    " knoblauch knochen knopf koffer kohl kollege komfort kommentar komplex konsum kontakt kontoauszug kopf korb"
    " kragen kranz kreator krebs kredit kreis krieg kropf kuchen kunde kupon kurde kurs kuss käfig käse lachs"
    " laden laie lappen lauf lebenslauf lehm leim lohn luxus lärm löffel löwe magen magnet mai mangel mann mantel"
    " markt marsch meister meißel mensch meter millimeter mitarbeiter mittag mittwoch moment monat mond monitor"
    " montag mord morgen motor mull mund muskel mut märz mörtel müll nachbar nachlass nachmittag nachname nachteil"
    " nachweis nagel name nebel neffe nerv nikolaus norden notar november nutzen ochse ofen oktober onkel ordner"
    " ort osten ozean park pass pastor pate patient pavillon peso pfad pfeffer pfosten pickel pilz pinsel plan"
    " platz pokal pole posten preis professor prospekt prozess pudding puls punkt quark rabatt rabe radau rahm"
    " rahmen rand rang rappen rasen rat rauch raum reaktor reflex regen reifen reis rekord rektor report rest"
    " rettich rhythmus riemen riese ring rock rohrbruch roman rost ruck ruf ruhm rumpel rumpf russe rücken"
    " rückgang rückstand rüde saal sack saft salat saldo salon same samen samstag sand satellit sattel satz"
    " schaden schall schalter schatten schatz scheck schein scherz schimmel schinken schirm schlaf schlag schlauch"
    " schlitten schluss schlüssel schmerz schmuck schnee schnitt schnupfen schock schrank schritt schuh schuss"
    " schutz schwamm schwanz schwede schweiß schwerpunkt schädel sektor senator senf september service sessel sinn"
    " sitz skandal socken sohn sommer sonntag spargel spaß speicher spiegel spinat sport spruch sprung staat stab"
    " stachel stall stamm stand standort stapel start stau staub stecker stein stellvertreter stempel stern stich"
    " stiefel stift stil stock stoff stollen stolz strand strauch strauß streifen streik streit strich strom"
    " strumpf stuhl stummel sturm stängel sumpf süden tabak tacho tag takt tango tank tanz tarif tarifvertrag tee"
    " teil teller teppich termin test text tipp tisch titel tod ton topf trakt transport traum treff trend tresor"
    " tropfen trost tunnel turm typ türke umbau umfang umsatz umschlag umstand umtausch umweg umzug unfall"
    " unterricht unterschied urin urlaub ursprung vater verband verbleib verbrauch verdacht verein verkauf verkehr"
    " verlag verlauf verlust vers versand verstoß versuch vertrag verzicht vize vogel vorgang vorgesetzte vorhang"
    " vorname vorrat vorschlag vorschuss vorsitzende vorstand vorteil vortrag vorwurf wagen waggon wal wald wall"
    " wandel wechsel wecker weg wein wels wert westen widerstand wille wind winkel winter wirt witz wolf wunsch"
    " wurf zahn zapfen zaun zeh zeitpunkt zeitraum zentimeter zettel zeuge ziegel zins zipfel zirkus zoll zopf"
    " zufall zug zugang zusatz zuschlag zuschuss zustand zuwachs zwang zweck zweifel zweig zwerg zyklus"
    " zählerstand ärmel überblick übergang"
)
_NEUTER: Final = words(
    "abenteuer abitur abkommen ablesegerät abo abonnement adressbuch aids alibi alter ambiente amt angebot"
    " anliegen antibiotikum apartment appartement appointment aquarium argument asthma asyl attest aufgebot auge"
    " ausland auto automobil baby bad band beben bein beispiel benzin besteck bett bier bild billett blatt blei"
    " blut boot brett brot buch budget buffet büro café cello center chaos chlor dach dachgeschoss darlehen datum"
    " defizit delikt depot detail deutsch dg ding dokument doppel dorf drama drittel dutzend eg ehrenamt eigentum"
    " einkommen eis eisen elend ende endgerät engagement erdgeschoss ereignis ergebnis erlebnis ersatzteil erz"
    " essen etikett evangelium event examen exemplar exil fach fahrrad fass fax fazit feedback feld fell fenster"
    " fernsehen fest fett feuer fieber finale finanzamt fleisch formular forum foto foyer fragment frühstück"
    " futter gas gebet gebiet gebiss gebot geburtsdatum gebäude gedicht gefecht gefängnis gefühl gegenteil gehalt"
    " geheimnis gehirn gehör geld gelenk gelände gemüse gen genick genie gepäck gericht gerät geräusch geschehen"
    " geschenk geschirr geschlecht geschoss geschäft gesetz gesicht gespräch gestell gesuch getriebe getränk"
    " gewebe gewehr gewerbe gewicht gewissen gewitter gewürz gift gipfeltreffen glas gleis glied glück gold grab"
    " gramm gras gut gutachten guthaben gymnasium haar haarteil handy haupt haus heft heim hemd herz heu highlight"
    " hindernis hirn hobby holz honorar horn hostel hotel huhn ideal image inland inserat institut instrument"
    " interesse internet interview jahr jahrhundert jahrzehnt jubiläum kabel kalb kapital kapitel karussell"
    " katheter kilogramm kilowatt kind kinn kino kissen klavier kleid kleinkind klima klo knie komitee komma"
    " kommuniqué konto konzentrat konzept konzert korn krankenhaus kraut kreuz kriterium labor lager lamm land"
    " laub leben leck leder leid level lexikon licht lied limit lob loch lokal magazin mahl mal marketing massaker"
    " material maul maß medikament medium meer meeting mehl melanom melatonin menü messer metall militär"
    " milligramm ministerium minus mitglied mittel mobil modell moor moped motorrad museum muster mädchen möbel"
    " naturell nest netz netzteil netzwerk niveau obergeschoss oberhaupt objekt obst og ohr opfer orchester organ"
    " original oxid paar paket papier paradies parfum parkett parlament parterre passwort patent personal pfand"
    " pferd pflaster pfund plakat plus podium portal porto portrait poster prinzip prisma privileg problem produkt"
    " profil programm projekt protein protokoll prozent präparat präsent publikum pulver quartal quiz quorum rad"
    " radio recht referat regal regime register reich rennen restaurant resultat revier rezept rind risiko rohr"
    " rollo rudel rätsel sakko salz schach schaf schicksal schiff schild schloss schreiben schulamt schwein"
    " schwert segel segment sehnen seil semester seminar set shirt shopping siegel signal silber skelett sofa"
    " sozialamt sparbuch spiel spital stadion steak stipendium stockwerk studio studium stück symbol symptom"
    " system tablett tal talent taxi team telefon telegramm tempo terminal terrain testament theater thema ticket"
    " tier training trauma treffen trikot trimester tuch turnier ufer ug untergeschoss unternehmen update uran"
    " urteil ventil verbot verbrechen verfahren vergnügen verhalten verhältnis verlies vermögen versehen"
    " verständnis vertrauen video viertel vinyl virus visier visum vitamin volk volumen vorhaben vorkommen wachs"
    " wachstum wappen wasser watt weib werk wetter wissen wochenende wohnmobil wort wunder zeichen zelt zentrum"
    " zertifikat zeug zeugnis ziel zimmer zitat zubehör zuhause öl"
)
_ALONE: Final = {"tor": "n", "ei": "n", "bar": "f", "leiter": "m", "tau": "n", "los": "n", "see": "m"}
"""These end other words by chance: `Autor`, `Partei`."""
_ENDINGS: Final = (
    (re.compile(r"\w+(?:chen|lein)"), "n"),
    (
        re.compile(
            r"\w*(?:[^e]ung|heit|keit|schaft|[stgn]ion|tät|ei|ie|[^lst]ik|tik|enz|anz|[rtkds]ur|[^rtl]in|[et]rin|tin|lin)"
        ),
        "f",
    ),
    (re.compile(r"\w+(?:ment|nis|ium|[^r]um|ett|[iklmz]at|[gt]ma|ell|il|iv|[^l]ing|o|en|eln|ern)"), "n"),
    (re.compile(r"ge(?:b|f|h|l|m|n|r|s|t|w)\w{2,6}e"), "n"),
    (re.compile(r"\w+e"), "f"),
)
_SHORTEST_HEAD: Final = 3


@lru_cache(maxsize=4096)
def gender(word: str) -> str:
    """`m`, `f` or `n` of a noun in the singular."""
    small = word.lower()
    if small in _ALONE:
        return _ALONE[small]
    for start in range(max(len(small) - _SHORTEST_HEAD, 0) + 1):
        head = small[start:]
        for known, found in ((_FEMININE, "f"), (_MASCULINE, "m"), (_NEUTER, "n")):
            if start != 1 and head in known:
                return found
    return next((found for ending, found in _ENDINGS if ending.fullmatch(small)), "m")
