import { createContext } from 'react';

/** Addresses of people's pictures, by who they are. */
export type Faces = ReadonlyMap<string, string>;

/** The pictures of those whom a page shows, so that whoever draws a person need not be handed one. */
export const FacesContext = createContext<Faces>(new Map());
