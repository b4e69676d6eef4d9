"""Members who share by name: what each has understood, and before and after."""
