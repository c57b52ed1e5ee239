import { type Browser, firefox } from '@playwright/test';
import { expect, test, Visitor } from '../../browser.ts';
import { firefoxLaunch, isFirefox } from '../../firefox.ts';

/** In Firefox a setting of the whole browser. */
async function withForcedColours(browser: Browser, work: (it: Browser) => Promise<void>) {
  if (!isFirefox(browser)) return work(browser);
  const own = await firefox.launch({
    ...firefoxLaunch,
    firefoxUserPrefs: {
      ...firefoxLaunch.firefoxUserPrefs,
      'browser.display.document_color_use': 2,
    },
  });
  try {
    await work(own);
  } finally {
    await own.close();
  }
}

test('with forced colours one sees the inks and the widths, and what is pressed', async ({
  browser,
  server,
}) => {
  await withForcedColours(browser, async (own) => {
    const ann = await Visitor.arrive(own, server, 'Ann');
    const { page } = ann;
    if (!isFirefox(own)) await page.emulateMedia({ forcedColors: 'active' });
    const account = await ann.getAccount();
    const { code } = await account.createRoom('Art');
    await ann.come(`${server.url}/r/${code}`);
    expect(await page.evaluate(() => matchMedia('(forced-colors: active)').matches)).toBe(true);
    await ann.openBoard();

    const inks = await page
      .getByRole('button', { name: /^Colour: / })
      .evaluateAll((all) =>
        all.map((one) => getComputedStyle(one.firstElementChild ?? one).backgroundColor),
      );
    expect(inks).toContain('rgb(207, 47, 42)');
    expect(new Set(inks).size).toBe(inks.length);

    const paper = await page
      .getByRole('toolbar')
      .evaluate((it) => getComputedStyle(it).backgroundColor);
    const widths = await page
      .getByRole('button', { name: /^(Thin|Medium|Thick)$/ })
      .evaluateAll((all) =>
        all.map((one) => {
          const mark = document.createElement('span');
          mark.style.color = 'ButtonText';
          one.append(mark);
          const due = getComputedStyle(mark).color;
          mark.remove();
          return getComputedStyle(one.firstElementChild ?? one).backgroundColor === due;
        }),
      );
    expect(widths, paper).toEqual([true, true, true]);

    const frames = () =>
      page
        .getByRole('toolbar')
        .evaluate((it) =>
          [...it.querySelectorAll('button')]
            .filter((one) => getComputedStyle(one).outlineStyle === 'solid')
            .map((one) => one.getAttribute('aria-label')),
        );
    await ann.button('Rectangle').click();
    await ann.button('Colour: red').click();
    await ann.page.getByRole('button', { name: 'Medium' }).click();
    expect(await frames()).toEqual(['Rectangle', 'Medium', 'Colour: red']);
    await ann.context.close();
  });
});
