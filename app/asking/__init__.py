"""What single screens ask the interface for, through ``Client.told`` and ``Client.sent``."""
