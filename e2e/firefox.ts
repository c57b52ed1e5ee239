import type { Browser, BrowserContext, LaunchOptions } from '@playwright/test';
import { createRequire } from 'node:module';

/** The installed Firefox, which Playwright drives by WebDriver BiDi. */
export const firefoxLaunch: LaunchOptions = {
  channel: 'moz-firefox',
  executablePath: process.env['FIREFOX'] ?? '/usr/bin/firefox-esr',
  firefoxUserPrefs: {
    'media.navigator.streams.fake': true,
    'media.navigator.permission.disabled': true,
    'media.peerconnection.ice.loopback': true,
    'media.autoplay.default': 0,
    // Of hosts that a closed network refuses.
    'app.update.enabled': false,
    'app.normandy.enabled': false,
    'datareporting.healthreport.uploadEnabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
  },
};

export const isFirefox = (browser: Browser | null): boolean =>
  browser?.browserType().name() === 'firefox';

interface Sender {
  send: (this: Sender, data: unknown, ...rest: unknown[]) => void;
  emit: (event: string, ...rest: unknown[]) => boolean;
}

/**
 * Playwright overrides the colour scheme of every context, which Firefox ESR does not know yet: answered
 * in its place, or no context would open. Once for each process that drives a Firefox.
 */
export function bridgeDriver(): void {
  const { ws } = createRequire(import.meta.url)('playwright-core/lib/utilsBundle') as {
    ws: { prototype: Sender };
  };
  const { send } = ws.prototype;
  ws.prototype.send = function (data, ...rest) {
    if (typeof data !== 'string' || !data.includes('"emulation.setMediaFeaturesOverride"')) {
      send.call(this, data, ...rest);
      return;
    }
    const { id } = JSON.parse(data) as { id: number };
    const answer = JSON.stringify({ type: 'success', id, result: {} });
    setImmediate(() => {
      this.emit('message', Buffer.from(answer), false);
    });
  };
}

/** Playwright sets the value of a field past React, which then does not notice: typed instead. */
export async function typeAsPeopleDo(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const insert = (text: string): Element | undefined => {
      let element = document.activeElement;
      while (element?.shadowRoot) element = element.shadowRoot.activeElement;
      if (element && /^i?frame$/i.test(element.nodeName)) return element;
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else types from within a page
      document.execCommand('insertText', false, text);
      return undefined;
    };
    Object.defineProperty(globalThis, '__pw_bidiInsertText', {
      get: () => insert,
      set: () => undefined,
    });
  });
}
