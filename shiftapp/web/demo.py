"""A page that is being built."""

from flask import Blueprint

bp = Blueprint("demo", __name__)
