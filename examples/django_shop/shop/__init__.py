"""A subscription shop on Django and Celery; docs/django.md walks through it."""

from shop.celery import app

__all__ = ["app"]
