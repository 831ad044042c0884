'use strict';

const crypto = require('crypto');
const express = require('express');
const axios = require('axios');
const jwt = require('jsonwebtoken');
const helmet = require('helmet');
const cors = require('cors');
const rateLimit = require('express-rate-limit');
const { pool } = require('./db');
const logger = require('./logger');
//@imports

const app = express();
app.use(express.json());
app.use(helmet());
app.use(cors({ origin: 'https://app.parcels.example' }));
app.use('/login', rateLimit({ windowMs: 60000, max: 10 }));
//@middleware

const JWT_KEY = process.env.JWT_KEY;
const CARRIER_URL = 'https://api.carrier.example/v2/labels';
//@constants

function requireUser(req, res, next) {
  const token = (req.headers.authorization || '').replace('Bearer ', '');
  //@require_user
  try {
    req.user = jwt.verify(token, JWT_KEY, { algorithms: ['HS256'] });
    next();
  } catch (error) {
    res.status(401).json({ error: 'unauthorized' });
  }
}

function requireAdmin(req, res, next) {
  if (!req.user || req.user.role !== 'admin') {
    return res.status(403).json({ error: 'forbidden' });
  }
  next();
}

function verifyWebhook(body, signature) {
  const expected = crypto.createHmac('sha256', process.env.WEBHOOK_KEY).update(body).digest('hex');
  const given = Buffer.from(signature || '', 'utf8');
  const wanted = Buffer.from(expected, 'utf8');
  return given.length === wanted.length && crypto.timingSafeEqual(given, wanted);
}

async function createLabel(parcel) {
  const headers = { 'X-Api-Key': process.env.CARRIER_KEY };
  //@before_label
  const { data } = await axios.post(CARRIER_URL, { to: parcel.address, weight: parcel.weight }, { headers, timeout: 8000 });
  //@after_label
  return data.tracking;
}

function escapeHtml(text) {
  return String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

app.post('/login', async (req, res) => {
  const { email, password } = req.body;
  const { rows } = await pool.query('SELECT * FROM users WHERE email = $1', [email]);
  const user = rows[0];
  //@login_start
  if (!user || !(await checkPassword(password, user.password_hash))) {
    logger.warn('failed login');
    return res.status(401).json({ error: 'unauthorized' });
  }
  //@login_done
  res.json({ token: jwt.sign({ sub: user.id, role: user.role }, JWT_KEY, { expiresIn: '1h' }) });
});

async function checkPassword(password, stored) {
  const [salt, digest] = stored.split('$');
  const candidate = crypto.scryptSync(password, salt, 64);
  return crypto.timingSafeEqual(candidate, Buffer.from(digest, 'hex'));
}

app.get('/parcels/:id', requireUser, async (req, res) => {
  const { rows } = await pool.query('SELECT * FROM parcels WHERE id = $1 AND owner = $2', [req.params.id, req.user.sub]);
  if (!rows[0]) return res.status(404).json({ error: 'not found' });
  //@show
  res.json(rows[0]);
});

app.delete('/parcels/:id', requireUser, requireAdmin, async (req, res) => {
  await pool.query('DELETE FROM parcels WHERE id = $1', [req.params.id]);
  logger.info('parcel deleted', { id: req.params.id, by: req.user.sub });
  res.status(204).end();
});

app.post('/hooks/carrier', express.raw({ type: '*/*' }), async (req, res) => {
  if (!verifyWebhook(req.body, req.headers['x-signature'])) {
    return res.status(403).end();
  }
  const event = JSON.parse(req.body);
  await pool.query('UPDATE parcels SET state = $1 WHERE tracking = $2', [event.state, event.tracking]);
  res.status(204).end();
});

//@routes
//@end
module.exports = { app, createLabel, escapeHtml };
