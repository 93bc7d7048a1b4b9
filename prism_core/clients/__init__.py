"""The clients: one thin file per service, and Prism over them."""
