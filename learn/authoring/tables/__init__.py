"""Tables of learners and items, as spreadsheets and learning platforms write them."""
