import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';
import { bridgeDriver, firefoxLaunch } from './firefox.ts';

bridgeDriver();

/** Without the background flags Chromium looks for hosts that a closed network refuses. */
const chromium = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream=device-count=3',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--mute-audio',
  '--allow-loopback-in-peer-connection',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

const use: NonNullable<PlaywrightTestConfig['use']> = {
  browserName: 'chromium',
  permissions: ['camera', 'microphone', 'clipboard-read', 'clipboard-write'],
  launchOptions: {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: chromium,
  },
  viewport: { width: 1440, height: 900 },
  // Without its film, which costs a software renderer much.
  trace: { mode: 'retain-on-failure', screenshots: false },
};

/** Permissions are settings there, and its driver keeps no trace. */
const firefox: NonNullable<PlaywrightTestConfig['use']> = {
  browserName: 'firefox',
  launchOptions: firefoxLaunch,
  viewport: { width: 1440, height: 900 },
  trace: 'off',
};

const calls = '**/call-*.spec.ts';
/** Tag of tests that need what only Chromium or its driver has; the others run in Firefox too. */
const needsChromium = /@chromium/;

export default defineConfig({
  outputDir: 'test-results',
  // Calls decode video in software: two at once would starve a small machine.
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: [['list']],
  projects: [
    { name: 'clients', testDir: 'specs/clients' },
    { name: 'browser', testDir: 'specs/browser', testIgnore: calls, use },
    {
      name: 'firefox',
      testDir: 'specs/browser',
      testIgnore: calls,
      grepInvert: needsChromium,
      use: firefox,
    },
    { name: 'calls', testDir: 'specs/browser', testMatch: calls, use },
    // What takes long, each by a script of its own.
    { name: 'bench', testDir: 'specs/bench', use },
    { name: 'networks', testDir: 'specs/networks', use },
  ],
});
