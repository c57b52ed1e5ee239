import { chromium } from '@playwright/test';
import { networkInterfaces } from 'node:os';
import { Server } from './server.ts';
import { Visitor } from './browser.ts';
const outer = Object.values(networkInterfaces()).flatMap((a) => a ?? []).find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
const base = ['--headless=new','--no-sandbox','--disable-gpu','--disable-quic','--no-first-run','--disable-background-networking','--disable-component-update','--disable-sync','--autoplay-policy=no-user-gesture-required','--mute-audio','--allow-loopback-in-peer-connection'];
const server = await Server.start({}, '0.0.0.0');
const { port } = new URL(server.url);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: base });
const fake = '--use-fake-device-for-media-stream=device-count=3';
const denying = await chromium.launch({ executablePath: '/usr/bin/chromium', args: [...base, fake, '--deny-permission-prompts'] });
const cases: [string, string, string[]][] = [
  ['absent', `http://localhost:${port}`, ['camera', 'microphone']],
  ['blocked', `http://localhost:${port}`, []],
  ['insecure', `http://${outer}:${port}`, []],
];
try {
  for (const [name, url, permissions] of cases) {
 if (name !== 'blocked') continue;
    for (const [w, h] of [[1440, 900], [390, 844]] as const) {
      const v = await Visitor.arrive(name === 'blocked' ? denying : browser, { url }, 'Ann');
      await v.context.clearPermissions();
      if (permissions.length) await v.context.grantPermissions(permissions);
      await v.page.setViewportSize({ width: w, height: h });
      const acc = await v.getAccount();
      const { code } = await acc.createRoom('Algebra');
      await v.page.goto(`${url}/r/${code}`);
      await v.button('Join room').waitFor();
      await v.page.waitForTimeout(1200);
      await v.page.screenshot({ path: `/tmp/h_shots/${name}-${w}-door.png` });
      await v.enter();
      await v.button('Turn camera on').click();
      await v.page.waitForTimeout(800);
      await v.page.screenshot({ path: `/tmp/h_shots/${name}-${w}-room.png` });
      await v.button('Choose devices').click();
      await v.page.waitForTimeout(500);
      await v.page.screenshot({ path: `/tmp/h_shots/${name}-${w}-devices.png` });
      await v.context.close();
    }
  }
} finally { await browser.close(); await denying.close(); await server.dispose(); }
