"""Knows what each register is asked and answers, one file for each, and nothing of who asks.

A ministry's own message format, once it is known, is mapped in its register's file and nowhere
else: ``Question`` and the answer there stay as the rest of the service knows them.
"""
