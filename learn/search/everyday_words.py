"""Everyday phrases with the words of our texts that they stand for.

English. Each phrase for a sign stands for words that Get help has, in one of its lists of signs: a
phrase is never added before the list.
"""

from __future__ import annotations

EVERYDAY = (
    # Fever
    ("temp", "temperature"),
    ("temps", "temperature"),
    ("feverish", "fever temperature"),
    ("burning up", "fever temperature"),
    # Chills
    *((said, "chills shaking") for said in ("shiver", "shivers", "shivering", "shivery")),
    *((said, "chills shaking") for said in ("shake", "shakes", "shaky", "trembling", "rigors")),
    ("teeth chattering", "chills shaking"),
    # A central line
    *(
        (f"{sign} {line}", "redness swelling central line")
        for sign in ("red", "redness", "swollen", "swelling", "puffy", "pus", "infected")
        for line in ("port", "picc", "line", "hickman", "broviac", "catheter")
    ),
    ("pus", "infection"),
    # Bleeding
    *(
        (f"{sign} {where}", "bloody black poop")
        for sign in ("blood", "bloody", "black", "tarry")
        for where in ("stool", "stools", "poo", "feces")
    ),
    *(
        (f"{sign} {where}", "red pink pee")
        for sign in ("blood", "bloody", "red", "pink")
        for where in ("pee", "urine", "peeing")
    ),
    ("heavy period", "heavy period bleeding"),
    ("heavy periods", "heavy period bleeding"),
    *(
        (f"{look} {what}", "red dots skin")
        for look in ("red", "purple", "pinpoint", "tiny")
        for what in ("spots", "dots")
    ),
    # Other signs of infection
    *(
        (f"{how} {where}", "burning pee")
        for how in ("burning", "burns", "hurts", "stings", "painful")
        for where in ("pee", "peeing", "urine", "urinate")
    ),
    *((said, "vomiting") for said in ("puke", "puking", "throwing up", "threw up", "thrown up")),
    *((said, "diarrhea") for said in ("loose stool", "loose stools", "watery poop")),
    *((said, "mouth sores") for said in ("mouth hurts", "mouth ulcer", "mouth ulcers")),
    *((said, "feel very sick") for said in ("feel awful", "feel terrible", "feel sick")),
    *((said, "feel very sick") for said in ("really sick", "unwell")),
    *((f"hurt {how}", "fall hit head") for how in ("falling", "fall", "tripped", "slipped")),
    # Emergencies
    *((said, "breathe") for said in ("breathless", "gasping", "cant catch breath")),
    *(
        (f"chest {how}", "chest pain")
        for how in ("hurts", "hurt", "hurting", "tight", "tightness", "pressure")
    ),
    ("heart attack", "chest pain"),
    *(
        (f"throat {how}", "breathe")
        for how in ("closing", "closed", "tight", "tightening", "swelling", "swollen")
    ),
    *(
        (f"{where} {how}", sign)
        for where, sign in (
            *((said, "breathe") for said in ("tongue", "tounge", "tonge", "lips")),
            ("face", "swelling"),
        )
        for how in ("swelling", "swollen", "swells", "swelled", "puffy")
    ),
    *(
        (f"{how} blood", "throw up blood")
        for how in ("vomit", "vomits", "vomiting", "vomited", "throwing up", "threw up", "puke")
    ),
    *((f"{how} blood", "throw up blood") for how in ("puking", "puked", "thrown up")),
    *((f"{how} blood", "cough up blood") for how in ("spit", "spits", "spitting", "coughing")),
    *((said, "breathe rash swelling") for said in ("allergic reaction", "anaphylaxis")),
    *((said, "rash") for said in ("hives", "welts")),
    *((said, "chickenpox") for said in ("chicken pox", "chikenpox")),
    *((said, "faint") for said in ("passed out", "passing out", "blacked out", "collapsed")),
    *((said, "woken") for said in ("wont wake", "cant wake", "not waking", "unconscious")),
    *((said, "woken") for said in ("unresponsive",)),
    *(
        (said, "suddenly trouble speaking")
        for said in ("stroke", "slurred", "slurred speech", "slurring", "cant speak")
    ),
    *((said, "suddenly trouble seeing") for said in ("cant see", "blind", "trouble seeing")),
    *(
        (f"{how} {what}", "suddenly trouble seeing")
        for how in ("blurry", "blurred", "blurring", "double", "lost", "losing", "loss")
        for what in ("vision", "sight", "eyesight")
    ),
    *(
        (said, "suddenly trouble speaking")
        for said in ("trouble speaking", "trouble talking", "cant talk")
    ),
    *((said, "suddenly weak") for said in ("suddenly weak", "sudden weakness", "paralyzed")),
    *(
        (f"{where} {how}", "suddenly weak")
        for where in ("face", "mouth", "smile", "arm")
        for how in ("droop", "drooping", "droops", "droopy", "numb")
    ),
    *((f"one side {how}", "suddenly weak") for how in ("weak", "numb", "numbness", "weakness")),
    *((said, "sleepier") for said in ("drowsy", "very sleepy", "so sleepy")),
    *((said, "hit head") for said in ("bumped head", "concussion")),
)
ALONE = (
    ("dizzy", "feel very sick"),
    ("floppy", "sleepier"),
    ("limp", "sleepier"),
    ("hot", "fever temperature"),
    ("warm", "fever temperature"),
    ("swollen", "swelling"),
    ("sleepy", "sleepier"),
)
"""These mean a sign only if nothing but people and other signs is told: “hot,” not “hot food.”"""

RELATED = (
    *(
        (said, "emotional support")
        for said in ("scared", "afraid", "anxious", "anxiety", "sad", "depressed", "depression")
    ),
    *((said, "emotional support") for said in ("lonely", "crying", "overwhelmed", "worried")),
    *((said, "emotional support") for said in ("hopeless", "helpless", "worthless", "cope")),
    *((said, "emotional support") for said in ("coping", "panic", "panicking", "terrified")),
    *((said, "emotional support") for said in ("give up", "giving up", "therapist", "counselor")),
    *((said, "catch") for said in ("contagious", "infectious")),
    *((said, "fertility") for said in ("pregnant", "pregnancy", "sperm", "eggs")),
    *((said, "fertility") for said in ("have kids", "have children", "have baby")),
    *((said, "skip treatment") for said in ("stop treatment", "quit treatment")),
    *((said, "anemia") for said in ("pale", "paleness")),
    *((said, "brothers sisters") for said in ("sibling", "siblings")),
    *((said, "") for said in ("cant poop", "not poop", "constipation", "constipated")),
    *((said, "") for said in ("travel", "traveling", "vacation")),
    ("t 9 22", "philadelphia chromosome"),
    ("pre b", "b"),
)
"""In our texts, these words are missing or say something else, so others are looked for."""
