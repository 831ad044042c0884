"""The profile service."""

from flask import Flask, jsonify, request

from service import avatars, profiles

app = Flask(__name__)


@app.get("/profiles/<int:user_id>")
def show(user_id):
    return jsonify(profiles.load(user_id))


@app.post("/profiles/<int:user_id>")
def update(user_id):
    profiles.save(user_id, request.get_json())
    return "", 204


@app.post("/profiles/<int:user_id>/avatar")
def upload_avatar(user_id):
    picture = request.files["picture"]
    key = avatars.store(user_id, picture)
    avatars.warm_standby(key)
    return jsonify({"avatar": key}), 201
