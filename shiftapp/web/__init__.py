"""The only room that knows Flask: request in; page, fragment or JSON out."""
