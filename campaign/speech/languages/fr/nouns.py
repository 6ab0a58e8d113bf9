"""Genders of French nouns: what their endings tell, and closed lists of what they do not."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.romance import Nouns
from campaign.speech.wordlist import words

_FEMININE: Final = re.compile(
    r"\w*(?:[stxgn]ion|[alr]ison|[lr]?eçon|isson|nson|ée|t[ié]é|té|ie|ce|[nu]de|ade|che|lle|ale|mme|rme|ne|pe|ure|ière"
    r"|oire|rre|eure|se|[nr]te|tte|ite|ête|ôte|olte|ute|ue|ve|be)"
)
_FEMININE_WORDS: Final = words(
    "abbaye affaire agrafe aide aile alarme allonge amande ampleur ampoule ancre anecdote annexe antichambre"
    " ardeur argile arme artère asperge atmosphère auberge aurore auréole auto automobile banderole bascule berge"
    " bible boisson botte boucle boulangère boule boussole boxe boîte brebis bride bulle cage caméra canule"
    " capsule carotte casserole caste catastrophe cellule cendre chair chaleur chambre chanson charge chute chèvre"
    " cible cime circulaire cire clavicule clef clientèle clé collecte colère commode comptabilité conseillère"
    " console corde cote couleur coupole cour coutume couturière cravate croix crème cuiller cuillère côte dame"
    " date demande dent dispute douceur douleur débâcle décharge eau encre erreur estime fable faim fanfare faute"
    " faveur façon fenêtre ferme fibre file fin firme fièvre fleur flore foi fois forge forme formule forêt foudre"
    " foule fourmi frayeur fraîcheur froideur frégate fête garde gare gaze gent geôle gorge grammaire grandeur"
    " grange greffe guitare gélule hauteur horloge horreur huile humeur huître hâte idole image interview jument"
    " jungle lame largeur larme lenteur lettre limite lire liste loge loi longueur louange lueur lèvre mafia main"
    " maison maman manœuvre marge mer minute misère mobile molaire molécule montre mort moto mère métaphore"
    " méthode métropole météo nage nappe neige noix norme note nuit oasis odeur oeuvre offre ombre orange page"
    " paire paix paroi parole part particule passagère patate paye peau pellicule perle peur phalange photo"
    " piastre pile piste pistole pizza pizzeria plage planète plateforme plume poudre poule poutre preuve prime"
    " profondeur promo purge pyramide pâleur pâte péninsule période radio rage raideur raison rame recharge"
    " recorde rencontre rigueur rotule rougeole rougeur route rumeur règle réforme saison saveur secte soeur soif"
    " sono souris sphère stupeur sueur suite surcharge syntaxe sœur table taxe terreur tige tirelire toile tomate"
    " toux trame tribu tumeur télé valeur vapeur varicelle vertu vertèbre veste viande victime vidange vidéo"
    " vigueur vipère virgule vis vitre voix voûte âme ère école écume énigme épaisseur épaule épicière éponge"
    " épreuve étable étoile île œuvre"
)
_MASCULINE_WORDS: Final = words(
    "accessoire activiste adulte analogue antibiotique antigène aparté apogée appendice archevêque archéologue"
    " armistice arrière arrêté artifice astronaute auditoire augure automne avion azote bastion beurre bromure"
    " bulbe bénéfice camarade camion camée caniche capitaine caprice carbone cardiogramme carrosse cartable casque"
    " catalogue champion charme chlorure chèque chêne cimetière cirque civil classique clone collagène collègue"
    " colosse comité commerce compte comté conclave conservatoire conte contribuable convive cortex cosmétique"
    " cours crabe crâne crématoire cube cyanure cyclone câble cône côté datagramme dentifrice derrière diagramme"
    " dialogue dilemme dimanche diocèse directoire disque divorce doigté domaine doute décolleté déporté député"
    " embryon esclave espace espion exercice fleuve foie frisson fétiche gendarme glaive globe gorille grade"
    " gramme granite groupe gymnase gène génie gîte hameçon historique homme horoscope hospice hydrogène hymne"
    " hôte ibuprofène incendie indice insigne internaute interne interphone interrogatoire intervalle invité"
    " ivoire jade jeune kilogramme kilowattheure kiosque laboratoire leurre lexique lierre lion live lobe lycée"
    " magazine malade malaise manque masque mausolée mercure messie microbe microgramme microphone microscope"
    " milligramme million moine monde monologue moratoire moustique murmure musée mérite métabolite nomade négoce"
    " observatoire office oratoire organe orgue orifice ovale oxygène pagne panache pape parachute parapluie"
    " parasite parterre participe pastiche patrimoine peigne penalty pence phénomène pion pique-nique plastique"
    " platane plébiscite poisson politologue polype porche portable portefeuille portique postiche pouce pourboire"
    " prince principe procédé profane programme prologue prototype proverbe précipice préjudice psychologue pylône"
    " pâté pétale quadrille rebelle renne reproche retraité risque rite règne réfectoire répertoire réquisitoire"
    " rêve sacrifice satellite saxophone scandale scientifique scorpion service signe silence site smartphone"
    " sociologue solstice sosie squelette stade stéréotype stéthoscope supplice suspense terme territoire"
    " terroriste tonnerre traité trophée trône tube type télescope télégramme téléphone vacarme vase vaudeville"
    " velouté verbe vermicelle verre vice violoncelle zombie âne édifice électrocardiogramme élève épilogue été"
    " évêque"
)
NOUNS: Final = Nouns(
    feminine=_FEMININE,
    feminine_words=_FEMININE_WORDS,
    masculine_words=_MASCULINE_WORDS,
    singulars=lambda word: (word[:-1],) if word.endswith(("s", "x")) else (),
    none=words("et ou à de est en pour avec du que au mille million millions milliard milliards"),
    passed_over=re.compile(r"\s(?:et|ou|à)\s\d+\s"),
)
