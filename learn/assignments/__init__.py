"""What a group is asked to do: lessons, a quiz, or questions before and after; also on paper."""
