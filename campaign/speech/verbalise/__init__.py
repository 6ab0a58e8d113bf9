"""How each type of value is read aloud in each language: num2words for the numbers, grammar by us."""
