import { useStore } from 'zustand';
import { session, type SessionState } from '../../connection';

export const useSession = (): SessionState => useStore(session.store);
