"""The words in which an adjudication is told."""

from pathways.opinion import Stance
from pathways.readings import Need
from pathways.vocabulary import AdjudicationRule, Concordance, Text

RULES: dict[AdjudicationRule, Text] = {
    AdjudicationRule.SINGLE: Text(
        en="One expert answers.",
        es="Responde un solo experto.",
        ca="Respon un sol expert.",
        fr="Un seul expert répond.",
        de="Eine einzige Fachperson antwortet.",
        pt="Responde um único especialista.",
    ),
    AdjudicationRule.CONCUR: Text(
        en="All readers must agree.",
        es="Todos los lectores deben coincidir.",
        ca="Tots els lectors han de coincidir.",
        fr="Tous les lecteurs doivent être d’accord.",
        de="Alle Begutachtenden müssen übereinstimmen.",
        pt="Todos os leitores têm de concordar.",
    ),
    AdjudicationRule.MAJORITY: Text(
        en="Each reader votes alone; two thirds decide.",
        es="Cada lector vota por separado; deciden dos tercios.",
        ca="Cada lector vota per separat; decideixen dos terços.",
        fr="Chaque lecteur vote séparément ; les deux tiers décident.",
        de="Alle Begutachtenden stimmen einzeln ab; zwei Drittel entscheiden.",
        pt="Cada leitor vota separadamente; decidem dois terços.",
    ),
    AdjudicationRule.THIRD_READER: Text(
        en="A third reader decides where the readings differ substantially.",
        es="Un tercer lector decide cuando las lecturas difieren de forma importante.",
        ca="Un tercer lector decideix quan les lectures difereixen de manera important.",
        fr="Un troisième lecteur tranche lorsque les lectures diffèrent nettement.",
        de="Weichen die Beurteilungen wesentlich voneinander ab, entscheidet eine dritte.",
        pt="Um terceiro leitor decide quando as leituras diferem de forma importante.",
    ),
    AdjudicationRule.BOARD: Text(
        en="A board of the readers decides.",
        es="Decide un comité de los lectores.",
        ca="Decideix un comitè dels lectors.",
        fr="Une réunion des lecteurs décide.",
        de="Die Begutachtenden entscheiden gemeinsam in einer Konferenz.",
        pt="Decide uma reunião dos leitores.",
    ),
    AdjudicationRule.RAND: Text(
        en="Appropriateness is rated from 1 to 9 (RAND); there is disagreement where at least a third rate 1 to 3 and "
        "at least a third rate 7 to 9.",
        es="La adecuación se puntúa de 1 a 9 (RAND); hay desacuerdo cuando al menos un tercio puntúa de 1 a 3 y al "
        "menos un tercio de 7 a 9.",
        ca="L’adequació es puntua de l’1 al 9 (RAND); hi ha desacord quan almenys un terç puntua de l’1 al 3 i almenys "
        "un terç del 7 al 9.",
        fr="La pertinence est notée de 1 à 9 (RAND) ; il y a désaccord lorsqu’au moins un tiers note de 1 à 3 et au "
        "moins un tiers de 7 à 9.",
        de="Die Angemessenheit wird von 1 bis 9 bewertet (RAND); Uneinigkeit besteht, wenn mindestens ein Drittel "
        "1 bis 3 und mindestens ein Drittel 7 bis 9 vergibt.",
        pt="A adequação é pontuada de 1 a 9 (RAND); há desacordo quando pelo menos um terço pontua de 1 a 3 e pelo "
        "menos um terço de 7 a 9.",
    ),
}
STANCES: dict[Stance, Text] = {
    Stance.SUPPORTED: Text(en="supported", es="apoyado", ca="a favor", fr="soutenu", de="unterstützt", pt="apoiado"),
    Stance.UNCERTAIN: Text(en="uncertain", es="dudoso", ca="dubtós", fr="incertain", de="unsicher", pt="em dúvida"),
    Stance.NOT_SUPPORTED: Text(
        en="not supported",
        es="no apoyado",
        ca="en contra",
        fr="non soutenu",
        de="nicht unterstützt",
        pt="não apoiado",
    ),
}
POSITIONS: dict[Stance, Text] = {
    Stance.SUPPORTED: Text(
        en="the proposed treatment is supported",
        es="se apoya el tratamiento propuesto",
        ca="es dona suport al tractament proposat",
        fr="le traitement proposé est soutenu",
        de="die vorgeschlagene Behandlung wird unterstützt",
        pt="o tratamento proposto é apoiado",
    ),
    Stance.UNCERTAIN: Text(
        en="the proposed treatment remains uncertain",
        es="el tratamiento propuesto queda en duda",
        ca="el tractament proposat queda en dubte",
        fr="le traitement proposé reste incertain",
        de="die vorgeschlagene Behandlung bleibt unsicher",
        pt="o tratamento proposto permanece em dúvida",
    ),
    Stance.NOT_SUPPORTED: Text(
        en="the proposed treatment is not supported",
        es="no se apoya el tratamiento propuesto",
        ca="no es dona suport al tractament proposat",
        fr="le traitement proposé n’est pas soutenu",
        de="die vorgeschlagene Behandlung wird nicht unterstützt",
        pt="o tratamento proposto não é apoiado",
    ),
}
CONCORDANCES: dict[Concordance, Text] = {
    Concordance.CONFIRMED: Text(
        en="confirmed", es="confirmado", ca="confirmat", fr="confirmé", de="bestätigt", pt="confirmado"
    ),
    Concordance.CLARIFIED: Text(
        en="clarified", es="matizado", ca="matisat", fr="précisé", de="präzisiert", pt="clarificado"
    ),
    Concordance.CHANGED: Text(
        en="changed", es="modificado", ca="modificat", fr="modifié", de="geändert", pt="alterado"
    ),
}
NEXT: dict[Need, Text] = {
    Need.BOARD: Text(
        en="The board must meet.",
        es="Debe reunirse el comité.",
        ca="S’ha de reunir el comitè.",
        fr="La réunion doit avoir lieu.",
        de="Die Konferenz muss zusammentreten.",
        pt="A reunião tem de realizar-se.",
    ),
    Need.THIRD_READER: Text(
        en="A third reader is called.",
        es="Se llama a un tercer lector.",
        ca="Es crida un tercer lector.",
        fr="Un troisième lecteur est appelé.",
        de="Eine dritte Beurteilung wird eingeholt.",
        pt="É chamado um terceiro leitor.",
    ),
}
SETTLED: dict[Need, Text] = {
    Need.BOARD: Text(
        en="The board settled it:",
        es="El comité lo resolvió:",
        ca="El comitè ho va resoldre:",
        fr="La réunion a tranché :",
        de="Die Konferenz hat entschieden:",
        pt="A reunião decidiu:",
    ),
    Need.THIRD_READER: Text(
        en="The third reader settled it:",
        es="El tercer lector lo resolvió:",
        ca="El tercer lector ho va resoldre:",
        fr="Le troisième lecteur a tranché :",
        de="Die dritte Beurteilung hat entschieden:",
        pt="O terceiro leitor decidiu:",
    ),
}
VOTES = Text(
    en="Of {readers} readers on the proposed treatment: {tally}.",
    es="De {readers} lectores sobre el tratamiento propuesto: {tally}.",
    ca="De {readers} lectors sobre el tractament proposat: {tally}.",
    fr="Sur {readers} lecteurs, à propos du traitement proposé : {tally}.",
    de="Von {readers} Begutachtenden zur vorgeschlagenen Behandlung: {tally}.",
    pt="De {readers} leitores sobre o tratamento proposto: {tally}.",
)
RESULT = Text(en="Result:", es="Resultado:", ca="Resultat:", fr="Résultat :", de="Ergebnis:", pt="Resultado:")
NO_RESULT = Text(
    en="There is no common position.",
    es="No hay una posición común.",
    ca="No hi ha una posició comuna.",
    fr="Il n’y a pas de position commune.",
    de="Es gibt keine gemeinsame Position.",
    pt="Não há uma posição comum.",
)
POSITION = Text(
    en="{stance}; diagnosis {diagnosis}, treatment {treatment}.",
    es="{stance}; diagnóstico {diagnosis}, tratamiento {treatment}.",
    ca="{stance}; diagnòstic {diagnosis}, tractament {treatment}.",
    fr="{stance} ; diagnostic {diagnosis}, traitement {treatment}.",
    de="{stance}; Diagnose {diagnosis}, Behandlung {treatment}.",
    pt="{stance}; diagnóstico {diagnosis}, tratamento {treatment}.",
)
DISAGREEMENT = Text(
    en="The ratings of {count} of {items} items are in disagreement.",
    es="Hay desacuerdo en las puntuaciones de {count} de {items} elementos.",
    ca="Hi ha desacord en les puntuacions de {count} de {items} elements.",
    fr="Les notes sont en désaccord pour {count} éléments sur {items}.",
    de="Bei {count} von {items} Punkten gehen die Bewertungen auseinander.",
    pt="Há desacordo nas pontuações de {count} de {items} elementos.",
)
