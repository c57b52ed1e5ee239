import { createHash, createHmac } from 'node:crypto';

/** Of the server under attack, so that tokens can be made that have ended, and some that last. */
export const secret = 'a secret of the fuzz, of no use elsewhere';

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An access token that ends in `seconds`. */
export function token(userId: string, seconds: number, guest = false): string {
  const kid = createHash('sha256').update(secret).digest('hex').slice(0, 8);
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    iss: 'studyrooms',
    aud: 'studyrooms',
    sub: userId,
    iat,
    exp: iat + seconds,
    guest,
  };
  const signed = `${encoded({ typ: 'JWT', alg: 'HS256', kid })}.${encoded(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
