"""Other systems' ways to find a paragraph, on the same sets in the same run. Not installed with the house."""
