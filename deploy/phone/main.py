"""Where the app of phones and desktops begins: `flet build` looks for this beside the packages."""

from app.phone import start

start()
