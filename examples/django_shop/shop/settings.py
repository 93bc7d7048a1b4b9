"""The settings. The queue is a file of SQLite here: nothing else must run."""

import os
import tempfile
from pathlib import Path

from prism_core import Money

PRICE = Money(1290, "EUR")
RETRIES = int(os.environ.get("SHOP_RETRIES", "2"))
FOLDER = Path(os.environ.get("SHOP_FOLDER", tempfile.gettempdir()))

SECRET_KEY = os.environ["SHOP_SECRET_KEY"]
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["shop"]
MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware"]
ROOT_URLCONF = "shop.views"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
SQLITE = {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {"transaction_mode": "IMMEDIATE"}}
DATABASES = {"default": {**SQLITE, "NAME": FOLDER / "shop.db"}}
TIME_ZONE = "UTC"
CELERY_BROKER_URL = f"sqla+sqlite:///{FOLDER / 'queue.db'}"
EVERY = float(os.environ.get("SHOP_EVERY", "300"))
CELERY_BEAT_SCHEDULE = {"renew": {"task": "shop.tasks.renew", "schedule": EVERY}}
