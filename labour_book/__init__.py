"""The electronic labour book (sổ lao động điện tử): the subject itself. Knows no HTTP.

Who may know what (import-linter proves it):

* ``domain``     what is true; pure
* ``law``        what the law says; pure, every number with dates and article
* ``tables``     what is stored; ``queries`` what we ask the database
* ``registers``  what other registers answer; ``documents`` what is printed
* ``services``   what can be done: one function per deed, one transaction each
* ``cli``        the command line; opens the transactions and reads the clock
"""
