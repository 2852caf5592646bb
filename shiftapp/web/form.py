"""A page that is being built."""

from flask import Blueprint

bp = Blueprint("form", __name__)
