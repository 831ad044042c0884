"""The profile service."""

from flask import Flask, jsonify, request

from service import profiles

app = Flask(__name__)


@app.get("/profiles/<int:user_id>")
def show(user_id):
    return jsonify(profiles.load(user_id))


@app.post("/profiles/<int:user_id>")
def update(user_id):
    profiles.save(user_id, request.get_json())
    return "", 204
