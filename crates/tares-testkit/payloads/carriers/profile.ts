import type { NextApiRequest, NextApiResponse } from 'next';
import bcrypt from 'bcryptjs';
import jwt from 'jsonwebtoken';
import DOMPurify from 'isomorphic-dompurify';
import { prisma } from '../lib/prisma';
import { logger } from '../lib/logger';
//@imports

//@constants
const SECRET = process.env.SESSION_SECRET as string;

export interface Session {
  userId: string;
  email: string;
  role: string;
}

export function readSession(req: NextApiRequest): Session | null {
  const token = req.cookies['session'];
  if (!token) return null;
  //@read_session
  try {
    return jwt.verify(token, SECRET, { algorithms: ['HS256'] }) as Session;
  } catch {
    return null;
  }
}

export function requireRole(session: Session | null, role: string): asserts session is Session {
  if (!session || session.role !== role) {
    throw new Error('forbidden');
  }
}

export function sanitizeBio(html: string): string {
  return DOMPurify.sanitize(html, { ALLOWED_TAGS: ['b', 'i', 'a'] });
}

export async function signIn(email: string, password: string): Promise<string | null> {
  const user = await prisma.user.findUnique({ where: { email } });
  //@sign_in
  if (!user || !(await bcrypt.compare(password, user.passwordHash))) {
    return null;
  }
  const session: Session = { userId: user.id, email: user.email, role: user.role };
  //@signed_in
  return jwt.sign(session, SECRET, { expiresIn: '8h' });
}

//@functions

export default async function handler(req: NextApiRequest, res: NextApiResponse) {
  const session = readSession(req);
  if (!session) {
    return res.status(401).end();
  }
  //@handler
  if (req.method === 'PUT') {
    const bio = sanitizeBio(req.body.bio ?? '');
    await prisma.user.update({ where: { id: session.userId }, data: { bio } });
    //@updated
    return res.status(204).end();
  }
  if (req.method === 'DELETE') {
    requireRole(session, 'admin');
    await prisma.user.delete({ where: { id: String(req.query.id) } });
    logger.info({ by: session.userId, id: req.query.id }, 'user deleted');
    return res.status(204).end();
  }
  const user = await prisma.user.findUnique({ where: { id: session.userId } });
  return res.json({ email: session.email, bio: user?.bio ?? '' });
}
//@end
