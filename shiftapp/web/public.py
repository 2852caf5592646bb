"""A page that is being built."""

from flask import Blueprint

bp = Blueprint("public", __name__)
