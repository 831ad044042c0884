"""Accounts: sign-up, tokens, password reset."""
import secrets
from datetime import datetime, timedelta, timezone

import jwt
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from .db import get_session
from .mail import send_mail
from .models import AuditEntry, User
from .passwords import hash_password, verify_password
from .settings import settings
#@imports

app = FastAPI()
#@setup


class Credentials(BaseModel):
    email: str
    password: str


def issue_token(user: User) -> str:
    claims = {"sub": str(user.id), "exp": datetime.now(timezone.utc) + timedelta(hours=1)}
    #@claims
    return jwt.encode(claims, settings.jwt_key, algorithm="HS256")


def read_token(token: str) -> dict:
    return jwt.decode(token, settings.jwt_key, algorithms=["HS256"])


def current_user(authorization: str = Header(), db: Session = Depends(get_session)) -> User:
    token = authorization.removeprefix("Bearer ")
    #@current_user
    try:
        claims = read_token(token)
    except jwt.InvalidTokenError:
        raise HTTPException(401)
    user = db.get(User, int(claims["sub"]))
    if user is None or not user.active:
        raise HTTPException(401)
    return user


def require_role(user: User, role: str) -> None:
    if role not in user.roles:
        raise HTTPException(403)


@app.post("/token")
def token(body: Credentials, db: Session = Depends(get_session)):
    user = db.scalar(select(User).where(User.email == body.email))
    #@token_start
    if user is None or not verify_password(body.password, user.password_hash):
        raise HTTPException(401)
    #@token_done
    return {"token": issue_token(user)}


@app.post("/reset")
def start_reset(email: str, db: Session = Depends(get_session)):
    user = db.scalar(select(User).where(User.email == email))
    if user is not None:
        user.reset_code = secrets.token_urlsafe(32)
        user.reset_expires = datetime.now(timezone.utc) + timedelta(minutes=30)
        db.commit()
        send_mail(user.email, "Reset your password", user.reset_code)
        #@reset_done
    return {"ok": True}


@app.delete("/users/{user_id}")
def delete_user(user_id: int, user: User = Depends(current_user), db: Session = Depends(get_session)):
    require_role(user, "admin")
    db.delete(db.get(User, user_id))
    db.add(AuditEntry(actor=user.id, action="delete", subject=user_id))
    db.commit()
    return {"deleted": user_id}

#@routes
