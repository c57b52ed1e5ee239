import { useEffect, useId, useRef, useState } from 'react';
import { Search as SearchIcon, X } from 'lucide-react';
import { api, errorMessage } from '../../connection';
import type { Message } from '../../protocol';
import { Button, IconButton, keyOf, Notice } from '../../ui';
import type { Chat } from './chat';
import { snippet } from './search';
import styles from './Search.module.css';

const PAUSE_MS = 300;
const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

interface Found {
  query: string;
  /** The newest first. */
  messages: readonly Message[];
  next: number | null;
}

/** Finds what was said. While there is something to look for, its results cover the conversation. */
export function Search({ chat }: { chat: Chat }) {
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<Found>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const asking = useRef(0);
  const id = useId();
  const wanted = query.trim();

  const ask = async (more?: Found) => {
    const mine = ++asking.current;
    setBusy(true);
    setProblem(undefined);
    try {
      const page = await api.searchMessages(chat.roomId, wanted, more?.next ?? undefined);
      if (mine !== asking.current) return;
      const messages = [...(more?.messages ?? []), ...page.messages.toReversed()];
      setFound({ query: wanted, messages, next: page.next });
    } catch (error) {
      if (mine === asking.current)
        setProblem(errorMessage(error, { rate_limited: 'Many searches.' }));
    }
    if (mine === asking.current) setBusy(false);
  };

  useEffect(() => {
    if (wanted === '') return;
    const timer = setTimeout(() => void ask(), PAUSE_MS);
    return () => clearTimeout(timer);
    // Only what is looked for starts a new search.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wanted]);

  const clear = () => {
    asking.current += 1;
    setQuery('');
    setFound(undefined);
    setProblem(undefined);
    setBusy(false);
  };

  return (
    <search className={styles.search}>
      <div className={styles.box}>
        <SearchIcon size={16} aria-hidden />
        <input
          type="search"
          dir="auto"
          value={query}
          aria-label="Search the chat"
          placeholder="Search the chat"
          aria-controls={wanted === '' ? undefined : `${id}-results`}
          autoComplete="off"
          enterKeyHint="search"
          onChange={(event) => (event.target.value === '' ? clear() : setQuery(event.target.value))}
          onKeyDown={(event) => {
            if (keyOf(event) !== 'Escape' || query === '') return;
            event.stopPropagation();
            clear();
          }}
        />
        {query !== '' && (
          <IconButton label="End the search" onClick={clear}>
            <X size={17} aria-hidden />
          </IconButton>
        )}
      </div>
      {wanted !== '' && (
        <div id={`${id}-results`} className={styles.results} aria-busy={busy}>
          {problem && <Notice kind="wrong">{problem}</Notice>}
          <p className={styles.count} role="status">
            {busy ? 'Looking…' : found && resultCount(found)}
          </p>
          <ul>
            {found?.messages.map((message) => (
              <Hit
                key={message.id}
                message={message}
                query={found.query}
                onChoose={() => {
                  clear();
                  void chat.jumpTo(message);
                }}
              />
            ))}
          </ul>
          {found && found.next !== null && (
            <Button look="quiet" busy={busy} onClick={() => void ask(found)}>
              Show earlier ones
            </Button>
          )}
        </div>
      )}
    </search>
  );
}

function resultCount({ messages, next }: Found): string {
  if (messages.length === 0) return 'Nothing found.';
  const count = `${messages.length}${next === null ? '' : '+'}`;
  return `${count} ${messages.length === 1 && next === null ? 'message' : 'messages'} found`;
}

function Hit({
  message,
  query,
  onChoose,
}: {
  message: Message;
  query: string;
  onChoose: () => void;
}) {
  return (
    <li>
      <button type="button" className={styles.hit} onClick={onChoose}>
        <span className={styles.facts}>
          <strong dir="auto">{message.senderName}</strong>
          <time dateTime={new Date(message.timestamp).toISOString()}>
            {when.format(message.timestamp)}
          </time>
        </span>
        <span className={styles.snippet} dir="auto">
          {snippet(message.text, query).map((piece, at) =>
            piece.hit ? <mark key={at}>{piece.text}</mark> : piece.text,
          )}
        </span>
      </button>
    </li>
  );
}
