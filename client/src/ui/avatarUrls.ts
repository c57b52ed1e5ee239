import { createContext } from 'react';

/** The addresses of avatars, by user id. */
export type AvatarUrls = ReadonlyMap<string, string>;

/** The avatars of the people a page shows, so that `Avatar` finds them by user id. */
export const AvatarUrlsContext = createContext<AvatarUrls>(new Map());
