"""A page that is being built."""

from flask import Blueprint

bp = Blueprint("worker", __name__)
