"""Nightly sales reports: reads the warehouse, writes CSV, uploads it."""
import csv
import json
import logging
import os
from datetime import date, timedelta
from pathlib import Path

import httpx
import psycopg2
#@imports

log = logging.getLogger(__name__)

OUT = Path("out")
UPLOAD_URL = "https://files.acme.example/reports"
#@constants


class Settings:
    """Settings from the environment."""

    def __init__(self):
        self.dsn = os.environ["WAREHOUSE_DSN"]
        self.upload_token = os.environ["UPLOAD_TOKEN"]
        self.region = os.environ.get("REGION", "eu")
        #@settings


def rows(settings, day):
    with psycopg2.connect(settings.dsn) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT sku, email, amount FROM sales WHERE day = %s", (day,))
        return cursor.fetchall()


def write_csv(day, sales):
    OUT.mkdir(exist_ok=True)
    path = OUT / f"sales-{day.isoformat()}.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sku", "amount"])
        for sku, _email, amount in sales:
            writer.writerow([sku, amount])
    #@written
    return path


def upload(settings, path):
    headers = {"Authorization": f"Bearer {settings.upload_token}"}
    #@before_upload
    with path.open("rb") as file:
        response = httpx.put(f"{UPLOAD_URL}/{path.name}", content=file.read(), headers=headers, timeout=30)
    response.raise_for_status()
    #@after_upload


def summarise(sales):
    total = sum(amount for _sku, _email, amount in sales)
    return {"count": len(sales), "total": total}

#@functions

def main():
    settings = Settings()
    #@start
    day = date.today() - timedelta(days=1)
    sales = rows(settings, day)
    log.info("%d sales on %s", len(sales), day)
    path = write_csv(day, sales)
    upload(settings, path)
    #@done


if __name__ == "__main__":
    main()
