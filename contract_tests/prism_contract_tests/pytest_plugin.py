"""`pytest --prism-connector NAME`: the contract's entries as pytest items."""
