"""A page that is being built."""

from flask import Blueprint

bp = Blueprint("hazards", __name__)
