import { expect } from '@playwright/test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { binary } from './server.ts';

/** The program, with a certificate of its own. It must end well. */
export async function withHttps(
  environment: Record<string, string>,
  work: (url: string, certificate: string) => Promise<void>,
): Promise<void> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'studyrooms-e2e-'));
  const flags = ['--listen', '127.0.0.1:0', '--data-dir', dataDir, '--tls-self-signed'];
  const server = spawn(binary, flags, { env: environment, stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(server, 'exit');
  try {
    const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
    const url = line.replace('StudyRooms is at ', '');
    expect(url).toMatch(/^https:\/\/localhost:\d+$/);
    await work(url, await readFile(path.join(dataDir, 'tls/cert.pem'), 'utf8'));
  } finally {
    server.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    await rm(dataDir, { recursive: true, force: true });
  }
}
