"""What is TRUE about a working life. Pure: no clock, no database, no network, no framework."""
