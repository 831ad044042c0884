"""Orders of the shop: JSON over HTTP, one database."""
import hashlib
import hmac
import json
import logging
import os
import sqlite3

import requests
from flask import Flask, abort, g, jsonify, request, session
#@imports

app = Flask(__name__)
log = logging.getLogger("orders")

PAYMENTS_URL = "https://payments.shop.example/v1/charges"
API_KEY = os.environ["PAYMENTS_API_KEY"]
WEBHOOK_SECRET = os.environ["WEBHOOK_SECRET"]
#@constants


def database():
    if "db" not in g:
        g.db = sqlite3.connect("orders.db")
        g.db.row_factory = sqlite3.Row
    return g.db


def current_user():
    user_id = session.get("user_id")
    if user_id is None:
        abort(401)
    return database().execute("SELECT * FROM users WHERE id = ?", (user_id,)).fetchone()


def require_admin(user):
    if user["role"] != "admin":
        abort(403)


def verify_signature(body, signature):
    expected = hmac.new(WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, signature)


def charge(order, card_token):
    payload = {"amount": order["total"], "currency": order["currency"], "source": card_token}
    headers = {"Authorization": "Bearer " + API_KEY}
    #@before_charge
    response = requests.post(PAYMENTS_URL, json=payload, headers=headers, timeout=10)
    response.raise_for_status()
    #@after_charge
    return response.json()["id"]


@app.route("/orders/<int:order_id>")
def show_order(order_id):
    user = current_user()
    order = database().execute(
        "SELECT * FROM orders WHERE id = ? AND user_id = ?", (order_id, user["id"])
    ).fetchone()
    if order is None:
        abort(404)
    #@show
    return jsonify(dict(order))


@app.route("/login", methods=["POST"])
def login():
    data = request.get_json()
    row = database().execute(
        "SELECT * FROM users WHERE email = ?", (data["email"],)
    ).fetchone()
    #@login_start
    if row is None or not check_password(data["password"], row["password_hash"]):
        log.warning("failed login")
        abort(401)
    session["user_id"] = row["id"]
    #@login_done
    return jsonify({"id": row["id"]})


def check_password(password, stored):
    salt, digest = stored.split("$")
    candidate = hashlib.pbkdf2_hmac("sha256", password.encode(), bytes.fromhex(salt), 600000)
    return hmac.compare_digest(candidate.hex(), digest)


@app.route("/admin/orders/<int:order_id>/refund", methods=["POST"])
def refund(order_id):
    user = current_user()
    require_admin(user)
    database().execute("UPDATE orders SET refunded = 1 WHERE id = ?", (order_id,))
    database().commit()
    log.info("refund of %d by %s", order_id, user["id"])
    return jsonify({"refunded": order_id})


@app.route("/webhooks/payments", methods=["POST"])
def payment_event():
    if not verify_signature(request.get_data(), request.headers.get("X-Signature", "")):
        abort(403)
    event = request.get_json()
    database().execute("UPDATE orders SET state = ? WHERE id = ?", (event["state"], event["order"]))
    database().commit()
    return "", 204

#@routes
#@end
