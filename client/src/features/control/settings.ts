import type { RoomSettings, RoomSettingsPatch } from '../../protocol';

/** Only what differs, so that two moderators at once do not undo each other. */
export function changedSettings(was: RoomSettings, wanted: RoomSettings): RoomSettingsPatch {
  return Object.fromEntries(
    Object.entries(wanted).filter(([key, value]) => was[key as keyof RoomSettings] !== value),
  );
}

export interface WrongSettings {
  title: string | undefined;
  capacity: string | undefined;
  slowModeSec: string | undefined;
}

/** What is wrong with what was typed. */
export function checkSettings(title: string, wanted: RoomSettings): WrongSettings {
  const length = [...title.trim()].length;
  const between = (value: number, from: number, to: number) =>
    Number.isInteger(value) && value >= from && value <= to
      ? undefined
      : `A whole number from ${from} to ${to}, please.`;
  return {
    title:
      length === 0
        ? 'Please give the room a name.'
        : length > 120
          ? 'At most 120 characters, please.'
          : undefined,
    capacity: between(wanted.capacity, 1, 1000),
    slowModeSec: between(wanted.slowModeSec, 0, 3600),
  };
}
