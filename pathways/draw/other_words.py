"""The words of the drawings in Catalan, French, German and Portuguese."""

from pathways.schema import ChaseAction, DocumentFormat, Obligation
from pathways.vocabulary import AdjudicationRule

LANGUAGES = ("ca", "fr", "de", "pt")
#: Name → the word in each of LANGUAGES.
_WORDS: dict[str, tuple[str, str, str, str]] = {
    "request": ("Sol·licitud", "Demande", "Anfrage", "Pedido"),
    "consent": ("Consentiment", "Consentement", "Einwilligung", "Consentimento"),
    "documents": ("Documents", "Documents", "Dokumente", "Documentos"),
    "triage": ("Triatge", "Tri", "Triage", "Triagem"),
    "panel": ("Panell", "Panel", "Panel", "Painel"),
    "opinions": ("Opinions", "Avis", "Meinungen", "Opiniões"),
    "adjudication": ("Decisió conjunta", "Décision commune", "Gemeinsame Entscheidung", "Decisão conjunta"),
    "report": ("Informe", "Rapport", "Bericht", "Relatório"),
    "closed": ("Lliurat i tancat", "Remis et clos", "Zugestellt und geschlossen", "Entregue e encerrado"),
    "emergency": (
        "Urgències immediatament",
        "Urgences immédiatement",
        "Sofort in die Notaufnahme",
        "Urgência imediata",
    ),
    "within": ("en {}", "en {}", "binnen {}", "em {}"),
    "accept": ("acceptar en {}", "accepter en {}", "Annahme binnen {}", "aceitar em {}"),
    "otherwise": ("cap altra regla", "aucune autre règle", "keine andere Regel", "nenhuma outra regra"),
    "blind": ("llegeix primer a cegues", "lit d'abord à l'aveugle", "liest zuerst blind", "lê primeiro às cegas"),
    "seats": ("{} places", "{} places", "{} Plätze", "{} lugares"),
    "chair": ("presideix", "préside", "Vorsitz", "preside"),
    "if": ("si {}", "si : {}", "wenn: {}", "se {}"),
    "conditional": ("quan el cas ho demana", "si le cas l'exige", "wo der Fall es verlangt", "quando o caso o pede"),
    "maximum_age": ("de {} com a màxim", "datant de {} au plus", "höchstens {} alt", "de {} no máximo"),
    "extra": (
        "quan els lectors discrepen",
        "quand les lecteurs sont en désaccord",
        "wenn die Lesenden uneinig sind",
        "quando os leitores discordam",
    ),
    "board": ("al comitè si {}", "au comité si : {}", "ins Gremium, wenn: {}", "ao comité se {}"),
    "draft": (
        "esborrany, sense aprovació clínica",
        "brouillon, sans approbation clinique",
        "Entwurf, klinisch nicht freigegeben",
        "rascunho, sem aprovação clínica",
    ),
    "universal": (
        "Un procediment en set dies",
        "Une intervention dans les sept jours",
        "Ein Eingriff binnen sieben Tagen",
        "Um procedimento em sete dias",
    ),
    "guidelines": ("Guies", "Recommandations", "Leitlinien", "Diretrizes"),
    "chase": ("seguiment: {}", "relances : {}", "Nachfassen: {}", "acompanhamento: {}"),
}
_TERMS: dict[str, tuple[str, str, str, str]] = {
    Obligation.MANDATORY: ("imprescindible", "indispensable", "unverzichtbar", "imprescindível"),
    Obligation.REQUIRED: ("obligatori", "obligatoire", "erforderlich", "obrigatório"),
    Obligation.RECOMMENDED: ("recomanat", "recommandé", "empfohlen", "recomendado"),
    DocumentFormat.DICOM: ("DICOM", "DICOM", "DICOM", "DICOM"),
    DocumentFormat.CINE_DICOM: (
        "imatges DICOM en moviment",
        "images DICOM animées",
        "bewegte DICOM-Bilder",
        "imagens DICOM em movimento",
    ),
    AdjudicationRule.SINGLE: (
        "Decideix un expert",
        "Un expert décide",
        "Eine Fachperson entscheidet",
        "Decide um perito",
    ),
    AdjudicationRule.CONCUR: (
        "Tots han de coincidir",
        "Tous doivent s'accorder",
        "Alle müssen einig sein",
        "Todos devem concordar",
    ),
    AdjudicationRule.MAJORITY: (
        "Decideixen dos terços",
        "Deux tiers décident",
        "Zwei Drittel entscheiden",
        "Decidem dois terços",
    ),
    AdjudicationRule.THIRD_READER: (
        "Un tercer lector decideix si discrepen",
        "Un troisième lecteur tranche",
        "Eine dritte Lesung entscheidet bei Uneinigkeit",
        "Um terceiro leitor decide se discordarem",
    ),
    AdjudicationRule.BOARD: (
        "El comitè es reuneix i decideix",
        "Le comité se réunit et décide",
        "Das Gremium tagt und entscheidet",
        "O comité reúne-se e decide",
    ),
    AdjudicationRule.RAND: (
        "Puntuació RAND, d'1 a 9",
        "Cotation RAND, de 1 à 9",
        "RAND-Bewertung, 1 bis 9",
        "Pontuação RAND, de 1 a 9",
    ),
    ChaseAction.REMIND: ("recordar", "rappeler", "erinnern", "lembrar"),
    ChaseAction.CHANGE_CHANNEL: ("canviar de canal", "changer de canal", "Kanal wechseln", "mudar de canal"),
    ChaseAction.REPLACE_EXPERT: ("substituir l'expert", "remplacer l'expert", "ersetzen", "substituir o perito"),
    ChaseAction.ESCALATE: ("escalar", "faire remonter", "eskalieren", "escalar"),
}
WORDS = {code: {name: said[place] for name, said in _WORDS.items()} for place, code in enumerate(LANGUAGES)}
TERMS = {code: {name: said[place] for name, said in _TERMS.items()} for place, code in enumerate(LANGUAGES)}
#: Singular and plural of a day, and of a working day.
DAYS = {
    "es": (("día", "días"), ("día hábil", "días hábiles")),
    "ca": (("dia", "dies"), ("dia hàbil", "dies hàbils")),
    "fr": (("jour", "jours"), ("jour ouvrable", "jours ouvrables")),
    "de": (("Tag", "Tagen"), ("Arbeitstag", "Arbeitstagen")),
    "pt": (("dia", "dias"), ("dia útil", "dias úteis")),
}
