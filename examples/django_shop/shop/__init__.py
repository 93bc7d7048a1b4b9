"""A subscription shop on Django and Celery; docs/django.md walks through it. Its queue's messages
are JSON, and the worker runs `shop.tasks`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
