"""Tables as learning platforms export them."""

from __future__ import annotations

FORM = """\
Timestamp,Username,Total score,Your name,Your name [Score],Your name [Feedback],What is ALL?,\
What is ALL? [Score],What is ALL? [Feedback],Where?,Where? [Score],Where? [Feedback]
2026/05/01,ana@example.org,2.00 / 2,Ana,-- / 0,,A blood cancer,1.00 / 1,,Bone marrow,1.00 / 1,
2026/05/01,ben@example.org,0.00 / 2,Ben,-- / 0,,A cold,0.00 / 1,,The blood,0.00 / 1,
2026/05/01,cy@example.org,1.00 / 2,Cy,-- / 0,,A blood cancer,1.00 / 1,,The blood,0.00 / 1,
"""


ANSWERS = "name,one,two,three\nKEY,A,C,B\nana,A,C,B\nben,B,C,A\ncy,a,D,B\n"
