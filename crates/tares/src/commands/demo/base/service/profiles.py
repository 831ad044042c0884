"""Profiles in the database."""

import sqlite3

DATABASE = "profiles.db"


def load(user_id):
    with sqlite3.connect(DATABASE) as db:
        row = db.execute("SELECT name, about FROM profiles WHERE id = ?", (user_id,)).fetchone()
    return {"name": row[0], "about": row[1]}


def save(user_id, profile):
    with sqlite3.connect(DATABASE) as db:
        db.execute(
            "UPDATE profiles SET name = ?, about = ? WHERE id = ?",
            (profile["name"], profile["about"], user_id),
        )
