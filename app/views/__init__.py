"""The screens: for each a pure function that shows, and a component that asks and chooses."""
