import type { ErrorCode } from '../../protocol';

export interface RefusalText {
  title: string;
  text: string;
  /** Whether asking again may help. */
  again: boolean;
}

/** The text for someone whom a room does not let in. */
export function refusalText(code: ErrorCode): RefusalText {
  switch (code) {
    case 'not_found':
      return {
        title: 'There is no such room',
        text: 'The link may be cut off, or the room was closed for good. Ask for the link once more.',
        again: false,
      };
    case 'forbidden':
      return {
        title: 'This room is for members only',
        text: 'Ask someone in the room to add you, or sign in with the account that is a member.',
        again: true,
      };
    case 'room_full':
      return {
        title: 'The room is full',
        text: 'Everyone who fits in is there already. Try again when someone has left.',
        again: true,
      };
    case 'room_locked':
      return {
        title: 'The room is locked',
        text: 'A moderator has closed the door for now. Try again in a while, or ask them to open it.',
        again: true,
      };
    case 'banned':
      return {
        title: 'You cannot come in',
        text: 'A moderator removed you from this room. Only a moderator can let you in again.',
        again: false,
      };
    default:
      return {
        title: 'That did not work',
        text: 'The server does not answer as it should. Please try again in a moment.',
        again: true,
      };
  }
}
