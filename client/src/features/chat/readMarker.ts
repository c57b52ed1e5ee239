const EVERY_MS = 1_000;

/** Sends read receipts: forward only, at most once a second. */
export function createReadMarker(tell: (seq: number) => Promise<unknown>) {
  let told = 0;
  let wanted = 0;
  let rest: ReturnType<typeof setTimeout> | undefined;

  const send = () => {
    rest = undefined;
    if (wanted <= told) return;
    const [before, now] = [told, wanted];
    told = now;
    rest = setTimeout(send, EVERY_MS);
    tell(now).catch(() => {
      // Sent again with the next message or join.
      if (told === now) told = before;
    });
  };

  return {
    seen(seq: number) {
      wanted = Math.max(wanted, seq);
      if (rest === undefined) send();
    },
    /** Takes note of what the server knows already. */
    known(seq: number) {
      told = Math.max(told, seq);
    },
    dispose: () => clearTimeout(rest),
  };
}
