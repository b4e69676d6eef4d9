"""Sentences by the rules of each language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learn.authoring.documents.sentences import language_of, split

EN = [
    "Ask Dr. Lee or Mrs. Kim first.|Then wait.",
    "Some foods, e.g. Brazil nuts, are fine.|Others, i.e. Raw eggs, are not.",
    "It was 62% vs. 52% in the U.S. Food and Drug report (Fig. 2).|Take 1.5 mg.|Then rest.",
    "It is given in St. Louis.|See No. 5.|Lee et al. 2019 said so.",
    "It is common outside the U.S.|The risk is low.",
    "No.|You can’t.",
    "Come at 5 p.m. Monday or 9 a.m. Eastern time.|Come at 5 p.m.|Call first.",
    "Bring gloves, a hat, etc.|Leave perfume at home.",
    "J. R. Smith and Ana B. Ruiz wrote it.|Eat food with vitamin C.|Drink water.",
    "You may have hepatitis B.|Ask about it.",
    "“They are busy.”|2 of them sleep.",
    "(Ask first.)|Then go.",
    "Is it safe?|Yes!|Go on…|It helps.",
    "1. Wash your hands.|2. Dry them.",
    "Children are 5.|Adults are 20.",
    "Take Smith Inc. tablets.|The cost is low.",
    "Wait... then go.",
    "Read 3.5 of it at www.a.example.|Then call.",
    "It came on Jan. 5 and Sept. 12.|It left in Jan.|We were glad.",
    "She has a Ph.D. in nursing.|He is an R.N.|They work here.",
]
ES = [
    "Llame a su enfermera.|¿Tiene fiebre?|Óigala bien.|Él le dirá qué hacer.|¡No espere!|Últimamente hay ayuda.",  # noqa: E501
    "Pregunte al Dr. Ruiz o a la Dra. Lee.|Luego espere.",
    "Hay alimentos, p. ej. Nueces, que sirven.|Vea la pág. 5 y la fig. 2.",
    "Es común en EE. UU. y en México.|Vive en los EE. UU.|La causa no se sabe.",
    "Tome 1,5 mg.|Llame a las 5 p. m.|Descanse.",
    "Lleve agua, ropa, etc.|Deje el perfume en casa.",
    "«Vuelva mañana.»|Así dijo la Sra. Díaz.",
    "¡Sí!|¿Y ahora?|Espere…|Ya vienen.",
    "¿Cuándo llamo?|Si tiene 38 °C.|No.|Cinco días bastan.",
]
OTHER = [
    "Fragen Sie Dr. Weber.|Nehmen Sie z. B. Wasser.|Gut so.",
    "Appelez M. Duval.|Il viendra.",
    "お待ちください。|電話してください。",
    "اتصل بنا.|هل أنت بخير؟|نعم.",
    "Вызовите врача.|Он поможет.",
]


@pytest.mark.parametrize(
    ("language", "marked"),
    [("en", t) for t in EN] + [("es", t) for t in ES] + [("de", OTHER[0])],
)
def test_a_sentence_ends_where_its_language_ends_it(language, marked):
    assert split(marked.replace("|", " "), language) == marked.split("|")


@pytest.mark.parametrize("marked", OTHER[1:])
def test_other_languages_have_a_fair_default(marked):
    joined = marked.replace("。|", "。").replace("|", " ")

    assert split(joined, "") == marked.split("|")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The nurse says that you can call if it is not better.", "en"),
        ("La enfermera dice que usted no puede comer por la noche.", "es"),
        ("Die Pflegerin sagt, dass Sie anrufen sollen, wenn es schlimmer wird.", ""),
        ("", ""),
        ("12 34", ""),
    ],
)
def test_the_language_is_told_by_its_common_words(text, language):
    assert language_of(text) == language


@given(st.text(alphabet="aB .?!()“”1¿é\u00a0", max_size=60), st.sampled_from(["en", "es", ""]))
def test_no_letter_is_lost_or_told_twice(text, language):
    assert "".join("".join(split(text, language)).split()) == "".join(text.split())
