import type { MessagePage } from '../../../client/src/protocol/index.ts';
import { outcome } from './lane.ts';
import { found, type Race } from './race.ts';

export const chatRaces: Race[] = [
  {
    name: 'slow mode, and messages by every way at once',
    run: async (lane) => {
      const { owner, member } = lane;
      const roomId = await lane.room({ slowModeSec: 3600 }, { members: [member] });
      const path = `/api/rooms/${roomId}/messages`;
      const answers = await Promise.all(
        Array.from({ length: 6 }, async (_, n) => {
          await lane.moment();
          const text = `message ${n}`;
          if (n % 3 !== 2)
            return outcome(await member.ask('chat:message', { roomId, text }, n % 2));
          const { status } = await member.call('POST', path, { text }, n % 2);
          return status < 300 ? 'ok' : 'refused';
        }),
      );
      const posted = answers.filter((answer) => answer === 'ok').length;
      const { body } = await owner.call<MessagePage>('GET', path);
      const stored = body.messages.filter(({ senderId }) => senderId === member.userId).length;
      return found(`${posted} acknowledged, ${stored} stored`, [
        posted === 1 && stored === 1
          ? undefined
          : `${posted} acknowledged and ${stored} stored within an hour of slow mode`,
      ]);
    },
  },
];
