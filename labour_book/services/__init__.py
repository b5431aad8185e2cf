"""What can be DONE: one function per deed. May I? What is there? Does it fit? Write. Trace."""
