import { createHash, createHmac } from 'node:crypto';

export interface SignedBy {
  /** The host that the signature is for. */
  host: string;
  region: string;
  access: string;
  secret: string;
}

/** An address to read what is at `path`, signed as if it were `at`, for five minutes from then. */
export function presignedGet(origin: string, path: string, by: SignedBy, at: Date): string {
  const time = at.toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const scope = `${day}/${by.region}/s3/aws4_request`;
  const query = [
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${by.access}/${scope}`],
    ['X-Amz-Date', time],
    ['X-Amz-Expires', '300'],
    ['X-Amz-SignedHeaders', 'host'],
  ]
    .map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`)
    .join('&');
  const request = `GET\n${path}\n${query}\nhost:${by.host}\n\nhost\nUNSIGNED-PAYLOAD`;
  const digest = createHash('sha256').update(request).digest('hex');
  const keyed = (key: string | Buffer, text: string) =>
    createHmac('sha256', key).update(text).digest();
  const steps = [day, by.region, 's3', 'aws4_request'];
  const key = steps.reduce<string | Buffer>(keyed, `AWS4${by.secret}`);
  const signature = keyed(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${digest}`).toString('hex');
  return `${origin}${path}?${query}&X-Amz-Signature=${signature}`;
}
