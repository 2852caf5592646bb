"""Station codes and everything printed. A leaf: no web framework, database, clock or chance."""
